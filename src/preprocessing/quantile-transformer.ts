// QuantileTransformer: features mapped by their ranks to a uniform or normal distribution.
import { anyOf, integer, list, oneOf, vector } from '../errors/index.ts';
import { RandomState, seedRule } from '../random/index.ts';
import { defineTransformer, mapColumns, quantileOf, sortedColumns } from './define-transformer.ts';
import { normalQuantile, normalShare } from './normal.ts';

/** Ranks nearer to 0 and 1 than this are their ends, so that normal values stay finite. @hidden */
export const QUANTILE_BOUND = 1e-7;

/**
 * Replaces each value by the share of training values below it, interpolated between quantiles: the distribution of each
 * feature becomes uniform or normal, whatever it was, and outliers come close.
 *
 * Options: `nQuantiles`, default 1000, at most the number of rows; `outputDistribution`, `'uniform'` (default) or
 * `'normal'`; `subsample`, the rows from which the quantiles are taken, default 100,000, drawn with `randomState`, default 0. A fitted
 * one has `quantiles`, a vector for each feature. Values are those of scikit-learn's `QuantileTransformer`; NaN, a missing value, is
 * left out and stays.
 *
 * @example
 * ```js
 * import { QuantileTransformer } from 'regulus/tables';
 *
 * const incomes = { data: Float64Array.of(10, 20, 30, 40, 5000), shape: [5, 1] };
 * console.log(new QuantileTransformer({ nQuantiles: 5 }).fitTransform(incomes).data); // [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export const QuantileTransformer = defineTransformer({
  type: 'QuantileTransformer',
  describe: 'Features mapped by their ranks to a uniform or normal distribution',
  allowsMissing: true,
  options: {
    nQuantiles: integer(1, { default: 1000, describe: 'Number of quantiles, at most that of the rows' }),
    outputDistribution: oneOf(['uniform', 'normal'], { default: 'uniform', describe: 'What features become' }),
    subsample: integer(1, { default: 100_000, describe: 'Rows from which the quantiles are taken' }),
    // Not spread, because a definition that spreads an object would stay in every bundle.
    randomState: anyOf([seedRule], { default: 0, describe: 'Seed of the draw of these rows' }),
  },
  state: {
    quantiles: list(vector('(-inf, inf)'), { describe: 'Quantiles of each feature, from the least to the greatest' }),
  },
  check: ({ nQuantiles, subsample }) =>
    nQuantiles <= subsample ? undefined : { option: 'nQuantiles', rule: `at most subsample (${subsample})` },
  fit({ data, shape: [rows, columns] }, { nQuantiles, subsample, randomState }) {
    const count = Math.min(nQuantiles, rows);
    const random = new RandomState(randomState as number);
    const quantiles = Array.from({ length: columns }, (_, j) => {
      const drawn = subsample < rows ? random.permutation(rows).subarray(0, subsample) : undefined;
      const values = Float64Array.from(
        { length: drawn?.length ?? rows },
        (_, i) => data[(drawn?.[i] ?? i) * columns + j],
      );
      const [sorted] = sortedColumns({ data: values, shape: [values.length, 1] });
      const found = Float64Array.from({ length: count }, (_, i) =>
        quantileOf(sorted, (quantileRank(i, count) * 100) / 100),
      );
      // Rounding must not make them descend.
      for (let i = 1; i < count; i++) found[i] = Math.max(found[i], found[i - 1]);
      return found;
    });
    return { quantiles };
  },
  transform(x, { quantiles }, { outputDistribution }) {
    const isNormal = outputDistribution === 'normal';
    const least = normalQuantile(QUANTILE_BOUND - Number.EPSILON);
    return mapColumns(x, (value, j) => {
      if (Number.isNaN(value)) return value;
      const share = shareOf(value, quantiles[j], isNormal ? QUANTILE_BOUND : 0);
      return isNormal ? Math.min(-least, Math.max(least, normalQuantile(share))) : share;
    });
  },
  inverseTransform(x, { quantiles }, { outputDistribution }) {
    const isNormal = outputDistribution === 'normal';
    return mapColumns(x, (value, j) => {
      const own = quantiles[j];
      const share = isNormal ? normalShare(value) : value;
      if (Number.isNaN(share)) return share;
      if (isNormal ? share < QUANTILE_BOUND : share <= 0) return own[0];
      if (isNormal ? share > 1 - QUANTILE_BOUND : share >= 1) return own[own.length - 1];
      const i = lastAtMost(share, own.length, (k) => quantileRank(k, own.length));
      const [low, high] = [quantileRank(i, own.length), quantileRank(i + 1, own.length)];
      return own[i] + ((own[i + 1] - own[i]) / (high - low)) * (share - low);
    });
  },
});

/** An instance of the class `QuantileTransformer`. */
export type QuantileTransformer = InstanceType<typeof QuantileTransformer>;

/** The share that belongs to the quantile i of `count`, rounded as NumPy does it, because ties are found by equality. @hidden */
export const quantileRank = (i: number, count: number) =>
  count === 1 ? 0 : i === count - 1 ? 1 : i * (1 / (count - 1));

/** The greatest i with at(i) ≤ x, where `at` ascends and at(0) ≤ x. */
function lastAtMost(x: number, count: number, at: (i: number) => number): number {
  let [low, high] = [0, count];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(middle) <= x) low = middle;
    else high = middle;
  }
  return low;
}

/** The share of the training values below `x`, those equal to it by half. */
function shareOf(x: number, quantiles: Float64Array, bound: number): number {
  const last = quantiles.length - 1;
  if (x - bound < quantiles[0] || x <= quantiles[0]) return 0;
  if (bound === 0 && last === 0) return 0;
  if (x + bound > quantiles[last] || x >= quantiles[last]) return 1;
  // Of equal quantiles, the last ones seen from below and the first ones seen from above.
  const i = lastAtMost(x, quantiles.length, (k) => quantiles[k]);
  const j = last - lastAtMost(-x, quantiles.length, (k) => -quantiles[last - k]);
  const between = (k: number, from: number, to: number) => {
    const share = quantileRank(from, quantiles.length);
    if (quantiles[k] === x) return share;
    const width = quantileRank(to, quantiles.length) - share;
    return share + (width / (quantiles[to] - quantiles[from])) * (x - quantiles[from]);
  };
  return 0.5 * (between(i, i, i + 1) + between(j, j, j - 1));
}
