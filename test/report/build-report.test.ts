// The page: self-contained, escaped, and honest about what the numbers show.
import { expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import type { Results } from '../../src/experiment/index.ts';
import { buildFigures, buildReport, renderSvg } from '../../src/report/index.ts';
import { fixture } from './fixture.ts';

async function report(options: Parameters<typeof fixture>[0] = {}): Promise<string> {
  const { results, data } = fixture(options);
  return buildReport(results, await drawn(results, data));
}

function drawn(results: Results, data: ReturnType<typeof fixture>['data']) {
  return Promise.all(buildFigures(results, data).map(async (figure) => ({ figure, svg: await renderSvg(figure) })));
}

/** The page as a reader sees it: no tags, no drawings. */
const plain = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

test('the page needs no network and no scripts', async () => {
  const html = await report();
  expect(html).toMatch(/^<!doctype html>/);
  expect(html.replace(/ xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(
    /https?:|<script|<link|<iframe|<img|@import|url\((?!#)/,
  );
});

test('equal inputs give equal pages', async () => {
  expect(await report()).toBe(await report());
});

test('tags nest and close', async () => {
  const open: string[] = [];
  for (const [, close, name, end] of (await report()).matchAll(/<(\/?)([a-z][a-zA-Z0-9]*)[^>]*?(\/?)>/g)) {
    if (name === 'meta' || end) continue;
    if (close) expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});

test('every figure is there with caption and label', async () => {
  const html = await report();
  const { results, data } = fixture();
  for (const { name, title, alt } of buildFigures(results, data)) {
    expect(html).toContain(`<figure id="${name}">`);
    expect(html).toContain(`${title}.</b>`);
    expect(html).toContain(`aria-label="${alt.replaceAll('<', '&lt;')}"`);
  }
});

test('one seed: the verdict names the best variant and says that it can be luck', async () => {
  const { results } = fixture();
  const text = plain(await report());
  const { mean } = results.summary[2].testAccuracy;
  expect(text).toContain(`Early Stopping did best: ${(100 * mean).toFixed(2)}% of the test points correct.`);
  expect(text).toContain('One seed: differences of this size can be luck.');
  expect(text).not.toContain('95% interval');
});

test('many seeds: interval, and whether it settles the matter', async () => {
  const { results, data } = fixture({ seeds: [1, 2, 3] });
  const set = (i: number, mean: number) =>
    Object.assign(results.summary[i].testAccuracy, { mean, ci95: [mean - 0.01, mean + 0.01] });
  const page = async () => plain(buildReport(results, await drawn(results, data)));
  set(0, 0.8);
  set(1, 0.85);
  set(2, 0.9);
  const settled = await page();
  expect(settled).toContain(
    '90.00% of the test points correct, on average over 3 seeds (95% interval 89.00% to 91.00%)',
  );
  expect(settled).toContain('lies above those of all other variants');
  set(1, 0.89);
  expect(await page()).toContain('Its interval overlaps with that of L1, so these runs do not settle which is best.');
});

test('equal accuracies are called equal, and a single variant is not called best', async () => {
  const { results } = fixture();
  for (const { testAccuracy } of results.summary) testAccuracy.mean = 0.5;
  results.best = 'Baseline';
  expect(plain(buildReport(results, []))).toContain('Baseline, L1 and Early Stopping share the highest test accuracy');
  expect(plain(await report({ variants: [{ label: 'Only' }] }))).toMatch(
    /Only classified 8\d\.\d\d% of the test points/,
  );
});

test('the table has a row per variant, with what it changes', async () => {
  const rows = [...(await report()).matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => plain(row).trim());
  expect(rows).toHaveLength(4);
  expect(rows[2]).toMatch(/^L1 l1 0\.001 8\d\.\d\d% 95\.00% \+1\d\.\d\d 0\.4000 12 9$/);
  expect(rows[3]).toMatch(/^Early Stopping best earlyStopping patience 3 /);
});

test('the specification and the command reproduce the run', async () => {
  const html = await report();
  expect(html).toContain('npx regulus@0.1.0 run spec.json --out out<');
  const { results } = fixture();
  const json = /<summary>Specification<\/summary>\s*<pre><code>(.*?)<\/code>/s.exec(html)![1].replaceAll('&quot;', '"');
  expect(JSON.parse(json)).toEqual(results.spec);
  results.engine = { ...results.engine, numerics: 'fast' };
  expect(buildReport(results, [])).toContain('--numerics fast');
});

test('names and labels are escaped everywhere', async () => {
  const evil = `<img src=x onerror=alert(1)>"'&`;
  const html = await report({ name: evil, variants: [{ label: evil }, { label: 'B' }] });
  expect(html).not.toContain('<img');
  expect(html).toContain('<h1>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;</h1>');
});

test('bad input is named', () => {
  const { results, data } = fixture();
  expect(() => buildReport({ ...results, version: 2 } as never, [])).toThrow(ParameterError);
  const figure = buildFigures(results, data)[0];
  expect(() => buildReport(results, [{ figure, svg: 'nothing' }])).toThrow(/figures\[0\]\.svg/);
});
