// Softmax and its cross-entropy loss through log-sum-exp: exact for logits of any size.
import { exp } from './exp';
import { high, low, rounded, total } from './float64';
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

/** Where a product of sums, each up to 2^31, is about to overflow. */
// @ts-ignore: decorator
@inline const MUCH: f64 = 1e290;

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
  // One logarithm of the product of all sums, which are from 1 to `columns`.
  let product: f64 = 1;
  if (columns == 2) {
    const factor = f64x2.splat(share);
    const off = f32x4.splat(<f32>(spread * share));
    const hit = f32x4.splat(<f32>((1 - smoothing) * share));
    for (; rows > 3; rows -= 4) {
      const first = v128.load(logits);
      const second = v128.load(logits, 16);
      const other = v128.not(i32x4.eq(v128.load(labels), i32x4.splat(0)));
      // The logits of both classes, of four rows each.
      const a = v128.shuffle<f32>(first, second, 0, 2, 4, 6);
      const b = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
      // The greater one, or NaN. Its own e^0 is 1.
      const greatest = f32x4.max(a, b);
      const e = exp(f32x4.sub(f32x4.min(a, b), greatest), LEAST);
      const one = f32x4.splat(1);
      const ea = v128.bitselect(one, e, f32x4.eq(a, greatest));
      const eb = v128.bitselect(one, e, f32x4.eq(b, greatest));
      const sumLow = f64x2.add(low(one), low(e));
      const sumHigh = f64x2.add(low(one), high(e));
      const scale = rounded(f64x2.div(factor, sumLow), f64x2.div(factor, sumHigh));
      const da = f32x4.sub(f32x4.sub(f32x4.mul(ea, scale), off), v128.andnot(hit, other));
      const db = f32x4.sub(f32x4.sub(f32x4.mul(eb, scale), off), v128.and(hit, other));
      v128.store(dLogits, v128.shuffle<f32>(da, db, 0, 4, 1, 5));
      v128.store(dLogits, v128.shuffle<f32>(da, db, 2, 6, 3, 7), 16);
      const label = v128.bitselect(b, a, other);
      loss += gapOf(low(greatest), low(label), low(a), low(b), smoothing, spread);
      loss += gapOf(high(greatest), high(label), high(a), high(b), smoothing, spread);
      const both = f64x2.mul(sumLow, sumHigh);
      product *= f64x2.extract_lane(both, 0) * f64x2.extract_lane(both, 1);
      if (product > MUCH) {
        loss += log(product);
        product = 1;
      }
      dLogits += 32;
      logits += 32;
      labels += 16;
    }
  }
  for (; rows > 0; rows--) {
    const label = (<usize>load<i32>(labels)) << 2;
    const greatest = maximum(logits, columns);
    let gap = <f64>greatest - <f64>load<f32>(logits + label);
    if (smoothing > 0) gap = (1 - smoothing) * gap + spread * gaps(logits, greatest, columns);
    product *= softmaxRow(dLogits, logits, greatest, share, spread * share, columns, LEAST);
    loss += gap;
    if (product > MUCH) {
      loss += log(product);
      product = 1;
    }
    store<f32>(dLogits + label, load<f32>(dLogits + label) - <f32>((1 - smoothing) * share));
    dLogits += stride;
    logits += stride;
    labels += 4;
  }
  return loss + log(product);
}

/** The sum over two rows of how far the greatest logit is above that of the label, or above both classes' with `smoothing`. */
// @ts-ignore: decorator
@inline
function gapOf(greatest: v128, label: v128, a: v128, b: v128, smoothing: f64, spread: f64): f64 {
  let gap = f64x2.sub(greatest, label);
  if (smoothing > 0) {
    const all = f64x2.add(f64x2.sub(greatest, a), f64x2.sub(greatest, b));
    gap = f64x2.add(f64x2.mul(f64x2.splat(1 - smoothing), gap), f64x2.mul(f64x2.splat(spread), all));
  }
  return total(gap);
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
  if (columns == 2) {
    let count = i32x4.splat(0);
    for (; rows > 3; rows -= 4) {
      const first = v128.load(x);
      const second = v128.load(x, 16);
      const greater = f32x4.gt(
        v128.shuffle<f32>(first, second, 1, 3, 5, 7),
        v128.shuffle<f32>(first, second, 0, 2, 4, 6),
      );
      // −1 where right: a comparison is −1 where the second class is predicted.
      count = i32x4.add(count, i32x4.eq(i32x4.neg(greater), v128.load(labels)));
      x += 32;
      labels += 16;
    }
    correct = -(i32x4.extract_lane(count, 0) + i32x4.extract_lane(count, 1) + i32x4.extract_lane(count, 2) + i32x4.extract_lane(count, 3));
  }
  for (let i = 0; i < rows; i++) {
    correct += i32(argmaxRow(x, columns) == load<i32>(labels + ((<usize>i) << 2)));
    x += (<usize>columns) << 2;
  }
  return correct;
}
