// MinMaxScaler: features mapped linearly onto a given range.
import type { Matrix } from '../data/index.ts';
import { boolean, type GivenOptions, number, pair, type ResolvedOptions, vector } from '../errors/index.ts';
import { defineTransformer, mapColumns, scaleOf } from './define-transformer.ts';

const options = {
  featureRange: pair(number('(-inf, inf)'), {
    default: [0, 1],
    describe: 'Where the smallest and the largest training value go',
  }),
  clip: boolean({ default: false, describe: 'Whether transformed values outside the range are moved to its ends' }),
};

/**
 * Maps each feature linearly so that the training data, seen by `fit`, span `featureRange`. A feature that is constant,
 * but for rounding, is only moved to the range's start.
 *
 * A fitted one has, for each feature, `dataMin`, `dataMax` and `dataRange`, the extremes of the training data and the
 * distance between them, and `scale` and `min`, so that transformed = x * scale + min. Values are those of scikit-learn's
 * `MinMaxScaler` for float64 data; NaN, a missing value, is left out and stays. Results have the element type of the input; statistics are float64.
 *
 * @example
 * ```js
 * import { MinMaxScaler } from 'regulus';
 *
 * const train = { data: Float64Array.of(1, 10, 3, 20, 2, 15), shape: [3, 2] };
 * const scaler = new MinMaxScaler({ featureRange: [-1, 1] }).fit(train);
 * console.log(scaler.transform(train).data, scaler.dataMax); // [-1, -1, 1, 1, 0, 0] [3, 20]
 * ```
 */
export const MinMaxScaler = defineTransformer({
  type: 'MinMaxScaler',
  describe: 'Features mapped linearly onto a given range',
  allowsMissing: true,
  options,
  state: {
    dataMin: vector('(-inf, inf)', { describe: 'Smallest training value of each feature' }),
    dataMax: vector('(-inf, inf)', { describe: 'Largest training value of each feature' }),
    dataRange: vector('(-inf, inf)', { describe: 'Distance between the two' }),
    scale: vector('(0, inf)', { describe: 'Factor of each feature: transformed = x * scale + min' }),
    min: vector('(-inf, inf)', { describe: 'Offset of each feature: transformed = x * scale + min' }),
  },
  check: ({ featureRange: [low, high] }) =>
    low < high ? undefined : { option: 'featureRange', rule: '[min, max] with min below max' },
  fit: columnRanges,
  transform(x, { scale, min }, { featureRange, clip }) {
    if (!clip) return mapColumns(x, (value, j) => value * scale[j] + min[j]);
    const [low, high] = featureRange.map((end) => end + 0); // 0 for -0, which JSON does not have
    return mapColumns(x, (value, j) => Math.min(high, Math.max(low, value * scale[j] + min[j])));
  },
  inverseTransform: (x, { scale, min }) => mapColumns(x, (value, j) => (value - min[j]) / scale[j]),
});

/**
 * Options of {@link MinMaxScaler}. `featureRange`: where the smallest and the largest training value
 * go, default [0, 1]. `clip`: whether transformed values outside this range are moved to its ends, default false.
 * @interface
 */
export type MinMaxScalerOptions = GivenOptions<typeof MinMaxScaler.definition.options>;

/** An instance of the class `MinMaxScaler`. */
export type MinMaxScaler = InstanceType<typeof MinMaxScaler>;

function columnRanges({ data, shape }: Matrix, { featureRange: [low, high] }: ResolvedOptions<typeof options>) {
  const columns = shape[1];
  const dataMin = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const dataMax = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < data.length; i++) {
    const j = i % columns;
    if (data[i] < dataMin[j]) dataMin[j] = data[i];
    if (data[i] > dataMax[j]) dataMax[j] = data[i];
  }
  const dataRange = dataMax.map((max, j) => max - dataMin[j]);
  const scale = dataRange.map((range) => (high - low) / scaleOf(range));
  const min = scale.map((factor, j) => low - dataMin[j] * factor);
  return { dataMin, dataMax, dataRange, scale, min };
}
