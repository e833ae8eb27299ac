// The arithmetic limit of this machine: independent chains of multiply-adds that never leave the registers.

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/** Where a result goes, so that the work cannot be left out. */
const result: usize = memory.data(16, 16);

/** The operands, a = 1 and b = ½: every chain tends to 2. V8 would make constants anew in each round, but not these. */
const operands: usize = memory.data<f32>([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5], 16);

/** Runs `n` rounds of 12 vector multiply-adds, 96 flop a round: enough chains to hide the latency. */
export function chains(n: i32): void {
  const a = v128.load(operands);
  const b = v128.load(operands, 16);
  let c0 = a, c1 = b, c2 = a, c3 = b, c4 = a, c5 = b, c6 = a, c7 = b, c8 = a, c9 = b, c10 = a, c11 = b;
  for (let i = 0; i < n; i++) {
    c0 = madd(c0, b, a);
    c1 = madd(c1, b, a);
    c2 = madd(c2, b, a);
    c3 = madd(c3, b, a);
    c4 = madd(c4, b, a);
    c5 = madd(c5, b, a);
    c6 = madd(c6, b, a);
    c7 = madd(c7, b, a);
    c8 = madd(c8, b, a);
    c9 = madd(c9, b, a);
    c10 = madd(c10, b, a);
    c11 = madd(c11, b, a);
  }
  const s = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7)));
  const t = f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11));
  v128.store(result, f32x4.add(s, t));
}
