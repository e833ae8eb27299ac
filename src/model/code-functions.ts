// The functions that exported code is put together from. Each computes what the backend `js` does, in the same order: storage is
// float32, arithmetic float64.

/** The source of each function by its name, in the order in which they stand in a module. */
export const functions = {
  exp: `let factorial = 1;
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
  dense: `// x · kernel + bias, where the kernel has a row for each input.
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
  normalize: `// (x - mean) · inverse · gamma + beta, where inverse is 1 / sqrt(variance + epsilon); gamma and beta may be empty.
function normalize(x, mean, inverse, gamma, beta) {
  return x.map((value, j) => (value - mean[j]) * inverse[j] * (gamma[j] ?? 1) + (beta[j] ?? 0));
}`,
  layerNormalize: `// (x - mean) / sqrt(variance + epsilon) · gamma + beta, with the mean and the variance of x itself; gamma and beta may be empty.
function layerNormalize(x, gamma, beta, epsilon) {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / x.length;
  const z = x.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
  return z.map((value, j) => value * (gamma[j] ?? 1) + (beta[j] ?? 0));
}`,
  addScaled: `// x + share · y
function addScaled(x, y, share) {
  return x.map((value, j) => value + share * y[j]);
}`,
  scale: `function scale(x, factors) {
  return x.map((value, j) => value * factors[j] + 0);
}`,
  memberParts: `// The values of each member of an ensemble.
function memberParts(x, members) {
  const size = x.length / members;
  return Array.from({ length: members }, (_, k) => x.subarray(k * size, (k + 1) * size));
}`,
  batchEnsemble: `// ((x ⊙ inputScales) · kernel) ⊙ outputScales + bias for each member of an ensemble.
function batchEnsemble(x, units, members, repeats, kernel, inputScales, outputScales, bias) {
  const own = memberParts(repeats ? Float32Array.from(inputScales, (_, i) => x[i % x.length]) : x, members);
  const scales = memberParts(inputScales, members);
  const products = own.flatMap((values, k) => [...dense(scale(values, scales[k]), units, kernel)]);
  return Float32Array.from(products, (value, i) => value * outputScales[i] + bias[i]);
}`,
  memberDense: `// A dense layer of its own for each member of an ensemble, whose kernels stand side by side.
function memberDense(x, units, members, kernel, bias) {
  const inputs = x.length / members;
  return bias.map((sum, column) => {
    const start = Math.floor(column / units) * inputs;
    for (let j = 0; j < inputs; j++) sum += x[start + j] * kernel[j * bias.length + column];
    return sum;
  });
}`,
  cosineOfTurns: `// cos(2π t), from basic operations alone.
const series = (first) => {
  let factorial = 1;
  for (let n = 2; n < first; n++) factorial *= n;
  return Array.from({ length: 8 }, (_, i) => {
    for (let n = first + 2 * i - (i ? 1 : 0); n <= first + 2 * i; n++) factorial *= n;
    return (i % 2 ? -1 : 1) / factorial;
  });
};
const sineSeries = series(3).map((c) => -c);
const cosineSeries = series(4);
const polynomial = (coefficients, x) => coefficients.reduceRight((sum, coefficient) => sum * x + coefficient);
function cosineOfTurns(t) {
  const x = 2 * Math.PI * (t - Math.round(t));
  const k = Math.floor(x * 0.6366197723675814 + 0.5); // x = k π/2 + r + rLow
  const reduced = x - k * 1.5707963267341256;
  const first = k * 6.077100506303966e-11;
  const middle = reduced - first;
  const back = middle - reduced;
  const correction = k * 2.0222662487959506e-21 - (reduced - (middle - back) - (first + back));
  const r = middle - correction;
  const rLow = middle - r - correction;
  const z = r * r;
  const quadrant = (k + 1) & 3;
  let value = r + (rLow - 0.5 * z * rLow + r * z * polynomial(sineSeries, z));
  if (quadrant & 1) {
    const split = 134217729 * r;
    const high = split - (split - r);
    const zLow = (r - high) * (r - high) - (z - high * high - (r - high) * high - high * (r - high));
    const lead = 1 - 0.5 * z;
    value = lead + (1 - lead - 0.5 * z - 0.5 * zLow - r * rLow + z * z * polynomial(cosineSeries, z));
  }
  return quadrant & 2 ? -value : value;
}`,
  periodicEmbedding: `// Each number beside linear functions of waves of it, then the other inputs.
function periodicEmbedding(x, terms, outputs, frequencies, phases, kernel, bias) {
  const features = frequencies.length / terms;
  const y = [];
  for (let j = 0; j < features; j++) {
    y.push(x[j]);
    for (let k = j * (outputs - 1); k < (j + 1) * (outputs - 1); k++) {
      let sum = bias[k];
      for (let c = 0; c < terms; c++) {
        const at = j * terms + c;
        sum += kernel[k * terms + c] * cosineOfTurns(x[j] * frequencies[at] + phases[at]);
      }
      y.push(sum);
    }
  }
  return Float32Array.of(...y, ...x.subarray(features));
}`,
  relu: `// The rectified linear unit.
function relu(x) {
  return x.map((value) => Math.max(value, 0));
}`,
  productError: `// What rounding took from a · b.
function productError(a, b, product) {
  const aHigh = 134217729 * a - (134217729 * a - a);
  const bHigh = 134217729 * b - (134217729 * b - b);
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}`,
  log1p: `// log(1 + u) for u from 0 to 1, from basic operations alone.
const atanhSeries = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 3));
function log1p(u) {
  const x = 1 + u;
  const k = x > Math.SQRT2 ? 1 : 0;
  const m = k ? x / 2 : x; // x = 2^k m, log m = 2 atanh(s)
  const denominator = m + 1;
  const s = (m - 1) / denominator;
  const product = s * denominator;
  const low = m - 1 - product - productError(s, denominator, product) - s * (m - (denominator - 1));
  const z = s * s;
  const series = atanhSeries.reduceRight((sum, coefficient) => sum * z + coefficient);
  const rest = s * z * series + 2 * (low / denominator) * (1 + z);
  const scaled = k * 0.6931471805598903;
  const sum = scaled + 2 * s;
  const log = sum + (2 * s - (sum - scaled) + (rest + k * 5.497923018708371e-14));
  return log + (u - (x - 1)) / x;
}`,
  logistic: `// 1 / (1 + exp(-z)), without loss near 0.
function logistic(z) {
  const e = exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}`,
  hyperbolicTangent: `function hyperbolicTangent(x) {
  if (Math.abs(x) < 2 ** -10) return x * (1 - (x * x) / 3);
  return Math.sign(x) * (1 - 2 / (1 + exp(2 * Math.abs(x))));
}`,
  logOfSum: `// log(1 + exp(x)).
function logOfSum(x) {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}`,
  normal: `// The normal distribution function: a series for small |x|, a continued fraction beyond.
function normal(x) {
  const size = Math.abs(x);
  const density = exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let tail;
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 3; term > 1e-17 * sum; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    tail = 0.5 - density * sum;
  } else {
    let fraction = 0;
    for (let n = 60; n > 0; n--) fraction = n / (size + fraction);
    tail = density / (size + fraction);
  }
  return x < 0 ? tail : 1 - tail;
}`,
  leakyRelu: `function leakyRelu(x, negativeSlope) {
  return x.map((value) => (value > 0 ? value : negativeSlope * value));
}`,
  elu: `// scale · (value or alpha · (exp(value) - 1)).
function elu(x, alpha, scale) {
  return x.map((value) => {
    const t = hyperbolicTangent(value / 2);
    return scale * (value > 0 ? value : alpha * ((2 * t) / (1 - t)));
  });
}`,
  gelu: `function gelu(x) {
  return x.map((value) => value * normal(value));
}`,
  silu: `function silu(x) {
  return x.map((value) => value * logistic(value));
}`,
  mish: `function mish(x) {
  return x.map((value) => value * hyperbolicTangent(logOfSum(value)));
}`,
  tanh: `function tanh(x) {
  return x.map(hyperbolicTangent);
}`,
  sigmoid: `function sigmoid(x) {
  return x.map(logistic);
}`,
  softplus: `function softplus(x) {
  return x.map(logOfSum);
}`,
  exponential: `function exponential(x) {
  return x.map(exp);
}`,
  softmax: `// exp(x) / Σ exp(x), without overflow.
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
  bothClasses: `// The probabilities of both classes.
function bothClasses([p]) {
  return Float32Array.of(1 - p, p);
}`,
  argmax: `// The index of the greatest value, the first one on ties.
function argmax(x) {
  let best = 0;
  for (let j = 1; j < x.length; j++) if (x[j] > x[best]) best = j;
  return best;
}`,
  mean: `// The means of several lists, element by element, which count as their weights say.
function mean(lists, weights = lists.map(() => 1)) {
  const total = weights.reduce((a, b) => a + b);
  return lists[0].map((_, i) => lists.reduce((sum, list, k) => sum + weights[k] * list[i], 0) / total);
}`,
};
