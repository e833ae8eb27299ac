// loadDigits: 1797 images of handwritten digits.
import { type BuiltInDataset, readBuiltIn } from './built-in.ts';
import csv from './data/digits.ts';

/**
 * Images of handwritten digits: 1797 samples, 64 features (8 × 8 pixels row by row, whole numbers from 0 to 16) and
 * ten classes. The values are those of scikit-learn's `load_digits`. A new copy with each call.
 */
export function loadDigits(): BuiltInDataset {
  return readBuiltIn(
    csv,
    Array.from({ length: 10 }, (_, digit) => String(digit)),
    'Handwritten digits: 1797 grey images of 8 × 8 pixels (0 to 16, row by row) in 10 classes. ' +
      'Source: "Optical Recognition of Handwritten Digits" (test part) by E. Alpaydin and C. Kaynak, ' +
      'UCI Machine Learning Repository, as distributed with scikit-learn. Licence: CC BY 4.0.',
  );
}
