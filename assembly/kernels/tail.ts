// Loads and stores of the last one to three elements of a row, or of what is summed up, so that every kernel handles any
// length with the same vector arithmetic. Whole arrays need none: their memory ends with a whole vector (memory.ts).

/** Where the whole vectors end that hold n floats from `address` on. */
// @ts-ignore: decorator
@inline
export function endOf(address: usize, n: i32): usize {
  return address + ((<usize>(n + 3) & ~3) << 2);
}

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

/** The next four floats at `address`, where `left` (at least 1) are left; beyond them, lanes are `fill`. */
// @ts-ignore: decorator
@inline
export function loadNext(address: usize, left: i32, fill: f32 = 0): v128 {
  return left > 3 ? v128.load(address) : loadTail(address, left, fill);
}

/** Stores `v` where `left` (at least 1) floats are left, and nothing beyond them. */
// @ts-ignore: decorator
@inline
export function storeNext(address: usize, v: v128, left: i32): void {
  if (left > 3) v128.store(address, v);
  else storeTail(address, v, left);
}
