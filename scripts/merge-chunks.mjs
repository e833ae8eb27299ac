// Merges chunks of the package: Node needs half a millisecond for each file, however small, and esbuild makes one for every set of
// entries that share code.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';

/**
 * Merges what `layers` are made of, each by the names of its entries: the chunks that the entries of a layer reach, of those that
 * `whole` reaches, become one file, without those of the layers before it. `outputs` are those of esbuild, not yet minified; they
 * are returned as they are then.
 */
export async function mergeChunks(outputs, whole, layers) {
  const byFile = new Map(outputs.map((output) => [output.file, output]));
  const reach = (file, found = new Set()) => {
    for (const { path, kind } of byFile.get(file)?.imports ?? []) {
      if (kind !== 'import-statement' || found.has(path) || !byFile.has(path)) continue;
      found.add(path);
      reach(path, found);
    }
    return found;
  };
  const core = reach(`dist/${whole}.js`);
  const merged = new Map();
  for (const [name, entries] of Object.entries(layers)) {
    const reached = new Set(entries.flatMap((entry) => [...reach(`dist/${entry}.js`)]));
    const chunks = [...core].filter((file) => reached.has(file) && !merged.has(file));
    const file = `dist/chunks/${name}.js`;
    const all = chunks.flatMap((chunk) => byFile.get(chunk).exports);
    const isUnique = (exported) => all.indexOf(exported) === all.lastIndexOf(exported);
    const renamed = (chunk, exported) => (isUnique(exported) ? exported : `${exported}$${chunks.indexOf(chunk)}`);
    const lines = chunks.map((chunk) => {
      const names = byFile.get(chunk).exports.map((exported) => `${exported} as ${renamed(chunk, exported)}`);
      return `export { ${names.join(', ')} } from './${basename(chunk)}';`;
    });
    await esbuild.build({
      stdin: { contents: lines.join('\n'), resolveDir: 'dist/chunks' },
      outfile: file,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      plugins: [onlyChunks(chunks)],
      logLevel: 'warning',
    });
    for (const chunk of chunks) {
      merged.set(chunk, { file, rename: (exported) => renamed(chunk, exported) });
      rmSync(chunk);
    }
    for (const other of [...outputs.map((output) => output.file), file].filter((each) => !merged.has(each))) {
      writeFileSync(other, redirected(readFileSync(other, 'utf8'), merged));
    }
  }
  const made = [...new Set([...merged.values()].map(({ file }) => file))];
  return [
    ...outputs.filter(({ file }) => !merged.has(file)),
    ...made.map((file) => ({ file, packages: [], inputs: {} })),
  ];
}

/** Leaves all else outside, also what is imported late. */
const onlyChunks = (chunks) => ({
  name: 'only-chunks',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'import-statement' && chunks.includes(join('dist/chunks', path)) ? undefined : { path, external: true },
    );
  },
});

/** The text of a file with its imports of chunks that have been merged. */
const redirected = (text, merged) =>
  text.replace(/import (?:\{([^}]*)\} from )?"(\.[^"]*\/)(chunk-\w+\.js)";/g, (statement, names, folder, chunk) => {
    const { file, rename } = merged.get(join('dist/chunks', chunk)) ?? {};
    if (!file) return statement;
    const target = `"${folder}${basename(file)}";`;
    if (names === undefined) return `import ${target}`;
    const list = names.split(',').map((each) => {
      const [exported, local = exported] = each.trim().split(' as ');
      return `${rename(exported)} as ${local}`;
    });
    return `import { ${list.join(', ')} } from ${target}`;
  });
