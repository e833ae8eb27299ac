// Draws SVG text as PNG; the only file of this module that needs Node.
import { createRequire } from 'node:module';
import type { Resvg } from '@resvg/resvg-js';
import { checkOptions, EnvironmentError, fail, integer, optional } from '../errors/index.ts';

const WHERE = 'renderPng';
const rules = { width: optional(integer(1, { max: 16384 })) };
const FONT_FILES = ['400Regular/Arimo_400Regular.ttf', '700Bold/Arimo_700Bold.ttf'];

/**
 * Draws an SVG document as PNG, with the font Arimo and no other, so that the picture is the
 * same on every machine. Needs Node and two packages that are installed apart from this one, because resvg is a
 * native module: `npm install @resvg/resvg-js @expo-google-fonts/arimo`.
 *
 * @param svg - An SVG document, as from `renderSvg`.
 * @param options - `width` in pixels; by default twice the document's own, for sharp text.
 * @returns The bytes of a PNG file.
 * @throws ParameterError when `svg` is not an SVG document; EnvironmentError outside Node, and without these
 * packages (`code` is `'ERR_PACKAGE_MISSING'`).
 * @example
 * ```js
 * import { writeFileSync } from 'node:fs';
 * import { renderPng } from 'regulus/report';
 *
 * const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="30"><text y="20">Regulus</text></svg>';
 * writeFileSync('name.png', renderPng(svg, { width: 320 }));
 * ```
 */
export function renderPng(svg: string, options: { width?: number } = {}): Uint8Array {
  checkOptions(WHERE, options, rules);
  if (typeof svg !== 'string') fail(WHERE, 'svg', 'an SVG document', svg);
  const { width } = options;
  const { resvg, fontFiles } = drawingPackages();
  try {
    const image = new resvg.Resvg(svg, {
      fitTo: width === undefined ? { mode: 'zoom', value: 2 } : { mode: 'width', value: width },
      font: {
        loadSystemFonts: false,
        fontFiles,
        defaultFontFamily: 'Arimo',
        sansSerifFamily: 'Arimo',
      },
    });
    return image.render().asPng();
  } catch (error) {
    return fail(WHERE, 'svg', 'an SVG document', svg, `${error instanceof Error ? error.message : error}`);
  }
}

/** What is found by name: a native module and fonts cannot be bundled. */
function drawingPackages(): { resvg: { Resvg: typeof Resvg }; fontFiles: string[] } {
  try {
    const require = createRequire(import.meta.url);
    return {
      resvg: require('@resvg/resvg-js'),
      fontFiles: FONT_FILES.map((file) => require.resolve(`@expo-google-fonts/arimo/${file}`)),
    };
  } catch (cause) {
    throw new EnvironmentError(
      'PNG files are drawn with packages that are not installed. Run: npm install @resvg/resvg-js @expo-google-fonts/arimo. ' +
        "They cannot be in a bundle, nor can 'regulus', which looks for them.",
      { code: 'ERR_PACKAGE_MISSING', cause },
    );
  }
}
