// Softmax and its cross-entropy loss through log-sum-exp: exact for logits of any size.
import { exp } from './exp';
import { high, low, total } from './float64';
import { log } from './log';
import { loadTail, storeTail } from './tail';

// Far below what changes a sum that is 1 at least, and shares of it are not denormal.
// @ts-ignore: decorator
@inline const LEAST: f32 = -41.5; // e^-41.5 is just above 2^-60

// A lane that must not count: exp(−∞) = 0.
// @ts-ignore: decorator
@inline const EMPTY: f32 = -Infinity;

// @ts-ignore: decorator
@inline
function maximum(row: usize, columns: i32): f32 {
  let greatest = load<f32>(row);
  for (let j = 1; j < columns; j++) {
    const x = load<f32>(row + ((<usize>j) << 2));
    // NaN must win, or it would be lost.
    greatest = x > greatest || x != x ? x : greatest;
  }
  return greatest;
}

// @ts-ignore: decorator
@inline
function sum4(v: v128): f64 {
  return total(f64x2.add(low(v), high(v)));
}

/** p (columns) = numerator · softmax(x) − offset, where exp is 0 below `least`; returns Σ exp(x − greatest), in float64. */
// @ts-ignore: decorator
@inline
function softmaxRow(p: usize, x: usize, greatest: f32, numerator: f64, offset: f64, columns: i32, least: f32): f64 {
  const shift = f32x4.splat(greatest);
  const rest = columns & 3;
  const end = x + ((<usize>(columns - rest)) << 2);
  const distance = p - x;
  let sum: f64 = 0;
  for (let from = x; from < end; from += 16) {
    const e = exp(f32x4.sub(v128.load(from), shift), least);
    v128.store(from + distance, e);
    sum += sum4(e);
  }
  // The last one to three columns, which with few classes are all, stay in a register.
  let last = f32x4.splat(0);
  if (rest) {
    last = exp(f32x4.sub(loadTail(end, rest, EMPTY), shift), least);
    sum += sum4(last);
  }
  const factor = f32x4.splat(<f32>(numerator / sum));
  const less = f32x4.splat(<f32>offset);
  for (let to = p; to < end + distance; to += 16) {
    v128.store(to, f32x4.sub(f32x4.mul(v128.load(to), factor), less));
  }
  if (rest) storeTail(end + distance, f32x4.sub(f32x4.mul(last, factor), less), rest);
  return sum;
}

/** Σ greatest − x over a row, in float64. */
function gaps(x: usize, greatest: f32, columns: i32): f64 {
  let sum: f64 = 0;
  for (; columns > 0; columns--) {
    sum += <f64>greatest - <f64>load<f32>(x);
    x += 4;
  }
  return sum;
}

/** p (rows, columns) = softmax of each row of `logits`. p may be `logits`. */
export function softmax(p: usize, logits: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (let i = 0; i < rows; i++) {
    softmaxRow(p, logits, maximum(logits, columns), 1, 0, columns, -87.33654);
    p += stride;
    logits += stride;
  }
}

/**
 * Returns the cross-entropy, Σ over rows of −Σ t·log softmax(logits), in float64, where the targets t are
 * (1 − smoothing) · one-hot + smoothing / columns;
 * dLogits (rows, columns) = (softmax − t) / rows, the gradient of the mean. dLogits may be `logits`.
 */
export function softmaxCrossEntropy(
  dLogits: usize, logits: usize, labels: usize, rows: i32, columns: i32, smoothing: f64,
): f64 {
  const stride = (<usize>columns) << 2;
  const share: f64 = 1 / <f64>rows;
  const spread = smoothing / <f64>columns;
  let loss: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const label = (<usize>load<i32>(labels)) << 2;
    const greatest = maximum(logits, columns);
    let gap = <f64>greatest - <f64>load<f32>(logits + label);
    if (smoothing > 0) gap = (1 - smoothing) * gap + spread * gaps(logits, greatest, columns);
    loss += log(softmaxRow(dLogits, logits, greatest, share, spread * share, columns, LEAST)) + gap;
    store<f32>(dLogits + label, load<f32>(dLogits + label) - <f32>((1 - smoothing) * share));
    dLogits += stride;
    logits += stride;
    labels += 4;
  }
  return loss;
}

// @ts-ignore: decorator
@inline
function argmaxRow(row: usize, columns: i32): i32 {
  let best = 0;
  let greatest = load<f32>(row);
  for (let j = 1; j < columns; j++) {
    const x = load<f32>(row + ((<usize>j) << 2));
    if (x > greatest) {
      greatest = x;
      best = j;
    }
  }
  return best;
}

/** indices (rows) = the column of the greatest value of each row of x (rows, columns), the first one of equals. */
export function argmax(indices: usize, x: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    store<i32>(indices + ((<usize>i) << 2), argmaxRow(x, columns));
    x += (<usize>columns) << 2;
  }
}

/** The number of rows of x (rows, columns) whose greatest value is at their label. */
export function countCorrect(x: usize, labels: usize, rows: i32, columns: i32): i32 {
  let correct = 0;
  for (let i = 0; i < rows; i++) {
    correct += i32(argmaxRow(x, columns) == load<i32>(labels + ((<usize>i) << 2)));
    x += (<usize>columns) << 2;
  }
  return correct;
}
