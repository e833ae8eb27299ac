// `npm run test:packaging [-- tool …]`: packs the package, installs the tarball into a fresh project for each tool, trains
// one epoch in each, and compares the bits. Then publint, attw, and the sizes of the core entry
// and of what is installed. Prints a table.
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { launch } from './page.mjs';
import { makeProject, run } from './project.mjs';
import { projects } from './projects.mjs';

const budget = 67_800; // bytes of the core entry, minified and gzipped, with both binaries
const mostPackages = 3;
const mostInstalled = 3_000_000; // bytes of `npm install regulus`
const repository = fileURLToPath(new URL('../..', import.meta.url));
const asked = process.argv.slice(2).map((name) => name.toLowerCase());
const wanted = (tool) => asked.length === 0 || asked.some((name) => tool.toLowerCase().includes(name));
const chosen = projects.filter(({ tool }) => wanted(tool));

const root = mkdtempSync(join(tmpdir(), 'regulus-packaging-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
const [{ filename }] = JSON.parse(
  run(repository, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', root),
);
const tarball = join(root, filename);
const browser = await launch();
const project = (name, options) => makeProject(root, name, tarball, options);
let failures = 0;
const expected = {};

/** Fails where an outcome is not what its kind says, or differs by a bit from the first project that reports it. */
function check(kind, outcome) {
  if (kind === 'types') return outcome;
  const got = String(outcome).split(' | ');
  expected.loss ??= got[0];
  if (got.length > 2) expected.figures ??= got[2];
  const { loss, figures } = expected;
  const right = {
    node: [loss, 'EnvironmentError', figures, 'png'],
    browser: [loss, loss, figures, 'EnvironmentError'],
    train: [loss],
    slim: [loss, 'relaxed'],
  }[kind];
  if (!(Number(loss) > 0) || String(got) !== String(right)) throw new Error(`reported ${got} instead of ${right}`);
  return `loss ${loss}${{ node: ', figures', browser: ', same in worker, figures' }[kind] ?? ''}`;
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
      './core-wide.wasm',
      './core-wide-relaxed.wasm',
    );
    return ['', 'clean (profile esm-only)'];
  });
  await line('size of the core entry', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from 'regulus';", resolveDir: checks },
      bundle: true,
      external: ['./extension-*'], // What only engines with several threads load.
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
if (wanted('install, npx')) {
  const alone = project('alone', {});
  await line('npm install regulus', async () => {
    const installed = join(alone, 'node_modules');
    const files = readdirSync(installed, { recursive: true }).map((name) => join(installed, name));
    const packages = files.filter((name) => /node_modules\/(@[^/]+\/)?[^/@.]+\/package\.json$/.test(name)).length;
    // Links to executables take no room.
    const size = files.reduce((sum, name) => sum + (lstatSync(name).isFile() ? lstatSync(name).size : 0), 0);
    const maps = files.filter((name) => name.endsWith('.map')).length;
    if (packages > mostPackages || size > mostInstalled || maps > 0)
      throw new Error(`${packages} packages, ${size} bytes, ${maps} source maps`);
    return ['', `${packages} package, ${size} bytes, budget ${mostPackages} and ${mostInstalled}`];
  });
  await line('npx regulus run moons', async () => {
    const printed = run(alone, 'npx', 'regulus', 'run', 'moons', '--seeds', '1', '--epochs', '2');
    const figures = readdirSync(join(alone, 'out/moons/figures'));
    const notes = printed.match(/npm install @resvg\/resvg-js/g);
    if (
      notes?.length !== 1 ||
      !figures.length ||
      figures.some((name) => !name.endsWith('.svg')) ||
      !statSync(join(alone, 'out/moons/report.html')).size
    )
      throw new Error(`${figures} and ${notes}: ${printed}`);
    return ['', 'report and SVG; says once what PNG needs'];
  });
}
console.log(failures === 0 ? '\nAll work.' : `\n${failures} failed.`);
process.exit(failures === 0 ? 0 : 1);
