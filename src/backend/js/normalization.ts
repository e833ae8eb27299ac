// Batch normalization of the columns of a matrix and layer normalization of its rows, forward and backward.
import type { Kernels } from './kernels.ts';

export const normalization = {
  columnMoments(mean, variance, x, rows, columns) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += x[i * columns + j];
      const center = sum / rows;
      let squares = 0;
      for (let i = 0; i < rows; i++) {
        const deviation = x[i * columns + j] - center;
        squares += deviation * deviation;
      }
      mean[j] = center;
      variance[j] = squares / rows;
    }
  },
  normalize(y, x, mean, inverse, gamma, beta, rows, columns) {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) y[at] = (x[at] - mean[j]) * inverse[j] * gamma[j] + beta[j];
    }
  },
  normalizeBackward(dx, dGamma, dBeta, dy, x, mean, inverse, gamma, rows, columns) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      let product = 0;
      for (let at = j; at < rows * columns; at += columns) {
        sum += dy[at];
        product += dy[at] * (x[at] - mean[j]) * inverse[j];
      }
      dBeta[j] = sum;
      dGamma[j] = product;
      for (let at = j; at < rows * columns; at += columns) {
        const standardized = (x[at] - mean[j]) * inverse[j];
        dx[at] = gamma[j] * inverse[j] * (dy[at] - sum / rows - (standardized * product) / rows);
      }
    }
  },
  layerNormalize(y, z, inverse, x, gamma, beta, rows, columns, epsilon) {
    for (let i = 0; i < rows; i++) {
      const row = x.subarray(i * columns, (i + 1) * columns);
      const mean = row.reduce((sum, value) => sum + value, 0) / columns;
      const variance = row.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / columns;
      inverse[i] = 1 / Math.sqrt(variance + epsilon);
      for (let j = 0, at = i * columns; j < columns; j++, at++) {
        z[at] = (x[at] - mean) / Math.sqrt(variance + epsilon);
        y[at] = z[at] * gamma[j] + beta[j];
      }
    }
  },
  layerNormalizeBackward(dx, dy, z, inverse, gamma, rows, columns) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      let product = 0;
      for (let j = 0, at = i * columns; j < columns; j++, at++) {
        sum += dy[at] * gamma[j];
        product += dy[at] * gamma[j] * z[at];
      }
      for (let j = 0, at = i * columns; j < columns; j++, at++) {
        dx[at] = inverse[i] * (dy[at] * gamma[j] - sum / columns - (z[at] * product) / columns);
      }
    }
  },
  columnProducts(dGamma, dy, z, rows, columns) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let at = j; at < rows * columns; at += columns) sum += dy[at] * z[at];
      dGamma[j] = sum;
    }
  },
} satisfies Partial<Kernels>;
