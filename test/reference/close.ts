// Tolerance checks in the form |a - b| <= atol + rtol * |b|, which NaN always fails.
import { expect } from 'vitest';

export interface Tolerance {
  atol?: number;
  rtol?: number;
}

/** Whether `actual` is within tolerance of `expected`; infinities must be equal. */
export function isClose(actual: number, expected: number, { atol = 0, rtol = 0 }: Tolerance): boolean {
  return actual === expected || Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
}

/** Expects equal lengths and every element within tolerance; reports the worst element. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!isClose(actual[i], expected[i], tolerance)) {
      expect.fail(`element ${i}: ${actual[i]} is not within ${JSON.stringify(tolerance)} of ${expected[i]}`);
    }
  }
}
