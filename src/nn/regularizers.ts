// Weight penalties of a kernel.
import { checkKeys, checkNumber } from '../errors/index.ts';

/** Strengths of the penalties l1·Σ|w| + l2·Σw² on a kernel. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

const REMEDY = 'Use 0 for no penalty; 1e-4 to 1e-2 is usual.';

/**
 * L1 penalty λ·Σ|w|, with gradient λ·sign(w) and sign(0) = 0: drives weights that do not help towards zero (Tibshirani
 * 1996). They become exactly 0 with the `proximal` option of the optimizers.
 */
export function l1(strength: number): Regularizer {
  return { l1: checkNumber('l1', 'strength', strength, '[0, inf)', REMEDY), l2: 0 };
}

/** L2 penalty λ·Σw², with gradient 2λ·w: keeps all weights small (Hoerl & Kennard 1970). Note: no factor ½. */
export function l2(strength: number): Regularizer {
  return { l1: 0, l2: checkNumber('l2', 'strength', strength, '[0, inf)', REMEDY) };
}

/** Both penalties, l1·Σ|w| + l2·Σw² (elastic net, Zou & Hastie 2005). */
export function l1l2(strengths: { l1: number; l2: number }): Regularizer {
  checkKeys('l1l2', strengths, ['l1', 'l2']);
  return {
    l1: checkNumber('l1l2', 'l1', strengths.l1, '[0, inf)', REMEDY),
    l2: checkNumber('l1l2', 'l2', strengths.l2, '[0, inf)', REMEDY),
  };
}
