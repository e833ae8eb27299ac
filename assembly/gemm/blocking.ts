// Sizes of the tiles and blocks of the matrix product, in elements, and where its working memory is.

/**
 * Rows of C in one register tile. x86-64 has 15 vector registers for V8 to use: 6 × 8 fills them with fused
 * multiply-add (12 sums, 2 of B, 1 of A); a separate product needs one more, so there 4 × 8 is best.
 */
// @ts-ignore: decorator
@inline export const MR = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
// Columns of C in one register tile: two vectors, or four where the host makes one of 256 bits of each pair (`WIDE` of
// asconfig.json).
// @ts-ignore: decorator
@inline export const NR = WIDE ? 16 : 8;
// @ts-ignore: decorator
@inline export const KC = 256; // depth of a packed block: a panel of B (KC × NR) stays in the L1 cache
// @ts-ignore: decorator
@inline export const MC = 96; // rows of a packed block of A (MC × KC), a multiple of 4 and 6: stays in the L2 cache
// @ts-ignore: decorator
@inline export const NC = 512; // columns of a packed block of B (KC × NC): stays in the L2 or L3 cache

// The working memory: a block of B, a block of A, and a tile at the border of C. It is at a fixed address below
// everything else (`memoryBase` in asconfig.json), so that the module with fused multiply-add, which shares the memory of the
// core, has the same and brings none of its own. Threads that share a memory have one each.
// @ts-ignore: decorator
@inline export const PACKED_A: usize = 4 * KC * NC; // from its beginning, where the block of B is
// @ts-ignore: decorator
@inline export const BORDER: usize = PACKED_A + 4 * MC * KC; // likewise; up to 4 · MR · NR bytes
// @ts-ignore: decorator
@inline export const WORKSPACE_BYTES: usize = BORDER + 4 * 6 * 16;

/** The address of the working memory. */
export let workspace: usize = 1024;

/** Uses the working memory at `address` from now on, so that this instance can share its memory with others. */
export function useWorkspace(address: usize): void {
  workspace = address;
}
