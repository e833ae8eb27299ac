// Linear memory handed out to the host: blocks of floats, all zero at first.

/** The address of a new block of `bytes` zero bytes, aligned to 16; traps when memory cannot grow any further. */
export function allocate(bytes: usize): usize {
  const address = heap.alloc(bytes);
  memory.fill(address, 0, bytes);
  return address;
}

/** Gives a block back. */
export function release(address: usize): void {
  heap.free(address);
}
