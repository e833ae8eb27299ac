// StandardScaler: features with mean 0 and variance 1.
import { checkMatrix } from './check.ts';
import { fitted, mapColumns } from './fitted.ts';
import type { Matrix } from './types.ts';

interface Statistics {
  mean: Float64Array;
  scale: Float64Array;
}

/**
 * Standardizes features: subtracts the mean and divides by the population standard deviation, both learnt by `fit`.
 * A feature that is constant, but for rounding, is only centered.
 *
 * Values are those of scikit-learn's `StandardScaler`. Results have the element type of the input; statistics are
 * float64.
 */
export class StandardScaler {
  #statistics: Statistics | undefined;

  /** Mean of each feature. */
  get mean(): Float64Array {
    return fitted('StandardScaler.mean', this.#statistics).mean;
  }

  /** Standard deviation of each feature, 1 for a constant one. */
  get scale(): Float64Array {
    return fitted('StandardScaler.scale', this.#statistics).scale;
  }

  /** Learns the statistics of `x` ([samples, features]), forgetting earlier ones. */
  fit(x: Matrix): this {
    this.#statistics = columnStatistics(checkMatrix('StandardScaler.fit', 'x', x));
    return this;
  }

  /** (x - mean) / scale. */
  transform(x: Matrix): Matrix {
    const { mean, scale } = this.#checked('transform', x);
    return mapColumns(x, (value, j) => (value - mean[j]) / scale[j]);
  }

  /** `fit(x)`, then `transform(x)`. */
  fitTransform(x: Matrix): Matrix {
    return this.fit(x).transform(x);
  }

  /** x * scale + mean, the inverse of {@link transform} but for rounding. */
  inverseTransform(x: Matrix): Matrix {
    const { mean, scale } = this.#checked('inverseTransform', x);
    return mapColumns(x, (value, j) => value * scale[j] + mean[j]);
  }

  #checked(method: string, x: Matrix): Statistics {
    const where = `StandardScaler.${method}`;
    const statistics = fitted(where, this.#statistics);
    checkMatrix(where, 'x', x, { features: statistics.mean.length, allowEmpty: true });
    return statistics;
  }
}

/** Mean and scale by the corrected two-pass algorithm (Chan, Golub and LeVeque 1983), as scikit-learn does. */
function columnStatistics({ data, shape: [rows, columns] }: Matrix): Statistics {
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns] += data[i];
  for (let j = 0; j < columns; j++) mean[j] /= rows;

  const deviations = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) {
    const deviation = data[i] - mean[i % columns];
    deviations[i % columns] += deviation;
    squares[i % columns] += deviation * deviation;
  }
  const scale = squares.map((square, j) => {
    const variance = (square - (deviations[j] * deviations[j]) / rows) / rows;
    // The algorithm's own rounding error bounds what can be told from a constant.
    const rounding = rows * mean[j] * Number.EPSILON;
    const isConstant = variance <= rows * Number.EPSILON * variance + rounding * rounding;
    return isConstant ? 1 : Math.sqrt(variance);
  });
  return { mean, scale };
}
