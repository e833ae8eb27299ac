// Programs that were bundled for Node: what cannot be found beside a bundle is named, with what to do.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

const runs = `
import { presets, runExperiment } from '${join(dist, 'runner.js')}';
const { moons } = presets;
runExperiment({ ...moons, training: { ...moons.training, epochs: 1 } }).then(() => console.log('works'), (error) => console.log(String(error)));
`;

const draws = `
import { renderPng } from '${join(dist, 'report-node.js')}';
try {
  renderPng('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
} catch (error) {
  console.log(String(error));
}
`;

const noThreads = /^EnvironmentError: A bundler has separated 'regulus' from the files beside it, .*--external:regulus/;
const noDrawing = /^EnvironmentError: PNG files are drawn with packages .*They cannot be in a bundle/;

// Vega cannot be in CommonJS: it awaits at the top level.
it.each([
  ['an experiment, ES modules', 'esm', 'mjs', runs, noThreads],
  ['an experiment, CommonJS', 'cjs', 'cjs', runs, noThreads],
  ['a drawing', 'esm', 'mjs', draws, noDrawing],
] as const)('a bundle says what to leave out of it: %s', async (_, format, extension, contents, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'regulus-bundled-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, `program.${extension}`);
  await build({
    stdin: { contents, resolveDir: dist },
    bundle: true,
    platform: 'node',
    format,
    outfile,
    logLevel: 'silent',
  });
  expect(execFileSync(process.execPath, [outfile], { encoding: 'utf8', cwd: folder }).trim()).toMatch(message);
});
