// What each figure shows, for the shapes of results that occur.
import { expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import type { TrialHistory } from '../../src/experiment/index.ts';
import { buildFigures, buildReport, type Figure, renderPng, renderSvg } from '../../src/report/node.ts';
import { fixture, summedUp } from './fixture.ts';

const NAMES = [
  'test-accuracy',
  'paired-differences',
  'sweep',
  'training-curves',
  'decision-boundaries',
  'first-layer-weights',
  'calibration',
  'confusion',
  'data',
];

function figuresOf(options: Parameters<typeof fixture>[0] = {}): Figure[] {
  const { results, data } = fixture(options);
  return buildFigures(results, data);
}

function figureNamed(figures: Figure[], name: string): Figure {
  return figures.find((figure) => figure.name === name) as Figure;
}

/** Texts of a drawing, in order. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, text]) => text);
}

/** Drawings of one kind of mark, such as `mark-line`: each group's markup. */
function groups(svg: string, mark: string): string[] {
  return [...svg.matchAll(new RegExp(`<g class="${mark} [^>]*>(.*?)</g>`, 'gs'))].map(([, markup]) => markup);
}

test('figures come in reading order, each with words', () => {
  const figures = figuresOf({ seeds: [1, 2], sweep: grid([0.1, 0.01]) });
  expect(figures.map(({ name }) => name)).toEqual(NAMES);
  for (const { title, caption, alt } of figures)
    expect(Math.min(title.length, caption.length, alt.length)).toBeGreaterThan(5);
});

test('equal inputs give equal figures and drawings, whatever was drawn before or at the same time', async () => {
  const first = await Promise.all(figuresOf().map(renderSvg));
  const second: string[] = [];
  for (const figure of figuresOf()) second.push(await renderSvg(figure));
  expect(second).toEqual(first);
});

test.each([
  ['one seed', {}],
  ['many seeds', { seeds: [1, 2, 3, 4] }],
  ['three classes', { classes: 3 }],
  ['ten classes', { classes: 10 }],
  ['macro F1', { metric: 'macroF1', seeds: [1, 2] }],
  ['a regression', { metric: 'dataLoss', seeds: [1, 2] }],
  ['a regression with a metric', { metric: 'meanAbsoluteError', seeds: [1, 2], metrics: ['dataLoss'] }],
  ['folds', { folds: 3, seeds: [1, 2] }],
  ['one variant and one epoch', { variants: [{ label: 'Only' }], epochs: 1 }],
  ['twelve variants', { variants: Array.from({ length: 12 }, (_, i) => ({ label: `Variant ${i}` })) }],
])('every figure can be drawn: %s', async (_, options) => {
  for (const figure of figuresOf(options)) {
    const svg = await renderSvg(figure);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.length, figure.name).toBeLessThan(400_000);
    expect(renderPng(svg).length).toBeGreaterThan(1000);
    for (const text of [figure.title, figure.caption, figure.alt]) expect(text).not.toMatch(/NaN|undefined| {2}/);
  }
});

test('drawings stay below 400 kB at the size of the tutorial', async () => {
  const variants = Array.from({ length: 5 }, (_, i) => ({ label: `Variant ${i}` }));
  for (const figure of figuresOf({ variants, points: 2000, epochs: 100, columns: 90, rows: 72, seeds: [1, 2, 3] })) {
    expect((await renderSvg(figure)).length, figure.name).toBeLessThan(400_000);
  }
});

test('thousands of seeds and epochs still make drawings of that size', async () => {
  const seeds = Array.from({ length: 500 }, (_, i) => i);
  const figures = figuresOf({ seeds, epochs: 1000 });
  for (const figure of figures) expect((await renderSvg(figure)).length, figure.name).toBeLessThan(400_000);
  expect(figureNamed(figures, 'training-curves').caption).toContain('Lines go through evenly picked epochs');
  expect(figureNamed(figures, 'test-accuracy').caption).toContain('100 evenly picked networks');
});

test('the data figure shows at most 800 training points and says so', async () => {
  const { results, data } = fixture({ points: 2000 });
  const figure = figureNamed(buildFigures(results, data), 'data');
  expect(figure.caption).toContain('800 of the 1200 training points');
  const points = (await renderSvg(figure)).match(
    /<path transform="translate\([^"]*" d="M[^"]*Z?" fill="#(0072b2|d55e00)"/g,
  );
  expect(points!.length).toBe(800 + 2); // and the legend's two
});

test('one line a variant and panel, and a band each for many seeds', async () => {
  const one = await renderSvg(figureNamed(figuresOf(), 'training-curves'));
  const many = await renderSvg(figureNamed(figuresOf({ seeds: [1, 2, 3] }), 'training-curves'));
  const paths = (svg: string, mark: string) => groups(svg, mark).join('').match(/<path/g)?.length ?? 0;
  expect([paths(one, 'mark-line'), paths(one, 'mark-area')]).toEqual([12, 0]);
  expect([paths(many, 'mark-line'), paths(many, 'mark-area')]).toEqual([12, 12]);
});

test('the line of a run that stopped early ends there, with a ring at its best epoch', async () => {
  const { results, data } = fixture();
  const svg = await renderSvg(figureNamed(buildFigures(results, data), 'training-curves'));
  const ends = groups(svg, 'mark-line').map((markup) => Number(/[ML](-?[\d.]+),-?[\d.]+"/.exec(markup)![1]));
  expect(new Set(ends)).toEqual(new Set([360, 180])); // 12 epochs over 360 pixels; stopped after 6
  const rings = groups(svg, 'mark-symbol').filter((markup) => /d="[^"]*A[^"]*" fill="#ffffff"/.test(markup));
  expect(rings).toHaveLength(4);
  for (const ring of rings) expect(ring).toContain('translate(90,'); // epoch 3
});

test('the bold line is the median, up to where half of the seeds have ended', () => {
  const { results, data } = fixture({ variants: [{ label: 'A' }], seeds: [1, 2, 3] });
  const losses = [
    [1, 1, 1, 1],
    [3, 3],
    [9, 5, 5],
  ];
  for (const [i, trainDataLoss] of losses.entries()) {
    Object.assign(results.trials[i], { history: { trainDataLoss }, epochs: trainDataLoss.length, bestEpoch: 1 });
  }
  const { spec } = figureNamed(buildFigures(results, data), 'training-curves');
  const layers = (spec as { vconcat: { hconcat: { layer: { data: { values: { median: number }[] } }[] }[] }[] })
    .vconcat[0].hconcat[0].layer;
  expect(layers[1].data.values.map(({ median }) => median)).toEqual([3, 3, 3]);
});

test('training and validation panels of a metric have the same axes', async () => {
  const svg = await renderSvg(figureNamed(figuresOf(), 'training-curves'));
  const labels = [...svg.matchAll(/role-axis-label"[^>]*>(.*?)<\/g>/gs)].map(([, markup]) => texts(markup).join(' '));
  expect(labels).toHaveLength(8); // x and y of four panels
  expect(new Set(labels).size).toBe(3); // epochs, loss, accuracy
});

test('a variant without validation history leaves a gap and is named', async () => {
  const { results, data } = fixture();
  for (const key of ['valDataLoss', 'valAccuracy'] as const)
    delete (results.trials[0].history as Partial<TrialHistory>)[key];
  const figure = figureNamed(buildFigures(results, data), 'training-curves');
  expect(figure.caption).toContain('No validation data: Baseline.');
  expect(
    groups(await renderSvg(figure), 'mark-line')
      .join('')
      .match(/<path/g),
  ).toHaveLength(10);
});

test('without any validation history only the training panels are drawn', async () => {
  const { results, data } = fixture();
  for (const trial of results.trials) {
    const { valDataLoss, valAccuracy, ...history } = trial.history;
    Object.assign(trial, { history });
  }
  const svg = await renderSvg(figureNamed(buildFigures(results, data), 'training-curves'));
  expect(texts(svg)).toContain('Training loss');
  expect(texts(svg)).not.toContain('Validation loss');
});

test('the 0.5 line of two classes lies where the grid says', async () => {
  const svg = await renderSvg(figureNamed(figuresOf({ variants: [{ label: 'A' }] }), 'decision-boundaries'));
  const half = /d="([^"]*)" stroke="#1a1a1a"/.exec(svg)![1];
  const xs = [...half.matchAll(/[ML](-?[\d.]+),/g)].map(([, x]) => Number(x));
  expect(xs.filter((x) => Math.abs(x - 180) < 0.2).length).toBeGreaterThanOrEqual(9); // the middle of 360 pixels, in every row
});

test('many classes give one outlined region each', async () => {
  const svg = await renderSvg(
    figureNamed(figuresOf({ classes: 3, variants: [{ label: 'A' }] }), 'decision-boundaries'),
  );
  expect(svg.match(/<path[^>]*fill="#[0-9a-f]{6}" stroke="#1a1a1a"/g)).toHaveLength(3);
  expect(texts(svg)).toEqual(expect.arrayContaining(['Class 0', 'Class 1', 'Class 2']));
});

test('weight panels share bins and axes, and print the share near zero', async () => {
  const figure = figureNamed(figuresOf(), 'first-layer-weights');
  const svg = await renderSvg(figure);
  expect(texts(svg)).toContain('50.0 % zero, 50.0 % below 0.001');
  expect(figure.alt).toContain('L1 50.0 %');
  const panels = (figure.spec as { concat: { encoding: { x: { scale: object }; y: { scale: object } } }[] }).concat;
  for (const { encoding } of panels) {
    expect(encoding.x.scale).toEqual(panels[0].encoding.x.scale);
    expect(encoding.y.scale).toEqual(panels[0].encoding.y.scale);
  }
});

test('the outcome figure says when there is one seed, and draws intervals for more', async () => {
  const one = figureNamed(figuresOf(), 'test-accuracy');
  const many = figureNamed(figuresOf({ seeds: [1, 2, 3] }), 'test-accuracy');
  expect(one.caption).toContain('One seed');
  expect(groups(await renderSvg(one), 'mark-rule')).not.toContainEqual(expect.stringContaining('#333333'));
  expect(many.caption).toContain('95 % intervals');
  expect(groups(await renderSvg(many), 'mark-rule').join('')).toContain('#333333');
});

test('without pictures of trained networks their figures are left out', () => {
  const { results, data } = fixture();
  const names = buildFigures(results, { ...data, variants: [] }).map(({ name }) => name);
  expect(names).toEqual(['test-accuracy', 'training-curves', 'calibration', 'confusion', 'data']);
});

test('differences are those of pairs, and only verdicts fill their diamond', async () => {
  const { results, data } = fixture({ seeds: [1, 2, 3, 4] });
  const set = (variant: number, values: number[]) =>
    values.forEach((accuracy, i) => {
      results.trials[variant * 4 + i].test.accuracy = accuracy;
    });
  set(0, [0.8, 0.82, 0.84, 0.86]);
  set(1, [0.9, 0.93, 0.94, 0.97]);
  set(2, [0.85, 0.77, 0.89, 0.82]);
  const figure = figureNamed(buildFigures(summedUp(results), data), 'paired-differences');
  expect(figure.alt).toContain('L1 +10.50 (better) and Early Stopping +0.25 (no difference shown)');
  const symbols = groups(await renderSvg(figure), 'mark-symbol').at(-1)!;
  expect([...symbols.matchAll(/fill="([^"]*)"/g)].map(([, fill]) => fill)).toEqual(['#d55e00', '#ffffff']);
});

test('calibration pools the bins of all seeds, and its error is the weighted distance', () => {
  const { results, data } = fixture({ variants: [{ label: 'A' }], seeds: [1, 2] });
  const { alt, spec } = figureNamed(buildFigures(results, data), 'calibration');
  expect(alt).toContain('A 7.5 %'); // (4 · 0.05 + 8 · 0 + 28 · 0.1) / 40
  const [panel] = (spec as { concat: { layer: { data: { values: { share: number }[] } }[] }[] }).concat;
  expect(panel.layer[1].data.values.map(({ share }) => share)).toEqual([0.1, 0.2, 0.7]);
  const many = figuresOf({ variants: Array.from({ length: 13 }, (_, i) => ({ label: `V${i}` })) });
  expect(figureNamed(many, 'calibration').caption).toContain('The first 12 variants are shown.');
});

test('confusion shows the baseline and the best variant, in shares of the true class', async () => {
  const { results, data } = fixture({ seeds: [1, 2], classes: 10 });
  const figure = figureNamed(buildFigures(results, data), 'confusion');
  const svg = await renderSvg(figure);
  expect(texts(svg)).toEqual(expect.arrayContaining(['Baseline', results.best]));
  const right = results.trials.slice(0, 2).reduce((sum, { confusion }) => sum + confusion![0][0], 0) / 2;
  expect(texts(svg)).toContain(right.toFixed(1));
  expect(figure.alt).toContain('class 0 is taken for class 1');
});

const grid = (first: number[], second?: number[]) =>
  first.flatMap((l2) =>
    (second ?? [undefined]).map((rate) => ({
      'network.l2': l2,
      ...(rate !== undefined && { 'network.dropout': rate }),
    })),
  );

test.each([
  ['lines for one parameter', grid([0, 0.001, 0.1]), 'mark-line'],
  ['maps for two', grid([0.001, 0.01, 0.1], [0, 0.5]), 'mark-rect'],
  ['clouds for points that are no grid', grid([0.001, 0.01], [0, 0.5]).slice(1), 'mark-symbol'],
])('a sweep is drawn as %s', async (_, sweep, mark) => {
  const { results, data } = fixture({ sweep, seeds: [1, 2] });
  const figures = buildFigures(results, data);
  const svg = await renderSvg(figureNamed(figures, 'sweep'));
  expect(groups(svg, mark).length).toBeGreaterThan(0);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(figureNamed(figures, 'sweep').alt).toContain(`Chosen: Baseline l2 ${sweep[0]['network.l2']}`);
});

test('a sweep leaves alone what variants set themselves: a dashed line, or a map of its own', async () => {
  const variants = [{ label: 'Baseline', network: { l2: 0 } }, { label: 'L2' }];
  const line = fixture({ variants, sweep: grid([0.001, 0.01]), seeds: [1, 2] });
  const figure = figureNamed(buildFigures(line.results, line.data), 'sweep');
  expect(figure.caption).toContain('Dashed lines are variants that the sweep leaves as they are.');
  expect(figure.alt).toMatch(/Chosen: Baseline, 8\d\.\d\d % and L2 l2 0\.001, /);
  expect(
    groups(await renderSvg(figure), 'mark-rule')
      .join('')
      .match(/#333333/g),
  ).toHaveLength(2);
  const map = fixture({ variants, sweep: grid([0.001, 0.01], [0, 0.5]), seeds: [1, 2] });
  const svg = await renderSvg(figureNamed(buildFigures(map.results, map.data), 'sweep'));
  expect(texts(svg)).toEqual(expect.arrayContaining(['own', '0.001', '0.01', '0', '0.5']));
});

test('a sweep takes lists, words and null as values', async () => {
  const sweep = [[32], [64, 32], null, 'tanh', { type: 'relu' }].map((value) => ({ 'network.hiddenUnits': value }));
  const { results, data } = fixture({ sweep, seeds: [1, 2] });
  const svg = await renderSvg(figureNamed(buildFigures(results, data), 'sweep'));
  expect(texts(svg)).toEqual(expect.arrayContaining(['unset', '[32]', '[64, 32]', 'tanh', 'relu']));
});

test('a sweep over losses, which cannot be compared, shows what chooses among them', async () => {
  const sweep = ['huber', 'meanSquaredError'].map((loss) => ({ 'training.loss': loss }));
  const { results, data } = fixture({ sweep, seeds: [1, 2], metric: 'meanAbsoluteError' });
  results.trials.forEach((trial, i) => {
    trial.validation.meanAbsoluteError = i % 4 < 2 ? 7 : 4;
  });
  results.sweep!.forEach((choice, i) => {
    choice.point = sweep[i % 2];
  });
  const figures = buildFigures(results, data);
  const figure = figureNamed(figures, 'sweep');
  expect(figure.alt).toContain('validation mean absolute error');
  expect(texts(await renderSvg(figure))).toContain('Validation mean absolute error');
  const values = JSON.stringify(figure.spec).match(/"loss":[\d.]+/g);
  expect([...new Set(values)]).toEqual(['"loss":7', '"loss":4']);
  const different = 'Variants have different losses, whose values cannot be compared.';
  expect(figureNamed(figures, 'training-curves').caption).toContain(different);
  const html = buildReport(results, []);
  expect(html).toContain(different);
  expect(html).toContain('<th scope="col">Validation mean absolute error</th>');
  expect(buildReport(fixture({ sweep: grid([0.1, 0.01]) }).results, [])).not.toContain(different);
});

test('pictures of a sweep are of the chosen settings, and say so', () => {
  const sweep = grid([0.1, 0.01]);
  const { results, data } = fixture({ sweep, seeds: [1, 2] });
  for (const name of ['training-curves', 'decision-boundaries', 'first-layer-weights', 'calibration', 'confusion']) {
    expect(figureNamed(buildFigures(results, data), name).caption).toMatch(
      /The sweep chose the settings that are shown: Baseline \(l2 0\.1\)/,
    );
  }
  const others = data.variants.map((entry) => ({ ...entry, point: sweep[1] }));
  const names = buildFigures(results, { ...data, variants: others }).map(({ name }) => name);
  expect(names).not.toContain('decision-boundaries');
  expect(names).not.toContain('first-layer-weights');
});

test('captions say whose curves are those of one of several members', () => {
  const captionOf = (training: object) =>
    figureNamed(figuresOf({ variants: [{ label: 'A' }, { label: 'Bag', training }] }), 'training-curves').caption;
  expect(captionOf({ members: 5 })).toContain('Curves and epochs of Bag are those of the first member,');
  expect(captionOf({})).not.toContain('member');
});

test('captions claim dropout and penalties for the variants that have them', () => {
  const variants = [{ label: 'Baseline' }, { label: 'Both', network: { l1: 0.001, dropout: 0.5 } }];
  const captionOf = (...options: Parameters<typeof figuresOf>) =>
    figureNamed(figuresOf(...options), 'training-curves').caption;
  expect(captionOf({ variants })).toContain('those of Both with dropout on.');
  expect(captionOf({ variants })).toContain('Losses are without the penalty on the weights of Both.');
  expect(captionOf()).not.toContain('dropout');
  expect(captionOf({ variants: [{ label: 'Baseline' }] })).not.toMatch(/dropout|penalty/);
  const layered = [
    {
      label: 'A',
      network: {
        layers: [
          { type: 'dense', units: 4 },
          { type: 'dropout', rate: 0.5 },
        ],
      },
    },
  ];
  expect(captionOf({ variants: layered })).toContain('those of A with dropout on.');
  expect(captionOf({ sweep: [{ 'network.dropout': 0 }, { 'network.dropout': 0.5 }] })).not.toContain('dropout on');
  expect(captionOf({ sweep: [{ 'network.dropout': 0.5 }, { 'network.dropout': 0 }] })).toContain('with dropout on');
});

test('a regression has the figures of its metric, and none that are for classes', async () => {
  const figures = figuresOf({ metric: 'dataLoss', seeds: [1, 2, 3], sweep: grid([0.1, 0.01]) });
  expect(figures.map(({ name }) => name)).toEqual([
    ...['test-loss', 'paired-differences', 'sweep', 'training-curves', 'first-layer-weights', 'data'],
  ]);
  for (const figure of figures) expect(JSON.stringify(figure)).not.toMatch(/accuracy|percentage/i);
  expect(figureNamed(figures, 'paired-differences').caption).toContain('better to the left of the dashed line');
  const curves = texts(await renderSvg(figureNamed(figures, 'training-curves')));
  expect(curves).toEqual(expect.arrayContaining(['Training loss', 'Validation loss']));
  const mae = figuresOf({ metric: 'meanAbsoluteError' });
  expect(texts(await renderSvg(figureNamed(mae, 'training-curves')))).toContain('Validation mean absolute error');
  expect(texts(await renderSvg(figureNamed(mae, 'data')))).toContain('Target');
});

test('intervals of shares end at 0 and 100 %', () => {
  const { results, data } = fixture({ seeds: [1, 2], sweep: grid([0.1, 0.01]) });
  results.trials.forEach(({ test }, i) => {
    test.accuracy = i % 2 ? 0.99 : 0.01;
  });
  for (const { spec } of buildFigures(summedUp(results), data).slice(0, 3)) {
    const ends = [...JSON.stringify(spec).matchAll(/"(?:low|high)":(-?[\d.]+)/g)].map(([, end]) => Number(end));
    expect(ends.length).toBeGreaterThan(1);
    expect(Math.max(...ends.map(Math.abs))).toBeLessThanOrEqual(100);
  }
});

/** Texts that name members of every object, take apart as paths or expressions, or cannot be in XML. */
const hostile = [
  ...['constructor', 'toString', 'hasOwnProperty', '__proto__', 'a.b', "a['b']", '[0]', 'datum.x', '"', "\\'", '%s'],
  ...['<b>&amp;</b>', '\u0000\u0007\u001b[31m', '\ud800', '\uffff'],
];

test('names can be any text', async () => {
  const variants = hostile.map((label) => ({ label }));
  for (const sweep of [
    undefined,
    grid([0.1, 0.01]),
    grid([0.1, 0.01], [0, 0.5]),
    grid([0.1, 0.01], [0, 0.5]).slice(1),
  ]) {
    const { results, data } = fixture({ variants, seeds: [1, 2], ...(sweep && { sweep }) });
    for (const figure of buildFigures(results, { ...data, featureNames: ['constructor', '__proto__'] })) {
      const svg = await renderSvg(figure);
      expect(svg, figure.name).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      expect(renderPng(svg)[0]).toBe(0x89);
      if (!['confusion', 'sweep', 'data'].includes(figure.name)) {
        const shown = hostile.slice(1, 10).map((text) => text.replace('"', '&quot;'));
        expect(
          texts(svg).map((text) => text.replace('"', '&quot;')),
          figure.name,
        ).toEqual(expect.arrayContaining(shown));
      }
      if (figure.name === 'data') expect(texts(svg)).toEqual(expect.arrayContaining(['constructor', '__proto__']));
    }
  }
});

test('with a sweep the other figures show each variant at its chosen point', () => {
  const { results, data } = fixture({ sweep: grid([0.1, 0.01]), seeds: [1, 2] });
  const { spec } = figureNamed(buildFigures(results, data), 'test-accuracy');
  const [{ data: dots }] = (spec as { layer: { data: { values: unknown[] } }[] }).layer;
  expect(dots.values).toHaveLength(3 * 2);
});

test.each<[string, (parts: ReturnType<typeof fixture>) => void, RegExp]>([
  ['version', ({ results }) => Object.assign(results, { version: 1 }), /of version 2\..* At version: /],
  ['metric', ({ results }) => Object.assign(results, { metric: 'toString' }), /At metrics: .*'toString'/],
  ['a metric without name', ({ results }) => Object.assign(results.metrics, { '': results.metrics.loss }), /\.test: /],
  [
    'score',
    ({ results }) => Object.assign(results.trials[0], { test: { loss: 1, dataLoss: 1 } }),
    /At trials\[0\].*'accuracy'/,
  ],
  ['no trials', ({ results }) => Object.assign(results, { trials: [] }), /At trials: /],
  ['unknown variant', ({ results }) => Object.assign(results.trials[0], { variant: 'X' }), /At trials\[0\].*'X'/],
  ['no summary', ({ results }) => results.summary.shift(), /At summary: .*'Baseline'/],
  ['no classes', ({ results }) => Object.assign(results.trials[2], { confusion: [[]] }), /At trials\[2\].confusion: /],
  [
    'other classes',
    ({ results }) => Object.assign(results.trials[1], { confusion: [[9]] }),
    /At trials\[1\]: .*2 classes/,
  ],
  ['bins', ({ results }) => results.trials[1].calibration!.count.pop(), /At trials\[1\]\.calibration: .*same length/],
  ['lengths', ({ data }) => data.scatter!.x.pop(), /data\.scatter\.x.*as long as/],
  ['grid', ({ data }) => data.variants[0].boundary!.probabilities.pop(), /probabilities.*12 x 9/],
  ['limits', ({ data }) => Object.assign(data.variants[1].boundary!, { xMin: 0 }), /boundary\.xMin.*same for all.*-3/],
  ['no trial of a seed', ({ data }) => Object.assign(data.variants[0], { seed: 7 }), /data\.variants.*finished trial/],
  ['no data', (parts) => Object.assign(parts, { data: undefined }), /'data'/],
])('bad input is named: %s', (_, spoil, message) => {
  const parts = fixture();
  spoil(parts);
  expect(() => buildFigures(parts.results, parts.data)).toThrow(ParameterError);
  expect(() => buildFigures(parts.results, parts.data)).toThrow(message);
});
