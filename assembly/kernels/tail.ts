// Loads and stores of the last one to three elements of an array, so that every kernel handles any length
// with the same vector arithmetic.

/** The `count` (1 to 3) floats at `address`; the other lanes are `fill`. */
export function loadTail(address: usize, count: i32, fill: f32 = 0): v128 {
  let v = f32x4.replace_lane(f32x4.splat(fill), 0, load<f32>(address));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(address, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(address, 8));
  return v;
}

/** Stores the first `count` (1 to 3) lanes of `v`. */
export function storeTail(address: usize, v: v128, count: i32): void {
  store<f32>(address, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(address, f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(address, f32x4.extract_lane(v, 2), 8);
}
