// loadWine: 178 Italian wines of three cultivars.
import { type BuiltInDataset, readBuiltIn } from './built-in.ts';
import csv from './data/wine.ts';

/**
 * Chemical analyses of wines: 178 samples, 13 measurements and three classes, the cultivars. The values are those of
 * scikit-learn's `load_wine`. A new copy with each call.
 */
export function loadWine(): BuiltInDataset {
  return readBuiltIn(
    csv,
    ['class_0', 'class_1', 'class_2'],
    'Wines: 178 samples of 13 chemical measurements in 3 classes, the cultivars. ' +
      'Source: "Wine" by S. Aeberhard and M. Forina, UCI Machine Learning Repository, as distributed with ' +
      'scikit-learn. Licence: CC BY 4.0.',
  );
}
