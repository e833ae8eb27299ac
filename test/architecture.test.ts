// The rules that hold the rooms apart: import directions, indexes as doors, no cycles, no host mathematics, no stray
// dependencies in the core entry.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import simd from '../src/backend/wasm/generated/core-simd.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

/** What each room may import, beside itself. */
const rooms: Record<string, string[]> = {
  errors: [],
  random: ['errors'],
  backend: ['errors', 'random'],
  data: ['errors', 'random'],
  datasets: ['errors', 'data'],
  nn: ['errors', 'random', 'backend'],
  optim: ['errors', 'random', 'backend'],
  train: ['errors', 'random', 'backend', 'data', 'nn', 'optim'],
  worker: ['errors', 'backend', 'data', 'nn', 'optim', 'train'],
  experiment: ['errors', 'random', 'backend', 'data', 'datasets', 'nn', 'optim', 'train'],
  runner: ['errors', 'backend', 'train', 'experiment'],
  report: ['errors', 'experiment'],
  tracking: ['experiment'],
  cli: ['errors', 'experiment', 'runner', 'report', 'tracking'],
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('generated'))
  .sort();
const text = new Map(files.map((name) => [name, readFileSync(join(src, name), 'utf8')]));
const roomOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');

const imports: Import[] = files.flatMap((from) => {
  const pattern = /^(?:import|export)\s+(type\s)?[^;]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm;
  return [...(text.get(from) as string).matchAll(pattern)].map((match) => ({
    from,
    to: relative(src, resolve(src, dirname(from), match[2] ?? match[3])),
    typeOnly: match[1] !== undefined,
  }));
});

test('the scan sees the code', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(imports.length).toBeGreaterThan(100);
  expect([...new Set(files.map(roomOf))].filter(Boolean).sort()).toEqual(Object.keys(rooms).sort());
});

describe('imports', () => {
  test('point one way', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [a, b] = [roomOf(from), roomOf(to)];
      return a !== '' && a !== b && !rooms[a].includes(b);
    });
    expect(wrong).toEqual([]);
  });

  test('enter another room through its index, or its index for Node', () => {
    const wrong = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to) && !/^\w+\/(index|node)\.ts$/.test(to));
    expect(wrong).toEqual([]);
  });

  test('form no cycles', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      if (!typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
    }
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) expect.fail(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});

test('each package is imported by one room, and all of them are dependencies', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const users = new Map(Object.keys(dependencies).map((name): [string, Set<string>] => [name, new Set()]));
  const unknown: string[] = [];
  for (const file of files) {
    const code = (text.get(file) as string).replace(/^ *(\/\/|\*|\/\*).*/gm, '');
    for (const [, a, b] of code.matchAll(
      /^(?:import|export)\s[^;]*?from\s+'([^.'][^']*)'|import\('([^.'][^']*)'\)/gm,
    )) {
      const [name] = /^(@[^/]+\/)?[^/]+/.exec(a ?? b)!;
      if (users.has(name)) users.get(name)!.add(roomOf(file));
      else if (!name.startsWith('node:')) unknown.push(`${file}: ${name}`);
    }
  }
  expect(unknown).toEqual([]);
  expect([...users].filter(([, by]) => by.size > 1)).toEqual([]);
  expect([users.get('zod'), users.get('jiti')]).toEqual([new Set(['experiment']), new Set(['cli'])]);
});

test('the thread of a trial loads no schemas, so that it starts soon', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(src, 'runner/trial-worker.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    write: false,
  });
  const loaded = [...outputFiles[0].text.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
  expect(loaded).toContain('@assemblyscript/loader');
  expect(loaded.filter((name) => /zod|vega|commander|jiti/.test(name))).toEqual([]);
});

test('every file says first what it is for', () => {
  const silent = files.filter((name) => !/^(#!.*\n)?\/\/ \S/.test(text.get(name) as string));
  expect(silent).toEqual([]);
});

test('no result depends on the mathematics of the host, which differs between engines', () => {
  const banned =
    /Math\.(exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|random)\b|(?<!\b2 )\*\*/;
  const code = (name: string) => (text.get(name) as string).replace(/\/\/.*|^\s*\/?\*.*/gm, '');
  const wrong = files.filter((name) => roomOf(name) !== 'report' && banned.test(code(name)));
  expect(wrong).toEqual([]);
});

test('the compute core calls nothing of the host: its mathematics is compiled in', () => {
  const core = new WebAssembly.Module(Buffer.from(simd, 'base64'));
  expect(WebAssembly.Module.imports(core).map(({ name }) => name)).toEqual(['abort']);
});

test('experiments need nothing of Node, so that they run in browsers', async () => {
  const entry = {
    entryPoints: [join(src, 'experiment/index.ts')],
    absWorkingDir: root,
    define: { __VERSION__: '"test"' },
  };
  const bundling = build({
    ...entry,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  await expect(bundling).resolves.toMatchObject({ errors: [] });
});

test('the core entry is small and pulls in nothing but the loader', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(src, 'index.ts')],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    define: { __VERSION__: '"test"' },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const packages = Object.keys(metafile.inputs)
    .filter((name) => name.includes('node_modules/'))
    .map((name) => name.replace(/.*node_modules\/((?:@[^/]+\/)?[^/]+).*/, '$1'));
  expect([...new Set(packages)]).toEqual(['@assemblyscript/loader']);
  const entered = new Set(Object.keys(metafile.inputs).map((name) => roomOf(relative('src', name))));
  for (const room of ['datasets', 'worker', 'experiment', 'runner', 'report', 'tracking', 'cli'])
    expect(entered).not.toContain(room);
  expect(gzipSync(outputFiles[0].contents).length).toBeLessThanOrEqual(40_000);
});
