// The inverse hyperbolic sine, which JavaScript has too, on numbers whose quartiles are worked out by hand.
import { it } from 'vitest';
import { AsinhScaler } from '../../src/preprocessing/index.ts';
import { expectClose } from '../reference/close.ts';
import { expectScaled } from './quartile-scalers.ts';

it('centers, divides by the quartiles, half the range or 1, and takes asinh', () => {
  const bent = (z: number) => 2 * Math.asinh(z / 2);
  const far = expectScaled(new AsinhScaler({ linearWidth: 2 }), bent, 1e-14);
  expectClose(far.slice(0, 2), [2 * Math.log(2e150), bent(-1e9 / 4)], { rtol: 1e-14 });
});
