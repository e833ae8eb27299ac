// What each layer computes, in float64 and from its formula alone.
import type { Description } from '../../../src/errors/index.ts';
import { stepKey, counterWord as word } from '../../../src/random/index.ts';
import { normal } from '../../reference/operations.ts';
import { valueAt } from './optimizer.ts';

/** A layer in its place. */
export interface LayerCall {
  readonly size: number;
  readonly rows: number;
  // biome-ignore lint/suspicious/noExplicitAny: a reference knows the options of its own layer.
  readonly options: any;
  /** Its arrays by their own names, such as `kernel`; {@link LayerReference.after} may write to them. */
  readonly arrays: Readonly<Record<string, Float64Array>>;
  /** The training step; undefined at inference. */
  readonly step: number | undefined;
  /** Half 0 or 1 of the key of what it draws in this step. */
  key(half: 0 | 1): number;
  /** What layers inside give for x, the state that a step leaves them by their names, and how near to a kink they came. */
  inner(layers: readonly Description<'layer'>[], x: Float64Array): InnerRun;
}

export interface InnerRun {
  readonly outputs: Float64Array;
  readonly after: Record<string, Float64Array>;
  readonly kinkDistance: number;
}

export interface LayerReference {
  /** y (rows, any) for x (rows, size). */
  forward(x: Float64Array, call: LayerCall): Float64Array;
  /** The state that a training step leaves. */
  after?(x: Float64Array, call: LayerCall): Record<string, Float64Array>;
  /** How near x is to a point where the function has no derivative. */
  kinkDistance?(x: Float64Array, call: LayerCall): number;
}

/** Mean and population variance of each column. */
export function columnMoments(x: Float64Array, rows: number, columns: number) {
  const mean = new Float64Array(columns);
  const variance = new Float64Array(columns);
  for (let i = 0; i < x.length; i++) mean[i % columns] += x[i] / rows;
  for (let i = 0; i < x.length; i++) variance[i % columns] += (x[i] - mean[i % columns]) ** 2 / rows;
  return { mean, variance };
}

/** Normal number i of the streams (key0, key1) and (key0 + 0x5851f42d, not key1), by Box and Muller. */
export function normalDraw(i: number, key0: number, key1: number): number {
  const u = ((word(i, key0, key1) >>> 8) + 1) / 2 ** 24;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos((2 * Math.PI * word(i, key0 + 0x5851f42d, ~key1)) / 2 ** 32);
}

/** The distance from 0 of the nearest x, of those that are not 0 because an earlier layer has made them so. */
export const distanceFromZero = (x: Float64Array): number =>
  x.reduce((least, value) => (value === 0 ? least : Math.min(least, Math.abs(value))), Number.POSITIVE_INFINITY);

export const references: Record<string, LayerReference> = {
  dense: {
    forward(x, { rows, size, options: { units, dropConnect = 0 }, arrays: { kernel: whole, bias }, step, key }) {
      const kept = (i: number) => word(i, key(0), key(1)) < (1 - dropConnect) * 2 ** 32 - 2 ** 31;
      const kernel =
        step === undefined || dropConnect === 0 ? whole : whole.map((w, i) => (kept(i) ? w / (1 - dropConnect) : 0));
      const y = new Float64Array(rows * units);
      for (let row = 0; row < rows; row++) {
        for (let unit = 0; unit < units; unit++) {
          let sum = bias?.[unit] ?? 0;
          for (let input = 0; input < size; input++) sum += x[row * size + input] * kernel[input * units + unit];
          y[row * units + unit] = sum;
        }
      }
      return y;
    },
  },
  dropout: {
    forward(x, { options, step, key }) {
      if (step === undefined) return x;
      const rate = valueAt(options.rate, step);
      const kept = (i: number) => word(i, key(0), key(1)) < (1 - rate) * 2 ** 32 - 2 ** 31;
      return x.map((value, i) => (kept(i) ? value / (1 - rate) : 0));
    },
  },
  alphaDropout: {
    forward(x, { options: { rate }, step, key }) {
      if (step === undefined) return x;
      const least = -1.0507009873554805 * 1.6732632423543772;
      const a = ((1 - rate) * (1 + rate * least ** 2)) ** -0.5;
      const kept = (i: number) => word(i, key(0), key(1)) < (1 - rate) * 2 ** 32 - 2 ** 31;
      return x.map((value, i) => a * (kept(i) ? value : least) - a * rate * least);
    },
  },
  gaussianNoise: {
    forward: (x, { options: { stddev }, step, key }) =>
      step === undefined ? x : x.map((value, i) => value + stddev * normalDraw(i, key(0), key(1))),
  },
  gaussianDropout: {
    forward: (x, { options: { rate }, step, key }) =>
      step === undefined
        ? x
        : x.map((value, i) => value * (1 + Math.sqrt(rate / (1 - rate)) * normalDraw(i, key(0), key(1)))),
  },
  batchNormalization: {
    forward(x, { rows, size, options, arrays: { gamma, beta, movingMean, movingVariance }, step }) {
      const { epsilon, trainable } = options;
      const { mean, variance } =
        step === undefined || !trainable
          ? { mean: movingMean, variance: movingVariance }
          : columnMoments(x, rows, size);
      return x.map((value, i) => {
        const j = i % size;
        return ((value - mean[j]) / Math.sqrt(variance[j] + epsilon)) * (gamma?.[j] ?? 1) + (beta?.[j] ?? 0);
      });
    },
    after(x, { rows, size, options: { momentum, trainable }, arrays: { movingMean, movingVariance } }) {
      if (!trainable) return { movingMean, movingVariance };
      const { mean, variance } = columnMoments(x, rows, size);
      const moved = (old: Float64Array, batch: Float64Array) =>
        old.map((value, j) => value * momentum + batch[j] * (1 - momentum));
      return { movingMean: moved(movingMean, mean), movingVariance: moved(movingVariance, variance) };
    },
  },
  layerNormalization: {
    forward(x, { rows, size, options: { epsilon }, arrays: { gamma, beta } }) {
      const row = (i: number) => x.subarray(i * size, (i + 1) * size);
      const all = Array.from({ length: rows }, (_, i) => columnMoments(row(i), size, 1));
      return x.map((value, at) => {
        const { mean, variance } = all[Math.floor(at / size)];
        const z = (value - mean[0]) / Math.sqrt(variance[0] + epsilon);
        return z * (gamma?.[at % size] ?? 1) + (beta?.[at % size] ?? 0);
      });
    },
  },
  featureScale: { forward: (x, { size, arrays: { factors } }) => x.map((value, i) => value * factors[i % size]) },
  batchEnsemble: {
    forward(x, { rows, size, options: { units, members, repeats }, arrays }) {
      const { kernel, inputScales, outputScales, bias } = arrays;
      const inputs = repeats ? size : size / members;
      return Float64Array.from({ length: rows * members * units }, (_, i) => {
        const [row, column] = [Math.floor(i / (members * units)), i % (members * units)];
        const [member, unit] = [Math.floor(column / units), column % units];
        let sum = 0;
        for (let j = 0; j < inputs; j++) {
          const own = x[row * size + (repeats ? j : member * inputs + j)];
          sum += own * inputScales[member * inputs + j] * kernel[j * units + unit];
        }
        return sum * outputScales[column] + bias[column];
      });
    },
  },
  memberDense: {
    forward(x, { rows, size, options: { units, members }, arrays: { kernel, bias } }) {
      const [inputs, columns] = [size / members, members * units];
      return Float64Array.from({ length: rows * columns }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        let sum = bias[column];
        const start = row * size + Math.floor(column / units) * inputs;
        for (let j = 0; j < inputs; j++) sum += x[start + j] * kernel[j * columns + column];
        return sum;
      });
    },
  },
  periodicEmbedding: {
    forward(x, { rows, size, options, arrays: { frequencies, phases, kernel, bias } }) {
      const { features = size, terms, outputs } = options;
      const y: number[] = [];
      for (let row = 0; row < rows; row++) {
        for (const [j, value] of x.subarray(row * size, (row + 1) * size).entries()) {
          y.push(value);
          for (let k = j * (outputs - 1); k < (j + 1) * (outputs - 1) && j < features; k++) {
            const wave = (c: number) =>
              Math.cos(2 * Math.PI * (frequencies[j * terms + c] * value + phases[j * terms + c]));
            y.push(
              Array.from({ length: terms }, (_, c) => kernel[k * terms + c] * wave(c)).reduce((a, b) => a + b, bias[k]),
            );
          }
        }
      }
      return Float64Array.from(y);
    },
  },
  relu: { forward: (x) => x.map((value) => Math.max(value, 0)), kinkDistance: distanceFromZero },
  leakyRelu: {
    forward: (x, { options: { negativeSlope } }) => x.map((value) => (value > 0 ? value : negativeSlope * value)),
    kinkDistance: distanceFromZero,
  },
  elu: {
    forward: (x, { options: { alpha } }) => x.map((value) => (value > 0 ? value : alpha * Math.expm1(value))),
    kinkDistance: distanceFromZero,
  },
  selu: {
    forward: (x) => x.map((value) => 1.0507009873554805 * (value > 0 ? value : 1.6732632423543772 * Math.expm1(value))),
    kinkDistance: distanceFromZero,
  },
  gelu: { forward: (x) => x.map((value) => value * normal(value)) },
  silu: { forward: (x) => x.map((value) => value / (1 + Math.exp(-value))) },
  mish: { forward: (x) => x.map((value) => value * Math.tanh(Math.log1p(Math.exp(value)))) },
  tanh: { forward: (x) => x.map(Math.tanh) },
  sigmoid: { forward: (x) => x.map((value) => 1 / (1 + Math.exp(-value))) },
  softplus: { forward: (x) => x.map((value) => Math.log1p(Math.exp(value))) },
  residual: {
    forward(x, call) {
      const { rows, size, options, arrays, step } = call;
      const { outputs } = call.inner(options.layers, x);
      const columns = outputs.length / rows;
      const share = step === undefined ? options.survivalProbability : Number(survives(call));
      return outputs.map((value, i) => {
        const [row, j] = [Math.floor(i / columns), i % columns];
        const { projection } = arrays;
        let carried = x[i];
        if (projection) {
          carried = 0;
          for (let k = 0; k < size; k++) carried += x[row * size + k] * projection[k * columns + j];
        }
        return carried + share * value;
      });
    },
    after: (x, call) => (survives(call) ? call.inner(call.options.layers, x).after : {}),
    kinkDistance: (x, call) => call.inner(call.options.layers, x).kinkDistance,
  },
};

/** Whether the layers inside a residual block take part in a step. */
const survives = ({ options, key }: LayerCall) =>
  (word(0, key(0), key(1)) >>> 0) / 2 ** 32 < options.survivalProbability;

/** The key of a layer, by the rule that its stream belongs to (seed, type, ordinal, step). */
export const keyOf = (seed: number, type: string, ordinal: number, step: number, half: 0 | 1): number =>
  stepKey(seed, type, ordinal, step, half);
