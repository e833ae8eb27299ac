// Summaries and comparisons of made-up trials: seeds, folds, sweeps, and trials that are missing.
import { describe, expect, it } from 'vitest';
import { type ExperimentSpec, type Results, summarize, type TrialResult } from '../../src/experiment/index.ts';
import { pairedTTest } from '../../src/statistics/index.ts';
import { smallSpec } from './small-spec.ts';

const engine = { backend: 'wasm', numerics: 'reproducible', simd: 'simd128', version: 'test' } as const;

type Facts = Pick<TrialResult, 'point' | 'fold'> & { validationLoss?: number };

function trial(
  variant: string,
  seed: number,
  accuracy: number,
  { validationLoss = 0.5, ...facts }: Facts = {},
): TrialResult {
  return {
    variant,
    ...facts,
    seed,
    history: { trainLoss: [1], trainDataLoss: [1], trainAccuracy: [0.5], valDataLoss: [validationLoss] },
    epochs: 1,
    bestEpoch: 1,
    train: { loss: 0.3, dataLoss: 0.2, accuracy: accuracy + 0.05 },
    validation: { loss: validationLoss + 0.1, dataLoss: validationLoss, accuracy: 0.5 },
    test: { loss: 1.1 - accuracy, dataLoss: 1 - accuracy, accuracy },
  };
}

function spec(labels: string[]): ExperimentSpec {
  return { ...smallSpec(), variants: labels.map((label) => ({ label })) };
}

function summed(trials: TrialResult[]): Required<Results> {
  const labels = [...new Set(trials.map(({ variant }) => variant))];
  return summarize(spec(labels), engine, trials) as Required<Results>;
}

const seeds = Array.from({ length: 8 }, (_, seed) => seed);
/** Scatter that is the same for all variants, as from seeds that share their initial weights. */
const common = [0, 0.03, -0.02, 0.01, -0.03, 0.02, 0.015, -0.015];
/** Scatter of a variant's own. */
const own = [0.004, -0.003, 0.002, -0.004, 0.001, 0.003, -0.002, 0.0];

describe('comparisons', () => {
  it('pair trials by seed, so that what all variants share does not blur the difference', () => {
    const trials = [
      ...seeds.map((seed) => trial('Baseline', seed, 0.85 + common[seed])),
      ...seeds.map((seed) => trial('Dropout', seed, 0.88 + common[seed] + own[seed])).reverse(),
      ...seeds.map((seed) => trial('L1', seed, 0.84 + common[seed] + own[seed])),
      ...seeds.map((seed) => trial('L2', seed, 0.85 + common[seed] + own[seed])),
    ];
    const { comparisons, summary } = summed(trials);
    expect(comparisons.map(({ verdict }) => verdict)).toEqual(['better', 'worse', 'no difference shown']);
    expect(comparisons.map(({ text }) => text)).toEqual([
      'Dropout beats Baseline by 3.0 ± 0.2 points',
      'L1 falls behind Baseline by 1.0 ± 0.2 points',
      'No difference shown between L2 and Baseline (0.0 ± 0.2 points)',
    ]);
    const expected = pairedTTest(
      own.map((value) => 0.03 + value),
      own.map(() => 0),
    );
    expect(comparisons[0].difference.mean).toBeCloseTo(expected.difference.mean, 12);
    expect(comparisons[0].difference.sd).toBeCloseTo(expected.difference.sd!, 12);
    expect(comparisons[0].p).toBeCloseTo(expected.p!, 12);
    expect(comparisons[0].pAdjusted).toBeCloseTo(3 * comparisons[0].p!, 15);
    // The intervals of the variants themselves overlap: without pairing this would show nothing.
    expect(summary[0].testAccuracy.ci95![1]).toBeGreaterThan(summary[1].testAccuracy.ci95![0]);
  });

  it('use the seeds that both have, when some are missing', () => {
    const trials = [
      ...[1, 2, 3].map((seed) => trial('A', seed, 0.8 + seed / 100)),
      ...[2, 3, 4].map((seed) => trial('B', seed, 0.9 + seed / 100)),
    ];
    const [{ difference, p }] = summed(trials).comparisons;
    expect(difference.n).toBe(2);
    expect(difference.mean).toBeCloseTo(0.1, 12);
    expect(p).toBe(0); // both differences are equal
    expect(summed([trial('A', 1, 0.8), trial('B', 2, 0.8)]).comparisons).toEqual([]);
  });

  it('say that one seed shows nothing', () => {
    const [comparison] = summed([trial('A', 1, 0.8), trial('B', 1, 0.9)]).comparisons;
    expect(comparison).toMatchObject({ p: null, pAdjusted: null, verdict: 'no difference shown' });
    expect(comparison.text).toBe(
      'No difference shown between B and A: one pair (+10.00 points) says nothing about chance',
    );
  });

  it('say why, when the interval excludes zero and the correction does not let it count', () => {
    const labels = ['A', 'B', 'C', 'D', 'E', 'F'];
    const trials = labels.flatMap((label) =>
      seeds.map((seed) => trial(label, seed, 0.8 + (label === 'A' ? 0 : 0.0022 + own[seed]))),
    );
    const [{ text, p, difference }] = summed(trials).comparisons;
    expect(p).toBeLessThan(0.1);
    expect(difference.mean).toBeGreaterThan(0);
    expect(text).toMatch(/^No difference shown between B and A \(\+0\.2 ± 0\.2 points/);
  });

  it('are left out when the baseline has no finished trial', () => {
    const trials = ['B', 'C'].flatMap((label) => seeds.map((seed) => trial(label, seed, 0.8 + own[seed])));
    const { baseline, comparisons, best } = summarize(spec(['A', 'B', 'C']), engine, trials);
    expect([baseline, comparisons, best]).toEqual(['A', [], 'B']);
  });

  it('are in the metric that decides, in its own direction and unit', () => {
    const trials = [
      ...seeds.map((seed) => trial('A', seed, 0.8 + common[seed])),
      ...seeds.map((seed) => trial('B', seed, 0.83 + common[seed] + own[seed])),
      ...seeds.map((seed) => trial('C', seed, 0.78 + common[seed] + own[seed])),
    ];
    const results = summarize({ ...spec(['A', 'B', 'C']), metric: 'dataLoss' }, engine, trials);
    expect(results.metric).toBe('dataLoss');
    expect(results.metrics).toEqual({
      loss: { better: 'lower', unit: 'none' },
      dataLoss: { better: 'lower', unit: 'none' },
      accuracy: { better: 'higher', unit: 'share' },
    });
    expect(results.best).toBe('B');
    expect(results.comparisons.map(({ verdict }) => verdict)).toEqual(['better', 'worse']);
    expect(results.comparisons[0].text).toMatch(/^B beats A by 0\.0301 ± 0\.0024\d*$/);
    const [{ testDataLoss, trainDataLoss, gap, valDataLoss, testAccuracy }] = results.summary;
    expect(testDataLoss.mean).toBeCloseTo(0.2 - 0.00125, 12);
    expect(trainDataLoss.mean).toBeCloseTo(0.2, 12);
    // How much better the training part is: here the loss is lower.
    expect(gap.mean).toBeCloseTo(testDataLoss.mean - trainDataLoss.mean, 12);
    expect([valDataLoss.mean, testAccuracy.n]).toEqual([0.5, 8]);
  });

  it('do not depend on the order of trials', () => {
    const trials = seeds.flatMap((seed) => [trial('A', seed, 0.8 + own[seed]), trial('B', seed, 0.81 + common[seed])]);
    const sorted = [...trials].sort((a, b) => a.variant.localeCompare(b.variant));
    expect(summed(sorted).comparisons).toEqual(summed(trials).comparisons);
  });
});

describe('folds', () => {
  const folds = (label: string, shift: number) =>
    Array.from({ length: 5 }, (_, index) =>
      [1, 2].map((seed) =>
        trial(label, seed, 0.8 + shift * (1 + index / 10) + index / 50 + seed / 1000, { fold: { index, of: 5 } }),
      ),
    ).flat();

  it('count each fold once, however many seeds it has, and widen the interval for shared training data', () => {
    const { summary, comparisons, methods } = summed([...folds('A', 0), ...folds('B', 0.02)]);
    expect(summary[0].testAccuracy.n).toBe(5);
    const differences = Array.from({ length: 5 }, (_, index) => 0.02 * (1 + index / 10));
    const overlap = 1 / (4 * (1 - smallSpec().split.validationSize));
    const expected = pairedTTest(differences, [0, 0, 0, 0, 0], overlap);
    expect(comparisons[0].difference.n).toBe(5);
    expect(comparisons[0].difference.ci95![0]).toBeCloseTo(expected.difference.ci95![0], 12);
    expect(comparisons[0].p).toBeCloseTo(expected.p!, 12);
    expect(methods.estimate).toContain('Nadeau & Bengio');
  });
});

describe('sweeps', () => {
  const swept = (variant: string, l2: number, accuracy: number, validationLoss: number) =>
    [1, 2].map((seed) => trial(variant, seed, accuracy + seed / 100, { point: { 'network.l2': l2 }, validationLoss }));
  const { summary, sweep, comparisons, best } = summed([
    ...swept('A', 0.1, 0.95, 0.4),
    ...swept('A', 0.01, 0.8, 0.3),
    ...swept('B', 0.1, 0.9, 0.2),
    ...swept('B', 0.01, 0.99, 0.5),
  ]);

  it('sum up every point, choose by validation loss, not by test accuracy, and compare the choices', () => {
    expect(summary.map(({ variant, point }) => [variant, point])).toEqual([
      ['A', { 'network.l2': 0.1 }],
      ['A', { 'network.l2': 0.01 }],
      ['B', { 'network.l2': 0.1 }],
      ['B', { 'network.l2': 0.01 }],
    ]);
    expect(sweep.map(({ variant, point }) => [variant, point])).toEqual([
      ['A', { 'network.l2': 0.01 }],
      ['B', { 'network.l2': 0.1 }],
    ]);
    expect(comparisons).toHaveLength(1);
    expect(comparisons[0].difference.mean).toBeCloseTo(0.1, 12);
    expect(best).toBe('B');
  });

  it('choose by the metric that decides where the loss itself is swept', () => {
    const point = (labelSmoothing: number) => ({ 'training.loss.labelSmoothing': labelSmoothing });
    const [plain, smooth, equal] = [
      trial('A', 1, 0.8, { point: point(0), validationLoss: 0.1 }),
      trial('A', 1, 0.9, { point: point(0.2), validationLoss: 0.6 }),
      trial('A', 1, 0.9, { point: point(0.3), validationLoss: 0.5 }),
    ];
    smooth.validation.accuracy = equal.validation.accuracy = 0.9;
    const { sweep, methods } = summed([plain, smooth, equal]);
    expect(sweep.map(({ point, valDataLoss }) => [point, valDataLoss.mean])).toEqual([[point(0.2), 0.6]]);
    expect(methods.sweep).toContain('best mean validation accuracy, since losses differ');
  });

  it('look at the validation loss without the penalty', () => {
    const trials = [...swept('A', 0.1, 0.9, 0.1), ...swept('A', 0.01, 0.9, 0.2)];
    for (const own of trials) {
      own.validation = { loss: -own.validation.dataLoss, dataLoss: own.point!['network.l2'] as number, accuracy: 0.9 };
    }
    expect(summed(trials).sweep[0].point).toEqual({ 'network.l2': 0.01 });
  });
});
