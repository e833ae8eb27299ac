// The Backend in plain JavaScript, meant to be read: the oracle of the tests, the baseline of the benchmarks and the
// fallback where there is no SIMD. Storage is float32, arithmetic float64.
import { exp, log } from '../../random/index.ts';
import type { Backend, EngineInfo, Tensor } from '../backend.ts';
import { keepThreshold } from '../dropout-mask.ts';

class JsTensor<T extends Float32Array | Int32Array> implements Tensor<T> {
  readonly data: T;
  constructor(data: T) {
    this.data = data;
  }
  get length(): number {
    return this.data.length;
  }
}

/** Word i of the counter-based stream (key0, key1), as a signed integer; see assembly/random/counter.ts. */
function word(i: number, key0: number, key1: number): number {
  let x = (Math.imul(i, 0x9e3779b1) + key0) | 0;
  x ^= x >>> 16;
  x = (Math.imul(x, 0x7feb352d) + key1) | 0;
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}

/** The gradient with the penalties' share, g + l1·sign(w) + 2·l2·w. */
function penalized(g: number, w: number, l1: number, l2: number): number {
  return g + l1 * Math.sign(w) + 2 * l2 * w;
}

/** What the soft threshold t takes from w: w within [−t, t], ±t beyond. */
function taken(w: number, t: number): number {
  return Math.max(Math.min(w, t), -t);
}

/** The column of the first greatest value of the row that starts at `start`. */
function argmaxRow(x: Float32Array, start: number, columns: number): number {
  let best = 0;
  for (let j = 1; j < columns; j++) if (x[start + j] > x[start + best]) best = j;
  return best;
}

/** Writes exp(x − max) of a row to `out`; returns their sum. */
function exponentials(out: Float32Array, x: Float32Array, start: number, columns: number): number {
  const greatest = x[start + argmaxRow(x, start, columns)];
  let sum = 0;
  for (let j = start; j < start + columns; j++) {
    const e = exp(x[j] - greatest);
    out[j] = e;
    sum += e;
  }
  return sum;
}

/** A backend on typed arrays. */
export function jsBackend(info: EngineInfo): Backend {
  return {
    info,
    float32: (length) => new JsTensor(new Float32Array(length)),
    int32: (length) => new JsTensor(new Int32Array(length)),
    free() {},

    // Rows of B are added to a row of C, four at a time: every access is sequential and C is read a quarter as often.
    matmul({ data: c }, { data: a }, { data: b }, m, k, n) {
      c.fill(0, 0, m * n);
      for (let i = 0; i < m; i++) addProduct(c, i * n, a, i * k, 1, b, k, n);
    },
    matmulTN({ data: c }, { data: a }, { data: b }, m, k, n) {
      c.fill(0, 0, m * n);
      for (let i = 0; i < m; i++) addProduct(c, i * n, a, i, m, b, k, n);
    },
    // Both operands have contiguous rows here: dot products with four independent sums.
    matmulNT({ data: c }, { data: a }, { data: b }, m, k, n) {
      const whole = k & ~3;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          const row = i * k;
          const column = j * k;
          let s0 = 0;
          let s1 = 0;
          let s2 = 0;
          let s3 = 0;
          for (let p = 0; p < whole; p += 4) {
            s0 += a[row + p] * b[column + p];
            s1 += a[row + p + 1] * b[column + p + 1];
            s2 += a[row + p + 2] * b[column + p + 2];
            s3 += a[row + p + 3] * b[column + p + 3];
          }
          for (let p = whole; p < k; p++) s0 += a[row + p] * b[column + p];
          c[i * n + j] = s0 + s1 + s2 + s3;
        }
      }
    },

    addBias({ data: y }, { data: bias }, rows, columns) {
      for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) y[at] += bias[j];
    },
    biasGradient({ data: db }, { data: dy }, rows, columns) {
      db.fill(0, 0, columns);
      for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) db[j] += dy[at];
    },

    relu({ data: y }, { data: x }, n) {
      for (let i = 0; i < n; i++) y[i] = Math.max(x[i], 0);
    },
    reluBackward({ data: dx }, { data: dy }, { data: y }, n) {
      for (let i = 0; i < n; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
    },

    dropout({ data: y }, { data: x }, n, rate, key0, key1) {
      const threshold = keepThreshold(rate);
      const scale = 1 / (1 - rate);
      for (let i = 0; i < n; i++) y[i] = word(i, key0, key1) < threshold ? x[i] * scale : 0;
    },

    scale({ data: y }, { data: x }, n, factor) {
      for (let i = 0; i < n; i++) y[i] = factor * x[i];
    },

    softmax({ data: p }, { data: logits }, rows, columns) {
      for (let start = 0; start < rows * columns; start += columns) {
        const sum = exponentials(p, logits, start, columns);
        for (let j = start; j < start + columns; j++) p[j] /= sum;
      }
    },
    softmaxCrossEntropy({ data: dLogits }, { data: logits }, { data: labels }, rows, columns) {
      let loss = 0;
      for (let i = 0, start = 0; i < rows; i++, start += columns) {
        const gap = logits[start + argmaxRow(logits, start, columns)] - logits[start + labels[i]];
        const sum = exponentials(dLogits, logits, start, columns);
        loss += log(sum) + gap;
        for (let j = 0; j < columns; j++) {
          dLogits[start + j] = (dLogits[start + j] / sum - (j === labels[i] ? 1 : 0)) / rows;
        }
      }
      return loss;
    },
    argmax({ data: indices }, { data: x }, rows, columns) {
      for (let i = 0; i < rows; i++) indices[i] = argmaxRow(x, i * columns, columns);
    },
    countCorrect({ data: x }, { data: labels }, rows, columns) {
      let correct = 0;
      for (let i = 0; i < rows; i++) if (argmaxRow(x, i * columns, columns) === labels[i]) correct++;
      return correct;
    },

    penalty({ data: w }, n, l1, l2) {
      let absolute = 0;
      let squared = 0;
      for (let i = 0; i < n; i++) {
        absolute += Math.abs(w[i]);
        squared += w[i] * w[i];
      }
      return l1 * absolute + l2 * squared;
    },

    sgd({ data: w }, { data: g }, n, rate, l1, l2) {
      for (let i = 0; i < n; i++) w[i] -= rate * penalized(g[i], w[i], l1, l2);
    },
    momentum({ data: w }, { data: g }, { data: v }, n, rate, mu, l1, l2) {
      for (let i = 0; i < n; i++) {
        v[i] = mu * v[i] + penalized(g[i], w[i], l1, l2);
        w[i] -= rate * v[i];
      }
    },
    nesterov({ data: w }, { data: g }, { data: v }, n, rate, mu, l1, l2) {
      for (let i = 0; i < n; i++) {
        const gradient = penalized(g[i], w[i], l1, l2);
        v[i] = mu * v[i] + gradient;
        w[i] -= rate * (gradient + mu * v[i]);
      }
    },
    adam(
      { data: w },
      { data: g },
      { data: m },
      { data: v },
      n,
      stepSize,
      decay1,
      decay2,
      rescale,
      epsilon,
      decay,
      l1,
      l2,
    ) {
      for (let i = 0; i < n; i++) {
        const gradient = penalized(g[i], w[i], l1, l2);
        m[i] += decay1 * (gradient - m[i]);
        v[i] += decay2 * (gradient * gradient - v[i]);
        w[i] -= (stepSize * m[i]) / (Math.sqrt(v[i]) * rescale + epsilon) + decay * w[i];
      }
    },

    softThreshold({ data: w }, n, threshold) {
      for (let i = 0; i < n; i++) w[i] -= taken(w[i], threshold);
    },
    softThresholdAdam({ data: w }, { data: v }, n, threshold, rescale, epsilon) {
      for (let i = 0; i < n; i++) w[i] -= taken(w[i], threshold / (Math.sqrt(v[i]) * rescale + epsilon));
    },
  };
}

/** Row of c (n) += Σ over p of a[p] · row p of b (k, n); the elements of a are `stride` apart. */
function addProduct(
  c: Float32Array,
  row: number,
  a: Float32Array,
  start: number,
  stride: number,
  b: Float32Array,
  k: number,
  n: number,
): void {
  const whole = k & ~3;
  for (let p = 0; p < whole; p += 4) {
    const a0 = a[start + p * stride];
    const a1 = a[start + (p + 1) * stride];
    const a2 = a[start + (p + 2) * stride];
    const a3 = a[start + (p + 3) * stride];
    const b0 = p * n;
    const b1 = b0 + n;
    const b2 = b1 + n;
    const b3 = b2 + n;
    for (let j = 0; j < n; j++) {
      c[row + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
  }
  for (let p = whole; p < k; p++) {
    const ap = a[start + p * stride];
    for (let j = 0; j < n; j++) c[row + j] += ap * b[p * n + j];
  }
}
