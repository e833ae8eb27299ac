// The page: self-contained, escaped, and honest about what the numbers show.
import { expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import { type Results, summarize } from '../../src/experiment/index.ts';
import { buildFigures, buildReport, renderSvg } from '../../src/report/index.ts';
import { currentFixture, fixture } from './fixture.ts';

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

/** Accuracies of the trials of `fixture({ seeds: [1, 2, 3, 4] })`, variant by variant, summed up anew. */
function withAccuracies(...accuracies: number[][]): ReturnType<typeof fixture> {
  const { results, data } = fixture({ seeds: [1, 2, 3, 4] });
  accuracies.flat().forEach((accuracy, i) => {
    results.trials[i].test.accuracy = accuracy;
  });
  return { results: summarize(results.spec, results.engine, results.trials), data };
}

const baseline = [0.8, 0.82, 0.84, 0.86];

test('many seeds: the page starts with what the comparisons show, and ends its verdict with what they do not', () => {
  const { results } = withAccuracies(baseline, [0.85, 0.865, 0.895, 0.91], [0.84, 0.77, 0.89, 0.82]);
  const html = buildReport(results, []);
  expect(html).toContain('<p class="verdict">L1 beats Baseline by 5.0 ± 0.6 points.</p>');
  const text = plain(html);
  expect(text).toContain('No difference to Baseline is shown for Early Stopping.');
  expect(text).toContain('L1 has the highest mean: 88.00% of the test points correct over 4 seeds (95% interval 83.');
  expect(text).toContain('corrected for several comparisons (Holm)');
  expect(text).toContain('Seeds change initialization, shuffling and dropout, not the data');
});

test('the page says when nothing beats the baseline, and what falls behind it', () => {
  const { results } = withAccuracies(baseline, [0.81, 0.81, 0.85, 0.85], [0.7, 0.715, 0.745, 0.76]);
  const text = plain(buildReport(results, []));
  expect(text).toContain('Nothing here beats Baseline.');
  expect(text).toContain('Early Stopping falls behind Baseline by 10.0 ± 0.6 points.');
});

test('the comparison table has differences, intervals and both p values', () => {
  const { results } = withAccuracies(baseline, [0.85, 0.865, 0.895, 0.91], [0.84, 0.77, 0.89, 0.82]);
  const rows = [...buildReport(results, []).matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => plain(row).trim());
  expect(rows[5]).toMatch(/^L1 better \+5\.00 \+4\.35 to \+5\.65 (&lt; )?0\.000\d (&lt; )?0\.000\d 4$/);
  expect(rows[6]).toMatch(/^Early Stopping no difference shown 0?[+−]\d\.\d\d −/);
});

test('folds and sweeps are named, and a test part says how much it leaves to chance', () => {
  const folds = plain(buildReport(currentFixture({ folds: 3, seeds: [1, 2] }).results, []));
  expect(folds).toContain('3-fold cross-validation');
  expect(folds).toContain('over 3 folds');
  expect(folds).toContain('Nadeau and Bengio');
  const sweep = [0.1, 0.01].map((l2) => ({ 'network.l2': l2 }));
  const html = buildReport(currentFixture({ sweep, seeds: [1, 2] }).results, []);
  expect(html.match(/<small>chosen<\/small>/g)).toHaveLength(3);
  expect(plain(html)).toContain('The test part has 200 points');
});

test('results of Regulus 0.1, without comparisons, get the page that their trials allow', () => {
  const { results } = withAccuracies(baseline, [0.85, 0.865, 0.895, 0.91], [0.84, 0.77, 0.89, 0.82]);
  const { comparisons, methods, ...old } = results;
  expect(buildReport(old, [])).toBe(buildReport(results, []));
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
