// What a dense layer does beside its products: the bias and the activation that follow one, and what precedes its gradients.
import { flushed } from './flush';
import { loadNext, storeNext } from './tail';

// What becomes of sums in the operation that is at work: what is below `least` is 0, the sign apart unless it is `signed`.
let least: v128 = f32x4.splat(0);
let signed: v128 = f32x4.splat(0);

/** What `finished` does from now on. */
export function finishWith(relu: i32, tiny: f32): void {
  least = f32x4.splat(tiny);
  signed = i32x4.splat(relu ? -1 : 0x7fffffff);
}

/** What becomes of a sum: the bias is added; then it is 0 behind a ReLU if it is negative, and where |y| < tiny. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function finished(sum: v128, bias: v128): v128 {
  const y = f32x4.add(sum, bias);
  return v128.andnot(y, f32x4.lt(v128.and(y, signed), least));
}

/** y (rows × columns, with a row stride in bytes): each of them is finished. */
export function addBias(y: usize, stride: usize, bias: usize, rows: i32, columns: i32): void {
  for (; rows > 0; rows--) {
    for (let j = 0; j < columns; j += 4) {
      const p = y + ((<usize>j) << 2);
      const left = columns - j;
      storeNext(p, finished(loadNext(p, left), loadNext(bias + ((<usize>j) << 2), left)), left);
    }
    y += stride;
  }
}

/** dy where y > floor, else 0, and 0 where it is tiny. */
// @ts-ignore: decorator
@inline
function passed(dy: v128, y: v128, floor: v128): v128 {
  return flushed(v128.andnot(dy, f32x4.le(y, floor)));
}

/**
 * dy (rows, columns) = dy, with `relu` 1 only where the output y > 0, and 0 where it is tiny; db (columns) = Σ over rows of that, in
 * ascending row order.
 */
export function biasGradient(db: usize, dy: usize, y: usize, rows: i32, columns: i32, relu: i32): void {
  biasColumns(db, dy, y, rows, columns, (<usize>columns) << 2, relu);
}

/** The same of the first columns of rows that are `stride` bytes apart. */
export function biasColumns(
  db: usize, dy: usize, y: usize, rows: i32, columns: i32, stride: usize, relu: i32,
): void {
  const floor = f32x4.splat(relu ? 0 : -Infinity);
  // By 16 columns, then by 4.
  for (; columns >= 16; columns -= 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let p = dy, q = y;
    for (let i = rows; i > 0; i--) {
      const d0 = passed(v128.load(p), v128.load(q), floor);
      const d1 = passed(v128.load(p, 16), v128.load(q, 16), floor);
      const d2 = passed(v128.load(p, 32), v128.load(q, 32), floor);
      const d3 = passed(v128.load(p, 48), v128.load(q, 48), floor);
      v128.store(p, d0);
      v128.store(p, d1, 16);
      v128.store(p, d2, 32);
      v128.store(p, d3, 48);
      s0 = f32x4.add(s0, d0);
      s1 = f32x4.add(s1, d1);
      s2 = f32x4.add(s2, d2);
      s3 = f32x4.add(s3, d3);
      p += stride;
      q += stride;
    }
    v128.store(db, s0);
    v128.store(db, s1, 16);
    v128.store(db, s2, 32);
    v128.store(db, s3, 48);
    db += 64;
    dy += 64;
    y += 64;
  }
  for (; columns > 0; columns -= 4) {
    let sum = f32x4.splat(0);
    let p = dy, q = y, left = rows;
    if (stride == 8 && columns == 2) {
      // Two rows a vector, one added after the other.
      for (; left > 1; left -= 2) {
        const d = passed(v128.load(p), v128.load(q), floor);
        v128.store(p, d);
        sum = f32x4.add(f32x4.add(sum, d), v128.shuffle<f32>(d, d, 2, 3, 2, 3));
        p += 16;
        q += 16;
      }
    }
    for (; left > 0; left--) {
      const d = passed(loadNext(p, columns), loadNext(q, columns), floor);
      storeNext(p, d, columns);
      sum = f32x4.add(sum, d);
      p += stride;
      q += stride;
    }
    storeNext(db, sum, columns);
    db += 16;
    dy += 16;
    y += 16;
  }
}
