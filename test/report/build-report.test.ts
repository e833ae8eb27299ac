// The page: self-contained, escaped, and honest about what the numbers show.
import { expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import type { Results } from '../../src/experiment/index.ts';
import { buildFigures, buildReport, renderSvg } from '../../src/report/index.ts';
import { fixture, summedUp } from './fixture.ts';

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

test('the page needs no network and no scripts, and forbids them', async () => {
  const html = await report();
  expect(html).toMatch(/^<!doctype html>/);
  expect(html).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
  );
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

test('what scrolls sideways can be reached and scrolled by the keyboard', async () => {
  const scrolling = (await report()).match(/<pre[^>]*>|<div class="wide[^>]*>/g)!;
  expect(scrolling.length).toBeGreaterThan(8);
  for (const tag of scrolling) expect(tag).toContain('tabindex="0"');
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

test('one seed: the verdict names the highest value and says that it can be luck', async () => {
  const { results } = fixture();
  const text = plain(await report());
  const { mean } = results.summary[2].testAccuracy;
  expect(text).toContain(`Early Stopping has the highest test accuracy: ${(100 * mean).toFixed(2)} %.`);
  expect(text).toContain('One seed: differences of this size can be luck.');
  expect(text).not.toContain('95 % interval');
  expect(await report()).not.toContain('<small>best</small>');
});

/** Accuracies of the trials of `fixture({ seeds: [1, 2, 3, 4] })`, variant by variant, summed up anew. */
function withAccuracies(...accuracies: number[][]): ReturnType<typeof fixture> {
  const { results, data } = fixture({ seeds: [1, 2, 3, 4] });
  accuracies.flat().forEach((accuracy, i) => {
    results.trials[i].test.accuracy = accuracy;
  });
  return { results: summedUp(results), data };
}

const baseline = [0.8, 0.82, 0.84, 0.86];

test('many seeds: the page starts with what the comparisons show, and ends its verdict with what they do not', () => {
  const { results } = withAccuracies(baseline, [0.85, 0.865, 0.895, 0.91], [0.84, 0.77, 0.89, 0.82]);
  const html = buildReport(results, []);
  expect(html).toContain('<p class="verdict">L1 against Baseline: better.</p>');
  const text = plain(html);
  expect(text).toContain('Early Stopping could not be told from Baseline.');
  expect(text).toContain('L1 has the highest mean test accuracy: 88.00 % over 4 seeds (95 % interval 83.');
  expect(text).toContain('corrected for several comparisons by Holm’s method');
  expect(text).toContain('Only the random seed varied. On other data the ranking may differ.');
  expect(html).toContain('<th scope="row">L1 <small>best</small></th>');
});

test('the page says when nothing beats the baseline, and what falls behind it', () => {
  const { results } = withAccuracies(baseline, [0.81, 0.81, 0.85, 0.85], [0.7, 0.715, 0.745, 0.76]);
  const text = plain(buildReport(results, []));
  expect(text).toContain('No variant is shown to beat Baseline.');
  expect(text).toContain('Early Stopping against Baseline: worse.');
  expect(text).toMatch(
    /L1 could not be told from Baseline\. Baseline and L1 tie for the highest mean test accuracy: 83\.00 %/,
  );
});

test('the comparison table has differences, intervals and both p values', () => {
  const { results } = withAccuracies(baseline, [0.85, 0.865, 0.895, 0.91], [0.84, 0.77, 0.89, 0.82]);
  const rows = [...buildReport(results, []).matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => plain(row).trim());
  expect(rows[5]).toMatch(/^L1 better \+5\.00 \+4\.35 to \+5\.65 (&lt; )?0\.000\d (&lt; )?0\.000\d 4$/);
  expect(rows[6]).toMatch(/^Early Stopping no difference shown 0\.00 −8\.32 to \+8\.32 /);
});

test('folds and sweeps are named, and a test part says how much it leaves to chance', () => {
  const folds = plain(buildReport(fixture({ folds: 3, seeds: [1, 2] }).results, []));
  expect(folds).toContain('3-fold cross-validation');
  expect(folds).toContain('over 3 folds');
  expect(folds).toContain('Nadeau and Bengio');
  const sweep = [0.1, 0.01].map((l2) => ({ 'network.l2': l2 }));
  const html = buildReport(fixture({ sweep, seeds: [1, 2] }).results, []);
  expect(html.match(/<small>chosen<\/small>/g)).toHaveLength(3);
  const { results } = withAccuracies(baseline, baseline, baseline);
  expect(plain(buildReport(results, []))).toContain('The test part has 200 points; with another one of that size each');
  results.trials[0].test.accuracy = 0.81; // not what its confusion matrix says
  expect(plain(buildReport(results, []))).not.toContain('The test part has');
  // Where all are right, chance is not at an end: 200 of 200 are 98.1 % to 100 % by Wilson's interval.
  const perfect = withAccuracies([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]).results;
  perfect.trials[0].confusion = [
    [100, 0],
    [0, 100],
  ];
  expect(plain(buildReport(perfect, []))).toContain('each accuracy could be 0.9 points higher or lower.');
});

test('a model of one network and one of several are spoken of as such', () => {
  expect(plain(buildReport(fixture().results, []))).toMatch(/has kept the network of .* It is in model\.safetensors/);
  expect(plain(buildReport(fixture({ seeds: [1, 2] }).results, []))).toMatch(/all 2 networks.* They are in model/);
});

test('a tie is called a tie, and a single variant is compared with nothing', async () => {
  const { results } = withAccuracies(baseline, baseline, baseline);
  const html = buildReport(results, []);
  expect(plain(html)).toContain('No variant is shown to beat Baseline.');
  expect(plain(html)).toContain('L1, Early Stopping and Baseline tie: they are equal in every pair.');
  expect(plain(html)).toContain('All variants tie for the highest mean test accuracy: 83.00 % over 4 seeds.');
  expect(html.match(/<small>tied<\/small>/g)).toHaveLength(3);
  expect(html).not.toContain('<small>best</small>');
  const { results: one } = fixture();
  for (const { test } of one.trials) test.accuracy = 0.5;
  one.trials[2].test.accuracy = 0.4;
  const text = plain(buildReport(summedUp(one), []));
  expect(text).toContain('Baseline and L1 tie for the highest test accuracy: 50.00 %.');
  expect(plain(await report({ variants: [{ label: 'Only' }] }))).toMatch(/Only has a test accuracy of 8\d\.\d\d %\./);
});

test('best is only what the comparisons show to be better, or all others to be worse', () => {
  const better = [0.85, 0.865, 0.895, 0.91];
  const marks = (...accuracies: number[][]) =>
    [...buildReport(withAccuracies(...accuracies).results, []).matchAll(/<th scope="row">([^<]+) <small>([^<]+)/g)].map(
      ([, variant, mark]) => `${variant}: ${mark}`,
    );
  expect(marks(baseline, better, baseline)).toEqual(['L1: best']);
  expect(
    marks(
      baseline,
      better,
      better.map((x) => x - 0.01),
    ),
  ).toEqual(['L1: highest mean']);
  expect(marks(baseline, [0.81, 0.81, 0.86, 0.85], [0.7, 0.9, 0.8, 0.75])).toEqual(['L1: highest mean']);
  const worse = baseline.map((x, i) => x - 0.1 - 0.001 * i);
  expect(marks(baseline, worse, worse)).toEqual(['Baseline: best']);
});

test('a baseline without a finished trial is named, and nothing is compared', () => {
  const { results } = fixture({ seeds: [1, 2] });
  const trials = results.trials.filter(({ variant }) => variant !== 'Baseline');
  const text = plain(buildReport(summedUp({ ...results, trials }), []));
  expect(text).toContain('Nothing was compared: no trial of Baseline, the baseline, has finished.');
});

test('lower can be better, without percentage points', () => {
  const { results } = fixture({ metric: 'dataLoss', seeds: [1, 2, 3, 4] });
  const html = buildReport(results, []);
  const text = plain(html);
  expect(html).toContain('<p class="verdict">Early Stopping against Baseline: better.</p>');
  expect(text).toContain('L1 against Baseline: better.');
  expect(text).toMatch(
    /Early Stopping has the lowest mean test loss: 0\.3\d{3} over 4 seeds \(95 % interval 0\.3\d{3} to 0\.3\d{3}\)/,
  );
  expect(text).toContain(
    'Variant Setting Test loss 95 % interval Seeds Train loss Gap Weights near 0 Epochs Best epoch',
  );
  expect(text).toContain('Test loss compared with Baseline');
  expect(text).toMatch(/Metric test loss; the lowest value is the best/);
  expect(html.replace(/<style>.*?<\/style>/s, '')).not.toMatch(/accuracy|percentage| points/);
});

test('further metrics have columns, and losses are without penalty', () => {
  const { results } = fixture({ metric: 'macroF1', metrics: ['meanAbsoluteError'], seeds: [1, 2] });
  const text = plain(buildReport(results, []));
  expect(text).toContain(
    'Test macro F1 95 % interval Seeds Train macro F1 Gap Test loss Test accuracy Test mean absolute error',
  );
  expect(text).toContain('Losses are without the penalty on the weights.');
  expect(text).not.toContain('with dropout off');
  expect(text).toMatch(/L1 l1 0\.001 .*? 0\.4000 8\d\.\d\d % 4\.000/);
});

test('intervals of shares end at 0 and 100 %', () => {
  const { results } = withAccuracies([0.01, 0.99, 0.01, 0.99], [0.99, 0.01, 0.99, 0.01], [1, 1, 1, 0.9]);
  const text = plain(buildReport(results, []));
  expect(text).toContain('0.00 % to 100.00 %');
  for (const [, number] of text.matchAll(/([\d.]+) %/g)) expect(Number(number)).toBeLessThanOrEqual(100);
  for (const [, number] of text.matchAll(/[+−]([\d.]+)/g)) expect(Number(number)).toBeLessThanOrEqual(100);
});

test('the table has a row per variant, with what it changes', async () => {
  const rows = [...(await report()).matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => plain(row).trim());
  expect(rows).toHaveLength(4);
  expect(rows[2]).toMatch(/^L1 l1 0\.001 8\d\.\d\d % 95\.00 % \+1\d\.\d\d 0\.4000 50\.0 % 12 9$/);
  expect(rows[3]).toMatch(/^Early Stopping highest earlyStopping patience 3 /);
});

test('the specification and the command reproduce the run', async () => {
  const html = await report();
  expect(html).toContain('npx regulus@0.1.0 run spec.json --out out<');
  const { results } = fixture();
  const json = /<summary>Specification<\/summary>\s*<pre[^>]*><code>(.*?)<\/code>/s
    .exec(html)![1]
    .replaceAll('&quot;', '"');
  expect(JSON.parse(json)).toEqual(results.spec);
  results.engine = { ...results.engine, numerics: 'fast' };
  expect(buildReport(results, [])).toContain('--numerics fast');
});

test('names and labels are escaped everywhere', async () => {
  const evil = `<img src=x onerror=alert(1)>"'&`;
  const html = await report({ name: evil, variants: [{ label: evil }, { label: 'B' }] });
  expect(html).not.toContain('<img');
  const { results } = fixture({
    variants: [{ label: evil }, { label: 'B' }],
    seeds: [1, 2],
    sweep: [{ [evil]: evil }],
  });
  for (const comparison of results.comparisons) comparison.text = evil;
  Object.assign(results, { methods: { [evil]: evil }, engine: { ...results.engine, version: evil } });
  expect(buildReport(results, [])).not.toContain('<img');
  expect(html).toContain('<h1>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;</h1>');
});

test('bad input is named', () => {
  const { results, data } = fixture();
  expect(() => buildReport({ ...results, version: 1 } as never, [])).toThrow(ParameterError);
  const figure = buildFigures(results, data)[0];
  expect(() => buildReport(results, [{ figure, svg: 'nothing' }])).toThrow(/figures\[0\]\.svg/);
  expect(() => buildReport(results, undefined as never)).toThrow("The 'figures' parameter of buildReport");
  expect(() => buildReport(results, [figure] as never)).toThrow(
    "The 'figures[0].figure.name' parameter of buildReport",
  );
});
