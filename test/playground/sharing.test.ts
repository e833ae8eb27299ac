// What goes out of the playground and comes back in: links, specs, results, reports, CSV files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { card, close, openPlayground, train, useBrowser } from './browser.ts';

useBrowser();

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulus-playground-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function download(page: Page, button: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  return readFileSync(await (await waiting).path(), 'utf8');
}

/** Runs a spec with the command line and returns its results.json. */
function run(spec: string): string {
  writeFileSync(join(folder, 'spec.json'), spec);
  const out = join(folder, 'out');
  execFileSync(process.execPath, [cli, 'run', 'spec.json', '--out', out, '--quiet', '--overwrite'], { cwd: folder });
  return readFileSync(join(out, 'results.json'), 'utf8');
}

/** Results without what the command line adds: simple models on the same data, and the names of classes. */
function comparable(results: string): string {
  const { references: _, classNames: __, ...own } = JSON.parse(results);
  return JSON.stringify(own);
}

/** Two overlapping classes with names. */
function csvText(rows = 120): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const late = i % 2;
    return `${(Math.sin(i * 12.9898) * 2 + late).toFixed(3)},${late ? 'late' : 'early'},${(Math.cos(i * 78.233) * 3).toFixed(3)}`;
  });
  return `size,kind,weight\n${lines.join('\n')}\n`;
}

const chooseFile = (page: Page, name: string, text: string | Buffer) =>
  page.getByLabel(/\.csv$|Drop a CSV file/).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test.each([
  ['circles', 'epochs=50&hidden=24-16&extra=3'],
  ['blobs', 'data=blobs&epochs=20&hidden=16&seed=7&optimizer=sgd'],
  ['digits', 'data=digits&epochs=20&hidden=32&v=none&v=l1:0.0001,dropout:0.2&v=patience:2'],
])('the page gives the results of the command line, on %s', async (_, hash) => {
  const page = await openPlayground(`${hash}&speed=0`);
  await train(page);
  const [spec, results] = [await download(page, 'Spec for the CLI'), await download(page, 'Results')];
  expect(JSON.parse(results).trials.length).toBeGreaterThan(2);
  expect(comparable(results)).toBe(comparable(run(spec)));
  await close(page);
});

test('a way of training does not change results: paused, stepped, slow and fast', async () => {
  const page = await openPlayground('epochs=20&hidden=16&speed=60&v=none&v=patience:3');
  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Step' }).click();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await train(page);
  const [spec, results] = [await download(page, 'Spec for the CLI'), await download(page, 'Results')];
  expect(comparable(results)).toBe(comparable(run(spec)));
  await close(page);
});

test('the URL holds the whole state', async () => {
  const page = await openPlayground();
  expect(new URL(page.url()).hash).toBe('');
  await page.getByRole('radio', { name: 'Blobs' }).check({ force: true });
  await page.getByRole('slider', { name: 'Samples' }).press('End');
  await page.getByRole('slider', { name: 'Noise features' }).press('ArrowRight');
  await page.getByRole('slider', { name: 'Learning rate' }).press('Home');
  await page.getByRole('button', { name: 'Add a layer' }).click();
  await page.getByLabel('Optimizer').selectOption('SGD');
  await page.getByLabel('Seed', { exact: true }).fill('1234');
  await page.getByLabel('Speed').selectOption('5 epochs a second');
  await page.getByLabel('Curves of').selectOption('loss');
  await card(page, 'Dropout').getByRole('slider').press('Home');
  await card(page, 'Dropout').getByRole('checkbox', { name: 'L1' }).check();
  await card(page, 'L2').getByRole('button', { name: 'Remove L2' }).click();
  const settings = () =>
    page.evaluate(() => ({
      hash: location.hash,
      values: Array.from(
        document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input:not([type=file]), select'),
        (field) =>
          field instanceof HTMLInputElement && field.type !== 'range' ? [field.value, field.checked] : field.value,
      ),
      titles: Array.from(document.querySelectorAll('h3'), (title) => title.textContent),
    }));
  await page.waitForTimeout(400);
  const before = await settings();
  expect(before.hash).toMatch(/data=blobs.*samples=2000.*learningRate=0.0001.*seed=1234.*hidden=128-64-64.*v=/);
  await page.reload();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  expect(await settings()).toEqual(before);
  const other = await openPlayground(before.hash.slice(1));
  expect(await other.evaluate(() => document.querySelectorAll('h3').length)).toBe(before.titles.length);
  await close(other);
  await close(page);
});

test('a URL that says nonsense is read as far as it makes sense', async () => {
  const page = await openPlayground(
    'data=nothing&samples=1e9&noise=x&hidden=9999-a-2-3-4-5-6&v=l1:-1&v=dropout:7&seed=1.6&=&x&toString=5&__proto__=1&v=constructor:1',
  );
  expect(await page.getByRole('slider', { name: 'Samples' }).getAttribute('aria-valuetext')).toBe('2,000');
  expect(await page.getByRole('slider', { name: /^Units/ }).count()).toBe(4);
  expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
    'No regularization',
    'Dropout',
    'No regularization 2',
  ]);
  await close(page);
});

test('a CSV file is trained on, goes into the link, and gives the results of the command line', async () => {
  const page = await openPlayground('epochs=20&speed=0&hidden=16&v=none&v=l2:0.001');
  await page.getByRole('radio', { name: 'Your CSV file' }).check({ force: true });
  await chooseFile(page, 'my data.csv', csvText());
  // The last column is taken for the classes at first, and its numbers are none.
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel('Column of classes').selectOption('kind');
  await page.getByText(/45 samples to train on.*2 features,\s*2 classes/).waitFor();
  await page.waitForTimeout(300);
  await page.reload();
  await page.getByText('my data.csv').first().waitFor();
  await train(page);
  const [spec, results] = [await download(page, 'Spec for the CLI'), await download(page, 'Results')];
  writeFileSync(join(folder, 'my data.csv'), csvText());
  expect(comparable(results)).toBe(comparable(run(spec)));
  await close(page);
});

test.each([
  ['a short row', 'a,b,class\n1,2,x\n1,2\n', /line 3/],
  ['one class', 'a,b,class\n1,2,x\n3,4,x\n', /one class/],
  ['no rows', 'a,b,class\n', /at least one row/],
  ['nothing', '', /at least one row/],
  ['too few rows', 'a,b,class\n1,2,x\n3,4,y\n', /train|split|sample/i],
  ['an unpaired quote', 'a,b,class\n"1,2,x\n3,4,y\n', /quote/],
  ['bytes that are no text', Buffer.from([0x61, 0xff, 0xfe, 0x0a]), /not UTF-8/],
])('a CSV file with %s is explained', async (_, text, message) => {
  const page = await openPlayground('data=csv&epochs=20&speed=0');
  await chooseFile(page, 'wrong.csv', text);
  await expect.poll(async () => (await page.getByRole('alert').allInnerTexts()).join(' ')).toMatch(message);
  await chooseFile(page, 'right.csv', csvText().replaceAll(/,(\w+),([\w.-]+)$/gm, ',$2,$1'));
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  await page.getByText(/2 classes/).waitFor();
  await close(page);
});

test('a file can be dropped anywhere on the page', async () => {
  const page = await openPlayground('epochs=20&speed=0');
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
    return data;
  }, 'a,b,class\n1,2,x\n3,4,y\n'.repeat(1) + '5,6,x\n7,8,y\n'.repeat(10));
  await page.locator('h1').dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByText('dropped.csv').first().waitFor();
  await page.getByText(/2 features,\s*2 classes/).waitFor();
  await close(page);
});

test('results and reports of the command line are imported', async () => {
  const page = await openPlayground('epochs=20&speed=0&hidden=8&data=moons&seed=3');
  const spec = JSON.parse(await download(page, 'Spec for the CLI'));
  await close(page);
  const changed = {
    ...spec,
    name: 'mine',
    seeds: [5, 6, 7],
    variants: [{ label: 'plain' }, { label: 'thin', network: { l1: 0.01 } }],
  };
  run(JSON.stringify(changed));
  const other = await openPlayground();
  for (const file of ['results.json', 'report.html']) {
    await other.getByLabel('Import a spec, results or a report').setInputFiles(join(folder, 'out', file));
    await other.getByText(`${file} (mine) is imported. The page has its settings.`).waitFor();
    expect(await other.getByRole('article').getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'plain',
      'thin',
    ]);
    expect(await other.getByRole('slider', { name: 'L1 strength λ' }).getAttribute('aria-valuetext')).toBe('0.01');
    expect(await other.getByRole('heading', { name: 'Imported: mine' }).count()).toBe(file === 'results.json' ? 1 : 0);
  }
  await train(other);
  const [first] = JSON.parse(await download(other, 'Results')).trials;
  expect(first).toEqual(JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8')).trials[0]);
  await other
    .getByLabel('Import a spec, results or a report')
    .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{') });
  await other.getByText('x.json is neither JSON nor a report.').waitFor();
  const richer = {
    ...changed,
    training: { ...spec.training, earlyStopping: { patience: 3, minDelta: 0.01 } },
    variants: [{ label: 'plain' }, { label: 'slow', training: { optimizer: { type: 'sgd' } } }],
  };
  await other
    .getByLabel('Import a spec, results or a report')
    .setInputFiles({ name: 'y.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(richer)) });
  await other
    .getByText(
      'y.json (mine) is imported. The page cannot train its earlyStopping, optimizer (slow) exactly; it has the nearest',
    )
    .waitFor();
  await close(other);
});

test('results whose metric is no accuracy are imported, too', async () => {
  const page = await openPlayground('epochs=20&speed=0&hidden=8');
  const spec = JSON.parse(await download(page, 'Spec for the CLI'));
  const { batchSize, optimizer } = spec.training;
  run(
    JSON.stringify({
      ...spec,
      name: 'losses',
      dataset: { generator: 'makeRegression', parameters: { nSamples: 60, nFeatures: 2 } },
      split: { testSize: 0.25, validationSize: 0.25, randomState: 1 },
      training: { epochs: 2, batchSize, optimizer, loss: 'meanSquaredError' },
      variants: [{ label: 'plain' }],
      sweep: { type: 'grid', parameters: { 'training.loss': ['meanSquaredError', { type: 'huber', delta: 2 }] } },
    }),
  );
  await page.getByLabel('Import a spec, results or a report').setInputFiles(join(folder, 'out', 'results.json'));
  await page.getByRole('columnheader', { name: 'Test root mean squared error' }).waitFor();
  await page.getByRole('rowheader', { name: 'plain, training.loss = {"type":"huber","delta":2}' }).waitFor();
  await close(page);
});

test('long names of columns leave the panels as wide as they are', async () => {
  const page = await openPlayground('data=csv&epochs=20&speed=0');
  const name = 'a column whose name goes on and on and on and on and on';
  await chooseFile(page, 'wide.csv', csvText().replace('size', name));
  await page.getByLabel('Column of classes').waitFor();
  const widths = () =>
    page.evaluate(() =>
      Array.from(document.querySelectorAll('.panel'), ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    );
  await expect.poll(async () => Math.max(...(await widths()))).toBe(0);
  await close(page);
});
