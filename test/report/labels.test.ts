// The labels of axes and legends: whatever they say, they do not run into one another, and none makes a drawing wider than a page.
import { expect, test } from 'vitest';
import { buildFigures, renderSvg } from '../../src/report/index.ts';
import { textWidth } from '../../src/report/text-width.ts';
import { fixture, summedUp } from './fixture.ts';

type Parts = ReturnType<typeof fixture>;

/** The labels of each axis: text, place along it, and room that they take there. */
function axesOf(svg: string) {
  const groups = [...svg.matchAll(/<g class="mark-text role-axis-label"[^>]*>(.*?)<\/g>/gs)];
  return groups.map(([, markup]) => {
    const labels = [
      ...markup.matchAll(/<text [^>]*transform="translate\(([-\d.]+),([-\d.]+)\)( rotate\(-?\d+)?[^>]*>([^<]*)</g),
    ];
    const isHorizontal = labels.length > 1 && labels[0][2] === labels[1][2];
    return labels.map(([, x, y, turned, text]) => {
      const width = isHorizontal && !turned ? textWidth({ fontSize: 12 }, text) : 9;
      return { text, at: Number(isHorizontal ? x : y), width };
    });
  });
}

/** Results whose metric that decides is `factor` times as large. */
function scaled(parts: Parts, factor: number): Parts {
  const { results, data } = parts;
  for (const { test, train, validation } of results.trials)
    for (const score of [test, train, validation]) for (const name of Object.keys(score)) score[name] *= factor;
  if (data.scatter) data.scatter.label = data.scatter.label.map((target) => target * factor);
  return { results: summedUp(results), data };
}

function named(parts: Parts, names: string[]): Parts {
  parts.results.classNames = names;
  return parts;
}

const long = (count: number) => Array.from({ length: count }, (_, i) => `${i} of the classes with a long name`);
const optimizers = ['adam', 'rmsprop', 'sgd'].map((type) => ({ type, learningRate: 0.00123, epsilon: 1e-7 }));
const regression = (factor: number) =>
  scaled(
    fixture({ metric: 'dataLoss', seeds: [1, 2, 3], sweep: [{ 'network.l2': 0.1 }, { 'network.l2': 0.2 }] }),
    factor,
  );

test.each<[string, () => Parts]>([
  ['many classes', () => fixture({ classes: 24, points: 200 })],
  ['classes with long names', () => named(fixture({ classes: 10 }), long(10))],
  ['two classes with long names', () => named(fixture(), long(2))],
  ['a sweep over optimizers', () => fixture({ sweep: optimizers.map((value) => ({ 'training.optimizer': value })) })],
  [
    'a sweep over optimizers and penalties',
    () =>
      fixture({
        sweep: optimizers.flatMap((value) =>
          [1e-5, 1e-5 * 1000 ** (1 / 3), 0.01].map((l2) => ({ 'training.optimizer': value, 'network.l2': l2 })),
        ),
      }),
  ],
  [
    'a sweep over penalties and dropout',
    () =>
      fixture({
        sweep: [1e-5, 1e-5 * 1000 ** (1 / 3), 0.01].flatMap((l2) =>
          [0, 0.5].map((dropout) => ({ 'network.l2': l2, 'network.dropout': dropout })),
        ),
      }),
  ],
  [
    'a sweep over penalties',
    () =>
      fixture({
        sweep: [1e-5, 0.1].concat([1, 2].map((i) => 1e-5 * 1e4 ** (i / 3))).map((l2) => ({ 'network.l2': l2 })),
      }),
  ],
  ['losses of millions of millions', () => regression(1e13)],
  ['losses of thousands', () => regression(1e4)],
  ['losses of nearly nothing', () => regression(1e-11)],
])('%s', async (_, parts) => {
  const { results, data } = parts();
  // The points of real data are inside the maps.
  data.scatter!.x = data.scatter!.x.map((x) => x / 10);
  for (const figure of buildFigures(results, data)) {
    const svg = await renderSvg(figure);
    expect(svg, figure.name).not.toMatch(/>[^<]*(000,000,000|0\.00000000)/);
    expect(Number(/width="([\d.]+)"/.exec(svg)![1]), figure.name).toBeLessThan(960);
    for (const labels of axesOf(svg)) {
      const shown = labels.filter(({ text }) => text !== '').sort((a, b) => a.at - b.at);
      for (let i = 1; i < shown.length; i++) {
        const [a, b] = [shown[i - 1], shown[i]];
        expect(b.at - a.at, `${figure.name}: ${a.text} | ${b.text}`).toBeGreaterThanOrEqual((a.width + b.width) / 2);
      }
    }
  }
});

test('differences of tens and more are written out, and of millions as powers of ten', async () => {
  const ticks = async (factor: number) => {
    const { results, data } = regression(factor);
    const figure = buildFigures(results, data).find(({ name }) => name === 'paired-differences')!;
    return axesOf(await renderSvg(figure)).flatMap((labels) => labels.map(({ text }) => text));
  };
  expect((await ticks(1e4)).join(' ')).not.toContain('e');
  expect(await ticks(1e4)).toContain('−100');
  expect(await ticks(1e13)).toContain('−1e+11');
});
