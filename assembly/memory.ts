// Linear memory handed out to the host: blocks of floats, all zero at first, of whole vectors. Kernels that work element by
// element compute on whole vectors, too, and leave anything in the lanes beyond the end; nothing reads those.
//
// Free blocks are in a list, and free neighbours are one block, which each block's header tells (boundary tags, Knuth,
// "The Art of Computer Programming", section 2.5). A header is 16 bytes before its block: the size with the header, of which
// the lowest bit says that it is used; the size of the block before; and the neighbours in the list.

import { WORKSPACE_BYTES } from './gemm/blocking';

// @ts-ignore: decorator
@inline const HEADER: usize = 16;
// @ts-ignore: decorator
@inline const USED: usize = 1;

/** The first free block, and the header at the end, which belongs to no block and counts as used. */
let list: usize = 0;
let end: usize = 0;

// @ts-ignore: decorator
@inline
function sizeOf(block: usize): usize {
  return load<usize>(block) & ~USED;
}

// @ts-ignore: decorator
@inline
function isFree(block: usize): bool {
  return !(load<usize>(block) & USED);
}

// @ts-ignore: decorator
@inline
function sizeBefore(block: usize): usize {
  return load<usize>(block, 4);
}

// @ts-ignore: decorator
@inline
function next(block: usize): usize {
  return load<usize>(block, 8);
}

// @ts-ignore: decorator
@inline
function previous(block: usize): usize {
  return load<usize>(block, 12);
}

/** Makes a free block of `size` bytes, which the block behind it is told. */
function add(block: usize, size: usize): void {
  store<usize>(block, size);
  store<usize>(block + size, size, 4);
  store<usize>(block, list, 8);
  store<usize>(block, 0, 12);
  if (list) store<usize>(list, block, 12);
  list = block;
}

function remove(block: usize): void {
  const after = next(block);
  const before = previous(block);
  if (after) store<usize>(after, before, 12);
  if (before) store<usize>(before, after, 8);
  else list = after;
}

/** Makes `size` bytes free from `block` on, as one with the free blocks around them. */
function join(block: usize, size: usize): usize {
  const behind = block + size;
  if (isFree(behind)) {
    remove(behind);
    size += sizeOf(behind);
  }
  const before = sizeBefore(block);
  if (before && isFree(block - before)) {
    block -= before;
    remove(block);
    size += before;
  }
  add(block, size);
  return block;
}

/** Where memory ends; the last page of 4 GiB is left alone, so that this fits an address. */
// @ts-ignore: decorator
@inline
function limit(): usize {
  return <usize>min(memory.size(), 65535) << 16;
}

/** A free block of `size` bytes at least, from the memory beyond the end; traps when it cannot grow any further. */
function extend(size: usize): usize {
  if (!end) {
    end = (__heap_base + 15) & ~15;
    store<usize>(end, USED);
  }
  const space = limit() - end - HEADER;
  if (space < size) {
    const pages = <i32>((size - space + 0xffff) >> 16);
    // Twice the memory, if it is to be had, so that growing is rare.
    if (memory.grow(max(pages, memory.size())) < 0 && memory.grow(pages) < 0) unreachable();
  }
  const block = end;
  end = limit() - HEADER;
  store<usize>(end, USED);
  return join(block, end - block);
}

/** The address of a new block for `bytes` bytes, aligned to 16, all zero; traps when memory cannot grow any further. */
export function allocate(bytes: usize): usize {
  const size = ((bytes + 15) & ~15) + HEADER;
  let block = list;
  while (block && sizeOf(block) < size) block = next(block);
  if (!block) block = extend(size);
  remove(block);
  const whole = sizeOf(block);
  const rest = whole - size;
  // No block has a header alone.
  if (rest > HEADER) add(block + size, rest);
  const used = rest > HEADER ? size : whole;
  store<usize>(block, used | USED);
  store<usize>(block + used, used, 4);
  memory.fill(block + HEADER, 0, used - HEADER);
  return block + HEADER;
}

/** A block for the products of one more thread, see `useWorkspace`. */
export function allocateWorkspace(): usize {
  return allocate(WORKSPACE_BYTES);
}

/** Gives a block back. */
export function release(address: usize): void {
  const block = address - HEADER;
  join(block, sizeOf(block));
}
