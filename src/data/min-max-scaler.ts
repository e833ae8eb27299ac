// MinMaxScaler: features mapped linearly onto a given range.
import { checkBoolean, checkKeys, checkNumber, fail } from '../errors/index.ts';
import { checkMatrix } from './check.ts';
import { fitted, mapColumns } from './fitted.ts';
import type { Matrix } from './types.ts';

/** Options of {@link MinMaxScaler}. */
export interface MinMaxScalerOptions {
  /** Where the smallest and the largest training value go; default [0, 1]. */
  featureRange?: readonly [min: number, max: number];
  /** Whether transformed values outside the range are moved to its ends; default false. */
  clip?: boolean;
}

interface Statistics {
  dataMin: Float64Array;
  dataMax: Float64Array;
  scale: Float64Array;
  min: Float64Array;
}

/**
 * Maps each feature linearly so that the training data, seen by `fit`, span `featureRange`. A feature that is constant,
 * but for rounding, is only moved to the range's start.
 *
 * Values are those of scikit-learn's `MinMaxScaler` for float64 data. Results have the element type of the input.
 */
export class MinMaxScaler {
  readonly #range: readonly [number, number];
  readonly #clip: boolean;
  #statistics: Statistics | undefined;

  constructor(options: MinMaxScalerOptions = {}) {
    const where = 'MinMaxScaler';
    checkKeys(where, options, ['featureRange', 'clip']);
    const { featureRange = [0, 1], clip = false } = options;
    if (!Array.isArray(featureRange) || featureRange.length !== 2) {
      fail(where, 'featureRange', 'a pair [min, max]', featureRange);
    }
    const low = checkNumber(where, 'featureRange[0]', featureRange[0], '(-inf, inf)');
    const high = checkNumber(where, 'featureRange[1]', featureRange[1], `(${low}, inf)`);
    this.#range = [low, high];
    this.#clip = checkBoolean(where, 'clip', clip);
  }

  /** Smallest training value of each feature. */
  get dataMin(): Float64Array {
    return fitted('MinMaxScaler.dataMin', this.#statistics).dataMin;
  }

  /** Largest training value of each feature. */
  get dataMax(): Float64Array {
    return fitted('MinMaxScaler.dataMax', this.#statistics).dataMax;
  }

  /** Factor of each feature: transformed = x * scale + min. */
  get scale(): Float64Array {
    return fitted('MinMaxScaler.scale', this.#statistics).scale;
  }

  /** Offset of each feature: transformed = x * scale + min. */
  get min(): Float64Array {
    return fitted('MinMaxScaler.min', this.#statistics).min;
  }

  /** Learns the extremes of `x` ([samples, features]), forgetting earlier ones. */
  fit(x: Matrix): this {
    const { data, shape } = checkMatrix('MinMaxScaler.fit', 'x', x);
    const columns = shape[1];
    const [low, high] = this.#range;
    const dataMin = Float64Array.from(data.subarray(0, columns));
    const dataMax = dataMin.slice();
    for (let i = columns; i < data.length; i++) {
      const j = i % columns;
      if (data[i] < dataMin[j]) dataMin[j] = data[i];
      if (data[i] > dataMax[j]) dataMax[j] = data[i];
    }
    const scale = dataMax.map((max, j) => {
      const spread = max - dataMin[j];
      return (high - low) / (spread < 10 * Number.EPSILON ? 1 : spread);
    });
    const min = scale.map((factor, j) => low - dataMin[j] * factor);
    this.#statistics = { dataMin, dataMax, scale, min };
    return this;
  }

  /** x * scale + min, clipped if so configured. */
  transform(x: Matrix): Matrix {
    const { scale, min } = this.#checked('transform', x);
    const [low, high] = this.#clip ? this.#range : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    return mapColumns(x, (value, j) => Math.min(high, Math.max(low, value * scale[j] + min[j])));
  }

  /** `fit(x)`, then `transform(x)`. */
  fitTransform(x: Matrix): Matrix {
    return this.fit(x).transform(x);
  }

  /** (x - min) / scale, the inverse of {@link transform} but for rounding and clipping. */
  inverseTransform(x: Matrix): Matrix {
    const { scale, min } = this.#checked('inverseTransform', x);
    return mapColumns(x, (value, j) => (value - min[j]) / scale[j]);
  }

  #checked(method: string, x: Matrix): Statistics {
    const where = `MinMaxScaler.${method}`;
    const statistics = fitted(where, this.#statistics);
    checkMatrix(where, 'x', x, { features: statistics.scale.length, allowEmpty: true });
    return statistics;
  }
}
