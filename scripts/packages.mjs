// The npm packages that the build puts into `dist`: how they are found there, made to fit, and named with their licences.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of the packages among the inputs of a bundle. */
export function packagesOf(inputs) {
  const folders = Object.keys(inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders)].filter(Boolean);
}

/** Turns `require('node:…')` of commander, which is CommonJS, into imports: ES modules have no `require`. */
export const nodeRequires = {
  name: 'node-requires',
  setup(build) {
    build.onLoad({ filter: /node_modules\/commander\/lib\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/require\('node:\w+'\)/g, '$&.default'),
    }));
    build.onResolve({ filter: /^node:/ }, ({ kind, path }) =>
      kind === 'require-call' ? { path, namespace: 'node-requires' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'node-requires' }, ({ path }) => ({
      contents: `export { default } from '${path}';`,
    }));
  },
};

/** Licences that ask for nothing but that their text is kept with the copy. */
const allowed = ['Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Unlicense'];

/**
 * The notices of the packages in `folders`, each with the text of its licence.
 *
 * @throws Error for a package without such a text, or with a licence that nobody has looked at.
 */
export function thirdPartyNotices(folders) {
  const byText = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (!allowed.includes(license)) throw new Error(`${name} has the licence ${license}: may it be shipped?`);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const by = author?.name ?? author;
    if (!file && !by) throw new Error(`${name} has neither the text of its licence nor an author.`);
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `${license}, by ${by}`;
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = Array.from(byText, ([text, names]) => `## ${names.join(', ')}\n\n${text.replace(/^/gm, '    ')}\n`);
  return `# Third-party notices\n\n${introduction}\n\n${sections.join('\n')}`;
}

const introduction = `The files of this package hold code of the packages below, each under its own licence. The built-in data sets are from
the UCI Machine Learning Repository, under CC BY 4.0; their descriptions name the authors. Nothing else is shipped: resvg
(MPL-2.0) and the font Arimo, with which PNG files are drawn, are installed by those who want them.`;
