// Reports of hostile results, opened from a file: whatever text is in them is shown as text, and no script ever runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { RegulusError } from '../../src/errors/index.ts';
import {
  compareResults,
  type FigureData,
  type Results,
  validateFigureData,
  validateResults,
} from '../../src/experiment/index.ts';
import { buildComparison, buildFigures, buildReport, renderSvg } from '../../src/report/index.ts';
import { fixture } from '../report/fixture.ts';
import { newPage, useBrowser } from './browser.ts';

useBrowser();
const folder = mkdtempSync(join(tmpdir(), 'regulus-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const payload = `"'\`></title></style></svg>]]><script>hit = 1</script><img src="//attack.invalid/x" onerror="hit = 1"><svg onload='hit = 1'>`;

/** Two variants, two swept values, two seeds: every part of results and figures is there. */
const { results, data } = fixture({
  variants: [{ label: 'A' }, { label: 'B', training: { earlyStopping: { patience: 3 } } }],
  sweep: [{ 'network.l2': 0.1 }, { 'network.l2': 0.01 }],
  seeds: [1, 2],
  points: 20,
  columns: 4,
  rows: 3,
  epochs: 2,
});

async function report(results: Results, data: FigureData): Promise<string> {
  const drawn = buildFigures(results, data).map(async (figure) => ({ figure, svg: await renderSvg(figure) }));
  return buildReport(results, await Promise.all(drawn));
}

/** What happens, and what a reader sees, when pages are opened from files; without the policy escaping alone protects. */
async function opened(pages: string[], { bypassCSP = true } = {}) {
  const page = await newPage({ bypassCSP });
  const file = join(folder, 'report.html');
  const address = pathToFileURL(file).href;
  const requests: string[] = [];
  page.on('request', (request) => request.url() !== address && requests.push(request.url()));
  page.on('dialog', (dialog) => requests.push(dialog.message()));
  const texts: string[] = [];
  for (const html of pages) {
    writeFileSync(file, html);
    await page.goto(address);
    const { hit, foreign, text } = await page.evaluate(() => ({
      hit: 'hit' in globalThis,
      foreign: document.querySelectorAll('script, img, iframe, [onload], [onerror], svg svg').length,
      text: `${document.title}\n${document.body.textContent}`,
    }));
    expect([hit, foreign, requests], html.slice(0, 200)).toEqual([false, 0, []]);
    texts.push(text);
  }
  await page.close();
  return texts;
}

/** Copies of `value`: in each, one text more has become the payload, or one object has got a member of that name and text. */
function hostileCopies<T>(value: T): T[] {
  const copies: T[] = [];
  const visit = (node: unknown, path: (string | number)[]): void => {
    const place = (change: (parent: Record<string | number, unknown>, key: string | number) => void) => {
      const root = structuredClone({ value }) as Record<string | number, unknown>;
      const parent = path.slice(0, -1).reduce((inside, key) => inside[key] as typeof root, root);
      change(parent, path[path.length - 1]);
      copies.push(root.value as T);
    };
    if (typeof node === 'string') place((parent, key) => Object.assign(parent, { [key]: payload }));
    if (typeof node !== 'object' || node === null) return;
    // Of a list of equal things one says all.
    if (Array.isArray(node)) node.slice(0, 1).forEach((item, i) => void visit(item, [...path, i]));
    else {
      place((parent, key) => Object.assign(parent[key] as object, { [payload]: payload }));
      for (const [key, item] of Object.entries(node)) visit(item, [...path, key]);
    }
  };
  visit(value, ['value']);
  return copies;
}

test('no text of results or figures becomes markup: it is refused, or shown', { timeout: 300_000 }, async () => {
  const files = [
    ...hostileCopies(results).map((hostile) => [hostile, data] as const),
    ...hostileCopies(data).map((hostile) => [results, hostile] as const),
  ];
  const pages = await Promise.all(
    files.map(([some, figures]) =>
      Promise.resolve()
        .then(() => report(validateResults(some), validateFigureData(figures)))
        .catch((error) => {
          if (error instanceof RegulusError) return undefined;
          throw error;
        }),
    ),
  );
  const built = pages.filter((html) => html !== undefined);
  expect(files.length).toBeGreaterThan(60);
  expect(built.length).toBeGreaterThan(30);
  await opened(built);
});

test('names that occur everywhere are shown as they are', async () => {
  const rename = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_, text) => (text === 'A' || text === 'fixture' ? payload : text));
  const [hostile, figures] = [rename(results), rename(data)];
  const comparison = compareResults(hostile, { ...hostile, spec: { ...hostile.spec, name: 'B' } });
  const texts = await opened([
    await report(validateResults(hostile), figures),
    buildComparison(comparison, [payload, payload]),
  ]);
  for (const text of texts) expect(text.split(payload).length).toBeGreaterThan(3);
});

test('where markup gets in all the same, the policy of the page keeps it from running and loading', async () => {
  const [figure] = buildFigures(results, data);
  const svg =
    '<svg width="9" height="9" onload="hit = 1"><script>hit = 1</script><image href="https://attack.invalid/"/></svg>';
  const page = await newPage();
  const requests: (string | undefined)[] = [];
  page.on('requestfinished', (request) => requests.push(request.url()));
  page.on('requestfailed', (request) => requests.push(request.failure()?.errorText));
  const file = join(folder, 'policy.html');
  writeFileSync(file, buildReport(results, [{ figure, svg }]));
  await page.goto(pathToFileURL(file).href);
  expect(await page.evaluate(() => 'hit' in globalThis)).toBe(false);
  expect(requests.sort()).toEqual(['csp', pathToFileURL(file).href]);
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('h1')!).fontWeight)).toBe('700');
  await page.close();
});

test('on paper, which does not scroll, tables have their place', async () => {
  const variants = ['A', 'B'].map((letter) => ({ label: letter.repeat(60), network: { l2: 0.0123456789012345 } }));
  const { results, data } = fixture({
    variants,
    seeds: [1, 2, 3],
    sweep: [{ 'network.l1': 0.1 }, { 'network.l1': 0.2 }],
  });
  const page = await newPage({ viewport: { width: 680, height: 960 } });
  await page.emulateMedia({ media: 'print' });
  const file = join(folder, 'print.html');
  writeFileSync(file, await report(results, data));
  await page.goto(pathToFileURL(file).href);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(680);
  await page.close();
});
