// A naive float64 network, written to be read: forward pass, cross-entropy, penalties, and gradients by central differences.
import { crossEntropyRow } from './operations.ts';

/** x (rows, inputs) · kernel (inputs, units) + bias (units), with the penalties l1·Σ|kernel| + l2·Σkernel². */
export interface ReferenceDense {
  kind: 'dense';
  kernel: Float64Array;
  bias: Float64Array;
  l1: number;
  l2: number;
}

export interface ReferenceRelu {
  kind: 'relu';
}

/** Multiplies by a given mask (rows, units), whose elements are 0 or 1 / (1 − rate). */
export interface ReferenceDropout {
  kind: 'dropout';
  mask: ArrayLike<number>;
}

export type ReferenceLayer = ReferenceDense | ReferenceRelu | ReferenceDropout;

/** Logits (rows, classes) for x (rows, inputs). */
export function forward(layers: readonly ReferenceLayer[], x: ArrayLike<number>, rows: number): Float64Array {
  let y: Float64Array = Float64Array.from(x);
  for (const layer of layers) {
    if (layer.kind === 'dense') y = affine(layer, y, rows);
    else if (layer.kind === 'relu') y = y.map((value) => Math.max(value, 0));
    else y = y.map((value, i) => value * layer.mask[i]);
  }
  return y;
}

function affine({ kernel, bias }: ReferenceDense, x: Float64Array, rows: number): Float64Array {
  const units = bias.length;
  const inputs = kernel.length / units;
  const y = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      let sum = bias[unit];
      for (let input = 0; input < inputs; input++) sum += x[row * inputs + input] * kernel[input * units + unit];
      y[row * units + unit] = sum;
    }
  }
  return y;
}

/** Mean over the rows of −log softmax(logits)[label]. */
export function crossEntropy(logits: Float64Array, labels: ArrayLike<number>): number {
  const rows = labels.length;
  const classes = logits.length / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    sum += crossEntropyRow([...logits.subarray(row * classes, (row + 1) * classes)], labels[row]);
  }
  return sum / rows;
}

/** Σ l1·Σ|w| + l2·Σw² over the kernels. */
export function penalty(layers: readonly ReferenceLayer[]): number {
  let sum = 0;
  for (const layer of layers) {
    if (layer.kind !== 'dense') continue;
    for (const w of layer.kernel) sum += layer.l1 * Math.abs(w) + layer.l2 * w * w;
  }
  return sum;
}

/** Cross-entropy plus penalty, what training minimizes. */
export function loss(layers: readonly ReferenceLayer[], x: ArrayLike<number>, labels: ArrayLike<number>): number {
  return crossEntropy(forward(layers, x, labels.length), labels) + penalty(layers);
}

/**
 * d f / d values by central differences, (f(v + h) − f(v − h)) / 2h. With h = 1e-5 and f of order 1 the truncation error
 * (h²) and the rounding error (2^-53 / h) are both below 1e-9.
 */
export function centralDifferences(f: () => number, values: Float64Array, h = 1e-5): Float64Array {
  return values.map((value, i) => {
    values[i] = value + h;
    const above = f();
    values[i] = value - h;
    const below = f();
    values[i] = value;
    return (above - below) / (2 * h);
  });
}
