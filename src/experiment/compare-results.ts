// Compares two experiments: the variants that both have, side by side, and what differs between the specs.
import { fail } from '../errors/index.ts';
import { level, pair, perUnit } from './compare-variants.ts';
import type { ComparisonVerdict, Estimate, Results, TrialResult } from './results.ts';
import type { DatasetSpec, ExperimentSpec, FileSpec, SweepPoint } from './spec.ts';
import { estimate, holm, tTest, welch } from './statistics.ts';
import { foldOverlap, isChosen } from './summarize.ts';

/** One variant in the first and in the second results. */
export interface VariantMatch {
  variant: string;
  /** Only where a result has a sweep: the chosen points. */
  points?: [first: SweepPoint | undefined, second: SweepPoint | undefined];
  /** Over the pairs where there are some. */
  testAccuracy: [first: Estimate, second: Estimate];
  /** Whether both name the same data and the same split. */
  sameData: boolean;
  /**
   * `'paired'`: over the `n` seeds (or folds) that both have; `'unpaired'`: between all of them by Welch's method, where
   * data or split differ or fewer than two pairs are left.
   */
  method: 'paired' | 'unpaired';
  /** Second minus first, in test accuracy. */
  difference: { mean: number; ci95: [low: number, high: number] | null };
  /** Pairs; null without pairing. */
  n: number | null;
  /** Two-sided; null where there are too few trials, or without pairing no scatter. */
  p: number | null;
  /** Corrected for the number of variants. */
  pAdjusted: number | null;
  /** Of the second over the first, at the 5 % level of `pAdjusted`; `'identical'` when all pairs agree to the last digit. */
  verdict: ComparisonVerdict | 'identical';
}

/** A place where two specs differ; a value is undefined where it is not there. */
export interface SpecDifference {
  /** Such as `training.epochs`, or `variants[Dropout].network.dropout`. */
  path: string;
  values: [first: unknown, second: unknown];
}

/** What {@link compareResults} finds. */
export interface ResultsComparison {
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
 * @throws ParameterError when they have no variant in common.
 */
export function compareResults(first: Results, second: Results): ResultsComparison {
  const sides = [first, second] as const;
  const labels = sides.map(({ summary }) => [...new Set(summary.map(({ variant }) => variant))]);
  const common = labels[0].filter((label) => labels[1].includes(label));
  if (common.length === 0) {
    const rule = `results with a variant of the first's (${labels[0].join(', ')})`;
    fail('compareResults', 'second', rule, labels[1].join(', '));
  }
  const matches = common.map((variant) => match(variant, sides));
  const adjusted = holm(matches.flatMap(({ p }) => (p === null ? [] : [p])));
  let next = 0;
  return {
    filesUnchecked: sides.some(({ spec: { dataset } }) => isFile(dataset) && !dataset.sha256),
    matches: matches.map((own) => {
      const pAdjusted = own.p === null ? null : adjusted[next++];
      const shown = pAdjusted !== null && pAdjusted < level;
      const verdict = !shown ? own.verdict : own.difference.mean > 0 ? 'better' : 'worse';
      return { ...own, pAdjusted, verdict };
    }),
    unmatched: [
      labels[0].filter((label) => !labels[1].includes(label)),
      labels[1].filter((label) => !labels[0].includes(label)),
    ],
    specDifferences: differences(setup(first), setup(second)),
  };
}

function match(variant: string, sides: readonly [Results, Results]): VariantMatch {
  const trials = both(sides, ({ trials, sweep }) =>
    trials.filter((trial) => trial.variant === variant && isChosen(sweep, variant, trial.point)),
  );
  const dependences = both(sides, ({ spec }, i) => foldOverlap(spec, trials[i]));
  const points = both(sides, (_, i) => trials[i][0].point);
  const [a, b] = both(sides, ({ spec }, i) => dataOf(spec, points[i]));
  const sameData = differences(a, b).length === 0;
  const common = { variant, ...((points[0] || points[1]) && { points }), sameData, pAdjusted: null };
  const over = <T extends Pick<TrialResult, 'fold'>>(some: readonly T[], value: (one: T) => number, i: 0 | 1) =>
    estimate(perUnit(some, value), dependences[i]);
  const all = both(sides, (_, i) => over(trials[i], ({ test }) => test.accuracy, i));
  const pairs = sameData ? pair(trials[1], trials[0]) : [];
  const gain = pairs.length > 0 ? over(pairs, ({ own, base }) => own.test.accuracy - base.test.accuracy, 0) : undefined;
  if (gain && (gain.n > 1 || all.some(({ n }) => n === 1))) {
    return {
      ...common,
      testAccuracy: [over(pairs, ({ base }) => base.test.accuracy, 0), over(pairs, ({ own }) => own.test.accuracy, 1)],
      method: 'paired',
      difference: { mean: gain.mean, ci95: gain.ci95 },
      n: gain.n,
      p: tTest(gain, dependences[0]),
      verdict: pairs.every(({ own, base }) => sameTest(own, base)) ? 'identical' : 'no difference shown',
    };
  }
  const { mean, ci95, p } = welch(all, dependences);
  return {
    ...common,
    testAccuracy: all,
    method: 'unpaired',
    difference: { mean, ci95 },
    n: null,
    p,
    verdict: 'no difference shown',
  };
}

function both<T>(sides: readonly [Results, Results], value: (side: Results, index: 0 | 1) => T): [T, T] {
  return [value(sides[0], 0), value(sides[1], 1)];
}

const sameTest = (a: TrialResult, b: TrialResult) => a.test.loss === b.test.loss && a.test.accuracy === b.test.accuracy;

type FileDataset = Extract<DatasetSpec, FileSpec>;

const isFile = (dataset: DatasetSpec): dataset is FileDataset => !('generator' in dataset || 'builtin' in dataset);

/** What makes a trial's data and split the same: for files on record it is their bytes, wherever they are. */
function dataOf({ dataset, split }: ExperimentSpec, point: SweepPoint = {}): object {
  const swept = Object.entries(point).filter(([path]) => /^(dataset|split)\./.test(path));
  if (!isFile(dataset) || !dataset.sha256) return { dataset, split, swept };
  const contents = Object.entries(dataset).filter(([key]) => !['csv', 'npy', 'npz'].includes(key));
  return { dataset: Object.fromEntries(contents), split, swept };
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
    return differences(first[key], second[key], inner);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
