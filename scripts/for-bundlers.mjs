// A plugin of esbuild, for the build and for the test of the core's size: what it takes that a bundle has no more than it uses.
import { readdirSync, readFileSync } from 'node:fs';

const files = readdirSync('src', { recursive: true }).filter((name) => name.endsWith('.ts'));
const text = files.map((name) => readFileSync(`src/${name}`, 'utf8')).join('\n');
const pure = Array.from(text.matchAll(/@__NO_SIDE_EFFECTS__ \*\/\n(?:export )?function (\w+)/g), ([, name]) => name);
const call = new RegExp(
  String.raw`(?<=[\s([])(?<!function )(?=(?:${pure.join('|')})\()|(?<=\bdefault: )(?=\w+\()`,
  'g',
);

/**
 * - Marks the calls of functions that are free of side effects, and those that make the default of an option. Bundlers leave out
 *   kinds that are not used by these marks, and not all of them see the mark of a function that is declared in another file.
 * - Leaves out what `describe` says of kinds and options: the JSON Schema and the docs are made of it, and no program reads it,
 *   which would be 1.8 kB of the core.
 */
export const forBundlers = {
  name: 'for-bundlers',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({ loader: 'ts', contents: textForBundlers(path) }));
  },
};

/** The text of a file, changed so. */
export function textForBundlers(path) {
  return readFileSync(path, 'utf8')
    .replace(/\bdescribe:\s*(?:'[^'\n]*'|"[^"\n]*"),?/g, '')
    .replace(/^(?!\s*(?:\/?\*|\/\/)).+$/gm, (line) => line.replace(call, '/* @__PURE__ */ ')); // not in comments
}
