// Bias of a dense layer: added to every row, and its gradient, the sum over rows.

/** y (rows, columns) += bias (columns) in every row. */
export function addBias(y: usize, bias: usize, rows: i32, columns: i32): void {
  const whole = columns & ~3;
  for (let i = 0; i < rows; i++) {
    let b = bias;
    for (let j = 0; j < whole; j += 4) {
      v128.store(y, f32x4.add(v128.load(y), v128.load(b)));
      y += 16;
      b += 16;
    }
    for (let j = whole; j < columns; j++) {
      store<f32>(y, load<f32>(y) + load<f32>(b));
      y += 4;
      b += 4;
    }
  }
}

/** db (columns) = Σ over rows of dy (rows, columns), summed in ascending row order. */
export function biasGradient(db: usize, dy: usize, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  let j = 0;
  for (; j + 8 <= columns; j += 8) {
    let lo = f32x4.splat(0), hi = lo;
    let p = dy;
    for (let i = 0; i < rows; i++) {
      lo = f32x4.add(lo, v128.load(p));
      hi = f32x4.add(hi, v128.load(p, 16));
      p += stride;
    }
    v128.store(db, lo);
    v128.store(db, hi, 16);
    db += 32;
    dy += 32;
  }
  for (; j < columns; j++) {
    let sum: f32 = 0;
    let p = dy;
    for (let i = 0; i < rows; i++) {
      sum += load<f32>(p);
      p += stride;
    }
    store<f32>(db, sum);
    db += 4;
    dy += 4;
  }
}
