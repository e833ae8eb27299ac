// The samples of a batch, from a data set in linear memory.

/** to (rows, columns) = the rows indices[start], indices[start + 1] … of `from`, whose elements have four bytes of any kind. */
export function gather(to: usize, from: usize, indices: usize, start: i32, rows: i32, columns: i32): void {
  const stride = (<usize>columns) << 2;
  indices += (<usize>start) << 2;
  for (; rows > 0; rows--) {
    const row = from + <usize>load<i32>(indices) * stride;
    let j: usize = 0;
    for (; j + 16 <= stride; j += 16) v128.store(to + j, v128.load(row + j));
    for (; j < stride; j += 4) store<i32>(to + j, load<i32>(row + j));
    to += stride;
    indices += 4;
  }
}
