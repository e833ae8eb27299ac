// The formula of the paper, on numbers that are worked out by hand.
import { expect, it } from 'vitest';
import { SmoothClipScaler } from '../../src/preprocessing/index.ts';
import { expectClose } from '../reference/close.ts';
import { expectScaled } from './quartile-scalers.ts';

it('centers, divides by the quartiles, half the range or 1, and clips smoothly', () => {
  const bent = (z: number) => z / Math.sqrt(1 + (z / 2) ** 2);
  const far = expectScaled(new SmoothClipScaler({ limit: 2 }), bent, 1e-15);
  expect(Math.max(...far.slice(0, 2))).toBeLessThanOrEqual(2);
  expectClose(far.slice(0, 2), [2, -2], { rtol: 1e-12 });
});
