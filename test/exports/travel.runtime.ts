// What a run on a table leaves predicts the same everywhere: in another process, in Chromium, in onnxruntime, and as plain JavaScript.
// The new rows have a hole, and a category that no one has seen.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type AnyPredictor, loadModel } from '../../src/model/index.ts';
import { parseTable } from '../../src/tables/index.ts';
import { runOnnxOnTable } from './runtimes.ts';

const pages: string = '../packaging/page.mjs';
const { launch, outcomeAt, served } = await import(/* @vite-ignore */ pages);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'regulus-travel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const regulus = (...args: string[]) =>
  execFileSync(process.execPath, [join(repository, 'dist/cli.js'), ...args], { cwd: folder, encoding: 'utf8' });

/** The target, and how a text of the last row of the table becomes new. */
const tables = {
  penguins: { target: 'species', unseen: ['"Dream"', '"Atlantis"'] },
  credit: { target: 'Status', unseen: ['"rent"', '"castle"'] },
  concrete: { target: 'compressive_strength', unseen: undefined },
};

/** The header and some rows, the second with a hole in the column of numbers `hole`, the third with a category that is new. */
function newRows(csv: string, unseen: readonly string[] | undefined): string {
  const [header, ...lines] = csv.trim().split('\n');
  const picked = lines.filter((_, i) => i % Math.floor(lines.length / 12) === 0);
  const withHole = picked[1].replace(/(^|,)\d[\d.]*,/, '$1,');
  const chosen = unseen && (lines.find((line) => line.includes(unseen[0])) as string).replace(unseen[0], unseen[1]);
  expect(withHole).not.toBe(picked[1]);
  return [header, picked[0], withHole, ...picked.slice(2), ...(chosen ? [chosen] : [])].join('\n');
}

/** What a page predicts with the model file alone. */
const page = `<!doctype html><script type="module">
import { loadModel } from './dist/model.js';
const read = async (path) => (await fetch(path)).arrayBuffer();
globalThis.outcome = (async () => {
  const predictor = loadModel(new Uint8Array(await read('model.safetensors')));
  const csv = new TextDecoder().decode(await read('new.csv'));
  const probabilities = predictor.classNames ? predictor.predictProbabilities(csv) : [];
  return JSON.stringify([predictor.predict(csv), probabilities]);
})();
</script>`;

test.each(Object.entries(tables))('%s', async (name, { target, unseen }) => {
  const csv = readFileSync(join(repository, `test/tables/${name}.csv`), 'utf8');
  writeFileSync(join(folder, `${name}.csv`), csv);
  writeFileSync(join(folder, 'new.csv'), newRows(csv, unseen));
  regulus(
    'run',
    `${name}.csv`,
    '--target',
    target,
    '--out',
    'out',
    '--seeds',
    '2',
    '--epochs',
    '4',
    '--quiet',
    '--overwrite',
  );

  const lines = regulus('predict', 'out/model.safetensors', 'new.csv').trim().split('\n').slice(1);
  const cells = lines.map((line) => line.split(','));
  const model = readFileSync(join(folder, 'out/model.safetensors'));
  const { columns, classNames = [] } = loadModel<AnyPredictor>(model);
  const predicted = cells.map(([value]) => (classNames.length > 0 ? value : Number(value)));
  const probabilities = cells.flatMap(([, ...values]) => values.map(Number));
  expect(probabilities.length).toBe(predicted.length * classNames.length);
  const near = (actual: ArrayLike<unknown>, expected: readonly number[]) => {
    expect(actual.length).toBe(expected.length);
    for (const [i, value] of expected.entries()) {
      expect(Math.abs(Number(actual[i]) - value)).toBeLessThanOrEqual(1e-6 + 1e-6 * Math.abs(value));
    }
  };

  const site = join(folder, 'site');
  cpSync(join(repository, 'dist'), join(site, 'dist'), { recursive: true });
  for (const file of ['new.csv', 'out/model.safetensors'])
    cpSync(join(folder, file), join(site, file.replace('out/', '')));
  writeFileSync(join(site, 'index.html'), page);
  const browser = await launch();
  try {
    const [values, byName] = JSON.parse(await served(site, (url: string) => outcomeAt(browser, url)));
    expect(values).toEqual(predicted); // to the last bit
    expect(byName.flatMap((row: object) => Object.values(row))).toEqual(probabilities);
  } finally {
    await browser.close();
  }

  const types = new Map(columns.map((column) => [column.name, column.type]));
  const table = parseTable(readFileSync(join(folder, 'new.csv'), 'utf8'));
  const rows = Array.from({ length: predicted.length }, (_, i) =>
    Object.fromEntries(table.columns.map((column) => [column.name, column.values[i]])),
  );
  const inputs = parseTable(
    rows.map((row) => Object.fromEntries(columns.map((column) => [column.name, row[column.name]]))),
    { columns: types },
  );
  regulus('export', 'out/model.safetensors', '--to', 'onnx');
  for (const runtime of ['node', 'web'] as const) {
    const outputs = await runOnnxOnTable(runtime, readFileSync(join(folder, 'out/model.onnx')), inputs);
    if (classNames.length > 0) expect(Array.from(outputs.label)).toEqual(predicted);
    near(outputs.probabilities ?? outputs.predictions, classNames.length > 0 ? probabilities : (predicted as number[]));
  }

  regulus('export', 'out/model.safetensors', '--to', 'js', '--out', `out/${name}.mjs`);
  const code = await import(/* @vite-ignore */ pathToFileURL(join(folder, `out/${name}.mjs`)).href);
  if (classNames.length > 0) {
    expect(code.predict(rows)).toEqual(predicted);
    near(
      code.predictProbabilities(rows).flatMap((row: object) => Object.values(row)),
      probabilities,
    );
  } else near(code.predict(rows), predicted as number[]);

  expect(() => regulus('export', 'out/model.safetensors', '--to', 'tfjs')).toThrow(/cannot express the preprocessing/);
});
