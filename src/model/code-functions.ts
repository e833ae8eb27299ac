// The functions that exported code is put together from. Each computes what the backend `js` does, in the same order: storage is
// float32, arithmetic float64.

/** The source of each function by its name, in the order in which they stand in a module, and what it calls. */
export const functions = {
  exp: {
    calls: [],
    source: `let factorial = 1;
const expSeries = Array.from({ length: 13 }, (_, n) => 1 / (factorial *= n + 2)); // 1 / (n + 2)!

// The exponential function, from basic operations alone, because that of the host may differ in the last bit.
function exp(x) {
  if (!(x <= 709.782712893384)) return x > 0 ? Infinity : NaN;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5); // x = k ln 2 + r + rLow
  const reduced = x - k * 0.6931471805598903;
  const correction = k * 5.497923018708371e-14;
  const r = reduced - correction;
  const back = r - reduced;
  const rLow = reduced - (r - back) - (correction + back);
  const rest = expSeries.reduceRight((sum, coefficient) => sum * r + coefficient);
  const sum = 1 + r;
  const value = sum + (r - (sum - 1) + (rLow + rLow * r + r * r * rest));
  return value * 2 ** (k >> 1) * 2 ** (k - (k >> 1));
}`,
  },
  dense: {
    calls: [],
    source: `// x · kernel + bias, where the kernel has a row for each input.
function dense(x, units, kernel, bias) {
  const y = new Float32Array(units);
  const whole = x.length - (x.length % 4);
  for (let i = 0; i < whole; i += 4) {
    const row = i * units;
    for (let j = row; j < row + units; j++) {
      y[j - row] +=
        x[i] * kernel[j] +
        x[i + 1] * kernel[j + units] +
        x[i + 2] * kernel[j + 2 * units] +
        x[i + 3] * kernel[j + 3 * units];
    }
  }
  for (let i = whole; i < x.length; i++) {
    for (let j = 0; j < units; j++) y[j] += x[i] * kernel[i * units + j];
  }
  return bias ? y.map((value, j) => value + bias[j]) : y;
}`,
  },
  normalize: {
    calls: [],
    source: `// (x - mean) · inverse · gamma + beta, where inverse is 1 / sqrt(variance + epsilon).
function normalize(x, mean, inverse, gamma, beta) {
  return x.map((value, j) => (value - mean[j]) * inverse[j] * gamma[j] + beta[j]);
}`,
  },
  relu: {
    calls: [],
    source: `// The rectified linear unit.
function relu(x) {
  return x.map((value) => Math.max(value, 0));
}`,
  },
  tanh: {
    calls: ['exp'],
    source: `// The hyperbolic tangent.
function tanh(x) {
  return x.map((value) => {
    if (Math.abs(value) < 2 ** -10) return value * (1 - (value * value) / 3);
    return Math.sign(value) * (1 - 2 / (1 + exp(2 * Math.abs(value))));
  });
}`,
  },
  softmax: {
    calls: ['exp'],
    source: `// exp(x) / Σ exp(x), without overflow.
function softmax(x) {
  const greatest = x[argmax(x)];
  let sum = 0;
  const p = x.map((value) => {
    const e = exp(value - greatest);
    sum += e;
    return e;
  });
  return p.map((e) => e / sum);
}`,
  },
  sigmoid: {
    calls: ['exp'],
    source: `// 1 / (1 + exp(-x)).
function sigmoid(x) {
  return x.map((value) => {
    const e = exp(-Math.abs(value));
    return (value < 0 ? e : 1) / (1 + e);
  });
}`,
  },
  bothClasses: {
    calls: [],
    source: `// The probabilities of both classes.
function bothClasses([p]) {
  return Float32Array.of(1 - p, p);
}`,
  },
  argmax: {
    calls: [],
    source: `// The index of the greatest value, the first one on ties.
function argmax(x) {
  let best = 0;
  for (let j = 1; j < x.length; j++) if (x[j] > x[best]) best = j;
  return best;
}`,
  },
  mean: {
    calls: [],
    source: `// The means of several lists, element by element.
function mean(lists) {
  return lists[0].map((_, i) => lists.reduce((sum, list) => sum + list[i], 0) / lists.length);
}`,
  },
} satisfies Record<string, { calls: readonly string[]; source: string }>;

export type FunctionName = keyof typeof functions;
