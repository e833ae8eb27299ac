// Compares two experiments: the variants that both have, side by side, and what differs between the specs.
import { fail } from '../errors/index.ts';
import { type Estimate, estimate, estimateShare, pairedTTest, welch } from '../statistics/index.ts';
import { corrected, pair, perUnit, verdictOf } from './compare-variants.ts';
import type { ComparisonVerdict, Results, TrialResult } from './results.ts';
import {
  type CsvSpec,
  completed,
  type DatasetSpec,
  type ExperimentSpec,
  type NpySpec,
  type NpzSpec,
  type SweepPoint,
  specRules,
} from './spec.ts';
import { foldOverlap, isChosen } from './summarize.ts';
import type { DecidingMetric } from './task.ts';
import { checkResults } from './validate-results.ts';

/** One variant in the first and in the second results. */
export interface VariantMatch {
  variant: string;
  /** Only where a result has a sweep: the chosen points. */
  points?: [first: SweepPoint | undefined, second: SweepPoint | undefined];
  /** Over the pairs where there are some. */
  test: [first: Estimate, second: Estimate];
  /** Whether both name the same data and the same split. */
  sameData: boolean;
  /**
   * `'paired'`: over the `n` seeds (or folds) that both have; `'unpaired'`: between all of them by Welch's method, where
   * the splits differ or fewer than two pairs are left; `'none'` where the data differ.
   */
  method: 'paired' | 'unpaired' | 'none';
  /** Second minus first, in the metric that decides on the test part. */
  difference: { mean: number; ci95: [low: number, high: number] | null };
  /** Pairs; null without pairing. */
  n: number | null;
  /** Two-sided; null where there are too few trials, or the data differ. */
  p: number | null;
  /** Corrected for the number of variants. */
  pAdjusted: number | null;
  /**
   * Of the second over the first, at the 5 % level of `pAdjusted`; `'identical'` when all pairs agree to the last digit,
   * `'not comparable'` where the data differ.
   */
  verdict: ComparisonVerdict | 'identical' | 'not comparable';
}

/** A place where two specs differ; a value is undefined where it is not there. */
export interface SpecDifference {
  /** Such as `training.epochs`, or `variants[Dropout].network.dropout`. */
  path: string;
  values: [first: unknown, second: unknown];
}

/** What {@link compareResults} finds. */
export interface ResultsComparison {
  /** The metric that both are compared in, and how it is read. */
  metric: DecidingMetric;
  /** Whether the data come from files whose contents are not on record, so that only their names can be compared. */
  filesUnchecked: boolean;
  matches: VariantMatch[];
  /** Labels that only the first and only the second have. */
  unmatched: [first: string[], second: string[]];
  specDifferences: SpecDifference[];
}

/**
 * Compares `second` with `first`, variant by variant of the same label; with a sweep at its chosen point.
 *
 * @throws ParameterError when they have no variant in common, or different metrics decide.
 * @example
 * ```js
 * import { compareResults, presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const short = { ...moons, seeds: [1, 2], training: { ...moons.training, epochs: 1 } };
 * const long = { ...short, training: { ...short.training, epochs: 2 } };
 * const [first, second] = [await runExperiment(short), await runExperiment(long)];
 * for (const { variant, difference } of compareResults(first.results, second.results).matches) {
 *   console.log(variant, difference.mean);
 * }
 * ```
 */
export function compareResults(first: Results, second: Results): ResultsComparison {
  const sides = [
    checkResults('compareResults', 'first', first),
    checkResults('compareResults', 'second', second),
  ] as const;
  const labels = sides.map(({ summary }) => [...new Set(summary.map(({ variant }) => variant))]);
  const common = labels[0].filter((label) => labels[1].includes(label));
  if (common.length === 0) {
    const rule = `results with a variant of the first's (${labels[0].join(', ')})`;
    fail('compareResults', 'second', rule, labels[1].join(', '));
  }
  if (first.metric !== second.metric) {
    const rule = `results in which the same metric decides as in the first (${first.metric})`;
    fail('compareResults', 'second', rule, second.metric, "State the spec's 'metric' and run one of them again.");
  }
  const metric = { name: first.metric, ...first.metrics[first.metric] };
  const matches = common.map((variant) => match(variant, metric, sides));
  const adjusted = corrected(matches);
  return {
    metric,
    filesUnchecked: sides.some(({ spec: { dataset } }) => isFile(dataset) && !dataset.sha256),
    matches: matches.map((own, i) => {
      const pAdjusted = adjusted[i];
      const verdict = verdictOf(own.difference.mean, pAdjusted, metric);
      return { ...own, pAdjusted, verdict: verdict === 'no difference shown' ? own.verdict : verdict };
    }),
    unmatched: [
      labels[0].filter((label) => !labels[1].includes(label)),
      labels[1].filter((label) => !labels[0].includes(label)),
    ],
    specDifferences: differences(setup(first), setup(second)),
  };
}

function match(
  variant: string,
  { name: metric, unit }: DecidingMetric,
  sides: readonly [Results, Results],
): VariantMatch {
  const trials = both(sides, ({ trials, sweep }) =>
    trials.filter((trial) => trial.variant === variant && isChosen(sweep, variant, trial.point)),
  );
  const dependences = both(sides, ({ spec }, i) => foldOverlap(spec, trials[i]));
  const points = both(sides, (_, i) => trials[i][0].point);
  const [a, b] = both(sides, ({ spec }) => dataOf(spec));
  const isSame = (key: 'dataset' | 'split') => differences(a[key], b[key]).length === 0;
  const sameData = isSame('dataset') && isSame('split');
  const estimates = (values: readonly [number[], number[]]) =>
    both(sides, (_, i) => (unit === 'share' ? estimateShare : estimate)(values[i], dependences[i]));
  const all = estimates(both(sides, (_, i) => perUnit(trials[i], ({ test }) => test[metric])));
  const common = { variant, ...(points.some(Boolean) && { points }), test: all, sameData, n: null, pAdjusted: null };
  const pairs = sameData ? pair(trials[1], trials[0]) : [];
  const base = perUnit(pairs, ({ base }) => base.test[metric]);
  const own = perUnit(pairs, ({ own }) => own.test[metric]);
  if (own.length > 1 || (own.length === 1 && all.some(({ n }) => n === 1))) {
    const { difference, p } = pairedTTest(own, base, dependences[0]);
    const { mean, ci95, n } = difference;
    const verdict = pairs.every(({ own, base }) => sameTest(own, base)) ? 'identical' : 'no difference shown';
    return { ...common, test: estimates([base, own]), method: 'paired', difference: { mean, ci95 }, n, p, verdict };
  }
  if (!isSame('dataset')) {
    const difference = { mean: all[1].mean - all[0].mean, ci95: null };
    return { ...common, method: 'none', difference, p: null, verdict: 'not comparable' };
  }
  const { mean, ci95, p } = welch(all, dependences);
  return { ...common, method: 'unpaired', difference: { mean, ci95 }, p, verdict: 'no difference shown' };
}

function both<T>(sides: readonly [Results, Results], value: (side: Results, index: 0 | 1) => T): [T, T] {
  return [value(sides[0], 0), value(sides[1], 1)];
}

const sameTest = (a: TrialResult, b: TrialResult) => JSON.stringify(a.test) === JSON.stringify(b.test);

const isFile = (dataset: DatasetSpec): dataset is CsvSpec | NpySpec | NpzSpec =>
  !('generator' in dataset || 'builtin' in dataset);

/** What makes the data and the split of two experiments the same: for files on record it is their bytes, wherever they are. */
function dataOf(spec: ExperimentSpec): { dataset: object; split: object } {
  const dataset = completed(specRules.dataset, spec.dataset) as DatasetSpec;
  const split = completed(specRules.split, spec.split) as object;
  if (!isFile(dataset) || !dataset.sha256) return { dataset, split };
  const contents = Object.entries(dataset).filter(([key]) => !['csv', 'npy', 'npz'].includes(key));
  return { dataset: Object.fromEntries(contents), split };
}

/** What can explain a difference, with variants by label instead of position. */
function setup({ engine, spec: { $schema, ...spec } }: Results): object {
  return {
    ...spec,
    variants: Object.fromEntries(spec.variants.map(({ label, ...variant }) => [label, variant])),
    engine,
  };
}

/** Where two JSON values differ; lists are compared as a whole. */
function differences(first: unknown, second: unknown, path = ''): SpecDifference[] {
  if (!isObject(first) || !isObject(second)) {
    return JSON.stringify(first) === JSON.stringify(second) ? [] : [{ path, values: [first, second] }];
  }
  return [...new Set([...Object.keys(first), ...Object.keys(second)])].flatMap((key) => {
    const inner = path === 'variants' ? `variants[${key}]` : path ? `${path}.${key}` : key;
    return differences(own(first, key), own(second, key), inner);
  });
}

const own = (object: Record<string, unknown>, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
