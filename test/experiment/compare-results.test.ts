// Two experiments side by side: what is paired, what is not, and what is said to differ.
import { describe, expect, it } from 'vitest';
import { compareResults, type ExperimentSpec, summarize, type TrialResult } from '../../src/experiment/index.ts';
import { estimate, estimateShare, pairedTTest, welch } from '../../src/statistics/index.ts';
import { smallSpec } from './small-spec.ts';

const engine = { backend: 'wasm', numerics: 'reproducible', simd: 'simd128', version: 'test' } as const;

const trial = (variant: string, seed: number, accuracy: number, facts: Partial<TrialResult> = {}): TrialResult => ({
  variant,
  seed,
  history: { trainLoss: [1], trainDataLoss: [1], trainAccuracy: [0.5], valDataLoss: [0.5] },
  epochs: 1,
  bestEpoch: 1,
  train: { loss: 0.2, dataLoss: 0.2, accuracy },
  validation: { loss: 0.5, dataLoss: 0.5, accuracy },
  test: { loss: 1 - accuracy, dataLoss: 1 - accuracy, accuracy },
  ...facts,
});

/** Results with the test accuracies of the seeds 0, 1 … of each variant. */
function results(accuracies: Record<string, number[]>, changes: Partial<ExperimentSpec> = {}, firstSeed = 0) {
  const variants = Object.keys(accuracies).map((label) => ({ label }));
  const trials = Object.entries(accuracies).flatMap(([label, values]) =>
    values.map((accuracy, i) => trial(label, firstSeed + i, accuracy)),
  );
  return summarize({ ...smallSpec(), variants, ...changes }, engine, trials);
}

it('names the side that is no results', () => {
  const own = results({ A: [0.5] });
  expect(() => compareResults(undefined as never, own)).toThrow("The 'first' parameter of compareResults");
  expect(() => compareResults(own, { ...own, version: 1 } as never)).toThrow(
    "The 'second' parameter of compareResults",
  );
});

const plain = [0.8, 0.83, 0.78, 0.81, 0.86];
const gains = [0.02, 0.03, 0.025, 0.02, 0.03];
const better = plain.map((value, i) => value + gains[i]);

describe('compareResults', () => {
  it('pairs equal seeds where data and split are the same', () => {
    const { matches } = compareResults(results({ A: plain }), results({ A: better }));
    const { difference, p } = pairedTTest(better, plain);
    expect(matches[0]).toMatchObject({
      sameData: true,
      method: 'paired',
      n: 5,
      difference: { mean: difference.mean, ci95: difference.ci95 },
      p,
      verdict: 'better',
    });
    expect(matches[0].test).toEqual([estimateShare(plain), estimateShare(better)]);
    expect(compareResults(results({ A: better }), results({ A: plain })).matches[0].verdict).toBe('worse');
  });

  it.each<[string, Partial<ExperimentSpec>, number]>([
    ['another split', { split: { ...smallSpec().split, randomState: 99 } }, 0],
    ['one common seed', {}, 4],
    ['no common seed', {}, 5],
  ])('uses Welch with %s', (_, changes, firstSeed) => {
    const [first, second] = [results({ A: plain }), results({ A: better }, changes, firstSeed)];
    const { matches } = compareResults(first, second);
    const { mean, ci95, p } = welch([estimateShare(plain), estimateShare(better)]);
    expect(matches[0].sameData).toBe(Object.keys(changes).length === 0);
    // The same gain that pairing shows is lost in the scatter of the seeds.
    expect(matches[0]).toMatchObject({ method: 'unpaired', n: null, difference: { mean, ci95 }, p });
    expect(matches[0].verdict).toBe('no difference shown');
  });

  it('pairs only the seeds that both have', () => {
    const { matches } = compareResults(results({ A: plain }), results({ A: better }, {}, 2));
    expect(matches[0]).toMatchObject({ method: 'paired', n: 3 });
    expect(matches[0].test).toEqual([estimateShare(plain.slice(2)), estimateShare(better.slice(0, 3))]);
  });

  it('corrects for the number of variants', () => {
    const { matches } = compareResults(results({ A: plain, B: plain }), results({ A: better, B: better }));
    for (const { p, pAdjusted } of matches) expect(pAdjusted).toBe(2 * p!);
  });

  it('calls equal runs identical, and one seed no proof', () => {
    const same = compareResults(results({ A: plain }), results({ A: plain }));
    expect(same.matches[0]).toMatchObject({ verdict: 'identical', difference: { mean: 0 }, p: 1 });
    expect(same.specDifferences).toEqual([]);
    const [one] = compareResults(results({ A: [0.8] }), results({ A: [0.9] })).matches;
    expect(one).toMatchObject({ method: 'paired', n: 1, difference: { ci95: null }, p: null, pAdjusted: null });
    expect(one.verdict).toBe('no difference shown');
    const [several] = compareResults(results({ A: [0.8] }), results({ A: plain }, {}, 7)).matches;
    expect(several).toMatchObject({ method: 'unpaired', difference: { ci95: null }, p: null });
  });

  it('compares variants by label and names the others', () => {
    const { matches, unmatched } = compareResults(results({ A: plain, B: plain }), results({ C: plain, B: plain }));
    expect(matches.map(({ variant }) => variant)).toEqual(['B']);
    expect(unmatched).toEqual([['A'], ['C']]);
    expect(() => compareResults(results({ A: plain }), results({ B: plain }))).toThrow(
      /a variant of the first's \(A\)\. Got "B"/,
    );
  });

  it('counts folds, not their seeds, and widens for their overlap', () => {
    const split = { folds: 3, validationSize: 0.25, randomState: 1 };
    const folded = (shift: number) => {
      const trials = [0, 1, 2].flatMap((index) =>
        [1, 2].map((seed) => trial('A', seed, 0.8 + shift * (1 + index) + seed / 100, { fold: { index, of: 3 } })),
      );
      return summarize({ ...smallSpec(), split, variants: [{ label: 'A' }] }, engine, trials);
    };
    const [match] = compareResults(folded(0), folded(0.01)).matches;
    const difference = estimate([0.01, 0.02, 0.03], 1 / (2 * 0.75));
    expect(match).toMatchObject({ method: 'paired', n: 3 });
    expect(match.difference.mean).toBeCloseTo(0.02, 12);
    expect(match.difference.ci95![0]).toBeCloseTo(difference.ci95![0], 12);
  });

  it('takes the chosen point of a sweep', () => {
    const swept = (best: number) => {
      const trials = [0.1, 0.2].flatMap((l2) =>
        [0, 1].map((seed) =>
          trial('A', seed, 0.8 + l2 + seed / 100, {
            point: { 'network.l2': l2 },
            validation: { loss: 1, accuracy: 1, dataLoss: l2 === best ? 0.1 : 0.9 },
          }),
        ),
      );
      return summarize({ ...smallSpec(), variants: [{ label: 'A' }] }, engine, trials);
    };
    const [match] = compareResults(swept(0.1), swept(0.2)).matches;
    expect(match.points).toEqual([{ 'network.l2': 0.1 }, { 'network.l2': 0.2 }]);
    expect(match.difference.mean).toBeCloseTo(0.1, 12);
    expect(match.method).toBe('paired');
    expect(compareResults(results({ A: plain }), swept(0.1)).matches[0].points![0]).toBeUndefined();
  });

  it('calls other data not comparable', () => {
    const second = results({ A: better }, { dataset: { builtin: 'wine' } });
    const [match] = compareResults(results({ A: plain }), second).matches;
    expect(match).toMatchObject({
      sameData: false,
      method: 'none',
      p: null,
      pAdjusted: null,
      verdict: 'not comparable',
    });
    expect(match.test).toEqual([estimateShare(plain), estimateShare(better)]);
  });

  it('takes any label', () => {
    const labels = ['toString', 'constructor', '__proto__', 'hasOwnProperty'];
    const all = (values: number[]) => results(Object.fromEntries(labels.map((label) => [label, values])));
    const { matches, specDifferences } = compareResults(all(plain), all(better));
    expect(matches.map(({ variant, verdict }) => [variant, verdict])).toEqual(labels.map((label) => [label, 'better']));
    expect(specDifferences).toEqual([]);
    const lacking = compareResults(all(plain), results({ constructor: plain }));
    expect(lacking.unmatched).toEqual([['toString', '__proto__', 'hasOwnProperty'], []]);
    expect(lacking.specDifferences.map(({ path }) => path)).toEqual([
      'variants[toString]',
      'variants[__proto__]',
      'variants[hasOwnProperty]',
    ]);
  });

  it('refuses runs that other metrics decide', () => {
    const loss = results({ A: plain }, { metric: 'dataLoss' });
    expect(() => compareResults(results({ A: plain }), loss)).toThrow(
      /results in which the same metric decides as in the first \(accuracy\)\. Got "dataLoss"/,
    );
    expect(compareResults(loss, results({ A: better }, { metric: 'dataLoss' })).matches[0].verdict).toBe('better');
  });

  it('tells what differs in the specs, variants by label', () => {
    const variants = [{ label: 'A', network: { dropout: 0.5 } }];
    const second = results({ A: plain }, { variants, seeds: [7], name: 'other' });
    second.engine = { ...engine, version: 'next' };
    const { specDifferences } = compareResults(results({ A: plain }, { $schema: 'x' }), second);
    expect(specDifferences).toEqual([
      { path: 'name', values: ['small', 'other'] },
      { path: 'variants[A].network', values: [undefined, { dropout: 0.5 }] },
      { path: 'seeds', values: [[7, 8], [7]] },
      { path: 'engine.version', values: ['test', 'next'] },
    ]);
  });

  it('knows data files by their contents where these are on record', () => {
    const compared = (a: object, b: object) => {
      const { matches, filesUnchecked } = compareResults(
        results({ A: plain }, { dataset: { csv: 'a.csv', ...a } }),
        results({ A: plain }, { dataset: { csv: 'b.csv', ...b } }),
      );
      return { sameData: matches[0].sameData, filesUnchecked };
    };
    expect(compared({ sha256: 'x' }, { sha256: 'x' })).toEqual({ sameData: true, filesUnchecked: false });
    expect(compared({ sha256: 'x' }, { sha256: 'y' })).toEqual({ sameData: false, filesUnchecked: false });
    expect(compared({}, { csv: 'a.csv' })).toEqual({ sameData: true, filesUnchecked: true });
  });
});
