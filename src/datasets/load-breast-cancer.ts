// loadBreastCancer: 569 breast masses, malignant or benign.
import { type BuiltInDataset, readBuiltIn } from './built-in.ts';
import csv from './data/breast-cancer.ts';

/**
 * Cell nuclei of breast masses: 569 samples, 30 measurements and two classes, malignant and benign. The values are those
 * of scikit-learn's `load_breast_cancer`. A new copy with each call.
 */
export function loadBreastCancer(): BuiltInDataset {
  return readBuiltIn(
    csv,
    ['malignant', 'benign'],
    'Breast masses: 569 samples of 30 measurements of cell nuclei in 2 classes, malignant and benign. ' +
      'Source: "Breast Cancer Wisconsin (Diagnostic)" by W. Wolberg, O. Mangasarian, N. Street and W. Street, ' +
      'UCI Machine Learning Repository, as distributed with scikit-learn. Licence: CC BY 4.0.',
  );
}
