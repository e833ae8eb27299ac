// Softmax and its cross-entropy loss through log-sum-exp: exact for logits of any size.
import { exp } from './exp';
import { loadTail, storeTail } from './tail';

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
  const pairs = f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)));
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}

/** e (columns) = exp(x − shift); returns the sum of e, in float64. */
// @ts-ignore: decorator
@inline
function exponentials(e: usize, x: usize, shift: f32, columns: i32): f64 {
  const s = f32x4.splat(shift);
  const rest = columns & 3;
  let sum: f64 = 0;
  for (let j = columns >> 2; j > 0; j--) {
    const v = exp(f32x4.sub(v128.load(x), s));
    v128.store(e, v);
    sum += sum4(v);
    x += 16;
    e += 16;
  }
  if (rest) {
    const v = exp(f32x4.sub(loadTail(x, rest, EMPTY), s));
    storeTail(e, v, rest);
    sum += sum4(v);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function multiply(x: usize, factor: f32, columns: i32): void {
  const f = f32x4.splat(factor);
  const rest = columns & 3;
  for (let j = columns >> 2; j > 0; j--) {
    v128.store(x, f32x4.mul(v128.load(x), f));
    x += 16;
  }
  if (rest) storeTail(x, f32x4.mul(loadTail(x, rest), f), rest);
}

/** p (rows × columns) = softmax of each row of `logits`; may work in place. */
export function softmax(p: usize, logits: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  for (let i = 0; i < rows; i++) {
    const sum = exponentials(p, logits, maximum(logits, columns), columns);
    multiply(p, <f32>(1 / sum), columns);
    p += stride;
    logits += stride;
  }
}

/**
 * Returns the cross-entropy Σ −log softmax(logits)[label] over the rows, in float64, and writes its gradient averaged
 * over the rows: dLogits = (softmax − one-hot) / rows. `labels`: one i32 a row. dLogits may be `logits`.
 */
export function softmaxCrossEntropy(dLogits: usize, logits: usize, labels: usize, rows: i32, columns: i32): f64 {
  const stride = (<usize>columns) << 2;
  const share: f64 = 1 / <f64>rows;
  let loss: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const label = (<usize>load<i32>(labels)) << 2;
    const greatest = maximum(logits, columns);
    const gap = <f64>greatest - <f64>load<f32>(logits + label);
    const sum = exponentials(dLogits, logits, greatest, columns);
    loss += NativeMath.log(sum) + gap;
    multiply(dLogits, <f32>(share / sum), columns);
    store<f32>(dLogits + label, load<f32>(dLogits + label) - <f32>share);
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

/** indices (rows, i32) = the column of the greatest value of each row, the first one on ties. */
export function argmax(indices: usize, x: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    store<i32>(indices + ((<usize>i) << 2), argmaxRow(x, columns));
    x += (<usize>columns) << 2;
  }
}

/** How many rows have their greatest value at their label. */
export function countCorrect(x: usize, labels: usize, rows: i32, columns: i32): i32 {
  let correct = 0;
  for (let i = 0; i < rows; i++) {
    correct += i32(argmaxRow(x, columns) == load<i32>(labels + ((<usize>i) << 2)));
    x += (<usize>columns) << 2;
  }
  return correct;
}
