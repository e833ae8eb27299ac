// What the scalers by quartiles learn, on numbers whose quartiles are worked out by hand, and how they treat what is far away.
import { expect } from 'vitest';
import type { AsinhScaler, SmoothClipScaler } from '../../src/preprocessing/index.ts';
import { expectClose } from '../reference/close.ts';

/**
 * Expects that `scaler` centers and divides features by their quartiles, half the range or 1, that `bent` is what becomes of the result, and
 * that missing values stay; returns what becomes of 1e300 in the first feature and of -1e9 in the second.
 */
export function expectScaled(
  scaler: AsinhScaler | SmoothClipScaler,
  bent: (z: number) => number,
  rtol: number,
): Float64Array | Float32Array {
  // Quartiles 1 and 3; equal quartiles and a range of 8; a constant.
  const rows = [
    [0, 0, 5],
    [1, 0, 5],
    [2, 0, 5],
    [3, 0, 5],
    [4, 8, 5],
  ];
  const { data } = scaler.fitTransform({ data: Float64Array.from(rows.flat()), shape: [5, 3] });
  expect([[...scaler.center], [...scaler.scale]]).toEqual([
    [2, 0, 5],
    [2, 4, 1],
  ]);
  expectClose(
    data,
    rows.flatMap(([a, b]) => [bent((a - 2) / 2), bent(b / 4), 0]),
    { rtol },
  );
  const far = scaler.transform({ data: Float64Array.of(1e300, -1e9, Number.NaN), shape: [1, 3] }).data;
  expect(far[2]).toBeNaN();
  return far;
}
