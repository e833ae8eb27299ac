// The inverse hyperbolic sine, which JavaScript has too, on numbers whose quartiles are worked out by hand.
import { expect, it } from 'vitest';
import { AsinhScaler } from '../../src/preprocessing/index.ts';
import { expectClose } from '../reference/close.ts';

it('centers, divides by the quartiles, half the range or 1, and takes asinh', () => {
  // Quartiles 1 and 3; equal quartiles and a range of 8; a constant.
  const rows = [
    [0, 0, 5],
    [1, 0, 5],
    [2, 0, 5],
    [3, 0, 5],
    [4, 8, 5],
  ];
  const x = { data: Float64Array.from(rows.flat()), shape: [5, 3] as [number, number] };
  const scaler = new AsinhScaler({ linearWidth: 2 });
  const { data } = scaler.fitTransform(x);
  expect([[...scaler.center], [...scaler.scale]]).toEqual([
    [2, 0, 5],
    [2, 4, 1],
  ]);
  const bent = (z: number) => 2 * Math.asinh(z / 2);
  expectClose(
    data,
    rows.flatMap(([a, b]) => [bent((a - 2) / 2), bent(b / 4), 0]),
    { rtol: 1e-14 },
  );
  const far = scaler.transform({ data: Float64Array.of(1e300, -1e9, Number.NaN), shape: [1, 3] }).data;
  expectClose(far.slice(0, 2), [2 * Math.log(2e150), bent(-1e9 / 4)], { rtol: 1e-14 });
  expect(far[2]).toBeNaN();
});
