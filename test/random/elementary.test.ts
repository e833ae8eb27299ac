// Elementary functions against 45-digit values: the worst error in ulp, special values, fused multiply-add.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atan, cos, exp, fusedMultiplyAdd, log, sin } from '../../src/random/index.ts';
import golden from '../golden/numpy/elementary.json' with { type: 'json' };

/** Distance from |x| to the next larger double. */
function ulp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}

/** Largest |f(x) - exact| in ulp over entries [x, nearest double, (exact - nearest) in ulp]. */
function worstError(f: (x: number) => number, entries: readonly (readonly number[])[]): number {
  return Math.max(
    ...entries.map(([x, nearest, rest]) => {
      const error = f(x) === nearest ? rest : (f(x) - nearest) / ulp(nearest) - rest;
      return Number.isFinite(error) ? Math.abs(error) : Number.POSITIVE_INFINITY;
    }),
  );
}

describe('error in ulp, worst over the sweep', () => {
  it.each([
    ['log', log, golden.log, 0.54],
    ['exp', exp, golden.exp, 0.65],
    ['exp, subnormal results', exp, golden.expSubnormal, 0.9],
    ['sin', sin, golden.sin, 0.8],
    ['cos', cos, golden.cos, 0.8],
    ['atan', atan, golden.atan, 3.1],
  ] as const)('%s', (_, f, entries, bound) => {
    expect(entries.length).toBeGreaterThan(50);
    expect(worstError(f, entries)).toBeLessThanOrEqual(bound);
  });
});

describe('special values', () => {
  it.each([
    [log, 0, Number.NEGATIVE_INFINITY],
    [log, -0, Number.NEGATIVE_INFINITY],
    [log, -1, Number.NaN],
    [log, 1, 0],
    [log, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [log, Number.NaN, Number.NaN],
    [exp, 0, 1],
    [exp, -0, 1],
    [exp, 710, Number.POSITIVE_INFINITY],
    [exp, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [exp, -746, 0],
    [exp, Number.NEGATIVE_INFINITY, 0],
    [exp, -745.1332191019411, 5e-324],
    [exp, Number.NaN, Number.NaN],
    [atan, 0, 0],
    [atan, -0, -0],
    [atan, Number.POSITIVE_INFINITY, Math.PI / 2],
    [atan, Number.NEGATIVE_INFINITY, -Math.PI / 2],
    [atan, Number.NaN, Number.NaN],
    [sin, 0, 0],
    [cos, 0, 1],
    [sin, Math.PI, 1.2246467991473532e-16],
    [cos, Math.PI / 2, 6.123233995736766e-17],
  ] as const)('%o(%d) is %d', (f, x, expected) => {
    expect(f(x)).toBe(expected);
  });
});

describe('fusedMultiplyAdd', () => {
  it('rounds once', () => {
    const a = 1 + 2 ** -30;
    expect(fusedMultiplyAdd(a, a, -1 - 2 ** -29)).toBe(2 ** -60);
    expect(a * a - 1 - 2 ** -29).toBe(0);
  });

  it('equals the exact sum where that is a double', () => {
    const integer = fc.integer({ min: -(2 ** 26), max: 2 ** 26 });
    fc.assert(
      fc.property(integer, integer, integer, (a, b, c) => {
        expect(fusedMultiplyAdd(a, b, c) + 0).toBe(a * b + c + 0);
      }),
    );
  });
});
