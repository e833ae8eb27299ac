// `npm run test:packaging [-- tool …]`: packs the package, installs the tarball into a fresh project for each tool, trains
// one epoch in each, and compares the bits. Then publint, attw and the size of the core entry. Prints a table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { launch } from './page.mjs';
import { makeProject, run } from './project.mjs';
import { projects } from './projects.mjs';

const budget = 40_000; // bytes of the core entry, minified and gzipped, with both binaries
const repository = fileURLToPath(new URL('../..', import.meta.url));
const asked = process.argv.slice(2).map((name) => name.toLowerCase());
const wanted = (tool) => asked.length === 0 || asked.some((name) => tool.toLowerCase().includes(name));
const chosen = projects.filter(({ tool }) => wanted(tool));

const root = mkdtempSync(join(tmpdir(), 'regulus-packaging-'));
const [{ filename }] = JSON.parse(
  run(repository, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', root),
);
const tarball = join(root, filename);
const browser = await launch();
const project = (name, options) => makeProject(root, name, tarball, options);
let failures = 0;
let loss;

/** What an outcome must be: the loss of the first project that reports one, bit for bit, and what else its kind says. */
function check(kind, outcome) {
  if (kind === 'types') return outcome;
  const text = String(outcome);
  loss ??= text.split(' ')[0];
  const rest = { node: ' 178 1 png', browser: ' 178 1 EnvironmentError', train: '', slim: ' relaxed' }[kind];
  if (!(Number(loss) > 0) || text !== loss + rest) throw new Error(`reported ${text} instead of ${loss}${rest}`);
  return kind === 'train' || kind === 'slim' ? `loss ${loss}` : `loss ${loss}, report`;
}

const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
row('tool', 'version', 'result', 'seconds');
row('---', '---', '---', '--:');
async function line(tool, work) {
  const start = performance.now();
  let cells;
  try {
    cells = await work();
  } catch (error) {
    failures++;
    cells = ['-', `FAILED: ${error.message.replace(/\s+/g, ' ').slice(0, 1500)}`];
  }
  row(tool, ...cells, ((performance.now() - start) / 1000).toFixed(1));
}

for (const { tool, kind, run: work } of chosen) {
  await line(tool, async () => {
    const { version, outcome } = await work({ project, browser });
    return [version, check(kind, outcome)];
  });
}
await browser.close();

if (wanted('publint, attw, size')) {
  const checks = project('checks', { packages: ['publint', '@arethetypeswrong/cli'] });
  await line('publint', async () => {
    run(checks, 'npx', 'publint', tarball, '--strict');
    return ['', 'clean'];
  });
  await line('attw', async () => {
    run(
      checks,
      'npx',
      'attw',
      tarball,
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      './core-simd.wasm',
      './core-relaxed.wasm',
    );
    return ['', 'clean (profile esm-only)'];
  });
  await line('size of the core entry', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from 'regulus';", resolveDir: checks },
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    });
    const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
    if (size > budget) throw new Error(`${size} bytes gzipped, more than ${budget}`);
    return ['', `${size} bytes gzipped, budget ${budget}`];
  });
}
rmSync(root, { recursive: true, force: true });
console.log(failures === 0 ? '\nAll work.' : `\n${failures} failed.`);
process.exit(failures === 0 ? 0 : 1);
