// The formula of the paper, on numbers that are worked out by hand.
import { expect, it } from 'vitest';
import { SmoothClipScaler } from '../../src/preprocessing/index.ts';
import { expectClose } from '../reference/close.ts';

it('centers, divides by the quartiles, half the range or 1, and clips smoothly', () => {
  // Quartiles 1 and 3; equal quartiles and a range of 8; a constant.
  const rows = [
    [0, 0, 5],
    [1, 0, 5],
    [2, 0, 5],
    [3, 0, 5],
    [4, 8, 5],
  ];
  const x = { data: Float64Array.from(rows.flat()), shape: [5, 3] as [number, number] };
  const scaler = new SmoothClipScaler({ limit: 2 });
  const { data } = scaler.fitTransform(x);
  expect([[...scaler.center], [...scaler.scale]]).toEqual([
    [2, 0, 5],
    [2, 4, 1],
  ]);
  const bent = (z: number) => z / Math.sqrt(1 + (z / 2) ** 2);
  expectClose(
    data,
    rows.flatMap(([a, b]) => [bent((a - 2) / 2), bent(b / 4), 0]),
    { rtol: 1e-15 },
  );
  const far = scaler.transform({ data: Float64Array.of(1e300, -1e9, Number.NaN), shape: [1, 3] }).data;
  expect(far[0]).toBeLessThanOrEqual(2);
  expectClose([far[1]], [-2], { rtol: 1e-12 });
  expect(far[2]).toBeNaN();
});
