// Real datasets that come with Regulus, made of text that is known to be good and whose last column holds the targets.
import breastCancer from './data/breast-cancer.ts';
import diabetes from './data/diabetes.ts';
import digits from './data/digits.ts';
import iris from './data/iris.ts';
import wine from './data/wine.ts';
import type { LabeledDataset, RegressionDataset } from './parse-csv.ts';

/** A real dataset that comes with Regulus. */
export interface BuiltInDataset extends LabeledDataset {
  /** What the data are, where they come from and under which licence. */
  description: string;
}

/**
 * Images of handwritten digits: 1797 samples, 64 features (8 × 8 pixels row by row, whole numbers from 0 to 16) and
 * ten classes. The values are those of scikit-learn's `load_digits`. A new copy with each call.
 *
 * @example
 * ```js
 * import { loadDigits } from 'regulus/datasets';
 *
 * const { x, y, classNames } = loadDigits();
 * console.log(x.shape, classNames[y[0]]); // [1797, 64] '0'
 * ```
 */
export function loadDigits(): BuiltInDataset {
  const pixels = Array.from({ length: 64 }, (_, i) => `pixel_${i >> 3}_${i % 8}`);
  const rows = digits().trim().split('\n');
  return builtIn(
    pixels,
    rows.map((line) => Array.from(line, (digit) => Number.parseInt(digit, 17))),
    Array.from({ length: 10 }, (_, digit) => String(digit)),
    'Handwritten digits: 1797 grey images of 8 × 8 pixels (0 to 16, row by row) in 10 classes. ' +
      'Source: "Optical Recognition of Handwritten Digits" (test part) by E. Alpaydin and C. Kaynak, ' +
      'UCI Machine Learning Repository, as distributed with scikit-learn. Licence: CC BY 4.0.',
  );
}

/**
 * Cell nuclei of breast masses: 569 samples, 30 measurements and two classes, malignant and benign. The values are those
 * of scikit-learn's `load_breast_cancer`. A new copy with each call.
 *
 * @example
 * ```js
 * import { loadBreastCancer } from 'regulus/datasets';
 *
 * const { x, featureNames, classNames } = loadBreastCancer();
 * console.log(x.shape, featureNames[0], classNames); // [569, 30] 'mean_radius' ['malignant', 'benign']
 * ```
 */
export function loadBreastCancer(): BuiltInDataset {
  return builtIn(
    ...readCsv(breastCancer()),
    ['malignant', 'benign'],
    'Breast masses: 569 samples of 30 measurements of cell nuclei in 2 classes, malignant and benign. ' +
      'Source: "Breast Cancer Wisconsin (Diagnostic)" by W. Wolberg, O. Mangasarian, N. Street and W. Street, ' +
      'UCI Machine Learning Repository, as distributed with scikit-learn. Licence: CC BY 4.0.',
  );
}

/**
 * Chemical analyses of wines: 178 samples, 13 measurements and three classes, the cultivars. The values are those of
 * scikit-learn's `load_wine`. A new copy with each call.
 *
 * @example
 * ```js
 * import { loadWine } from 'regulus/datasets';
 *
 * const { x, featureNames } = loadWine();
 * console.log(x.shape, featureNames[0]); // [178, 13] 'alcohol'
 * ```
 */
export function loadWine(): BuiltInDataset {
  return builtIn(
    ...readCsv(wine()),
    ['class_0', 'class_1', 'class_2'],
    'Wines: 178 samples of 13 chemical measurements in 3 classes, the cultivars. ' +
      'Source: "Wine" by S. Aeberhard and M. Forina, UCI Machine Learning Repository, as distributed with ' +
      'scikit-learn. Licence: CC BY 4.0.',
  );
}

/**
 * Flowers: 150 samples, 4 measurements in cm and three classes, the species. The values are those of scikit-learn's `load_iris`.
 * A new copy with each call.
 *
 * @example
 * ```js
 * import { loadIris } from 'regulus/datasets';
 *
 * const { x, classNames } = loadIris();
 * console.log(x.shape, classNames[0]); // [150, 4] 'setosa'
 * ```
 */
export function loadIris(): BuiltInDataset {
  return builtIn(
    ...readCsv(iris()),
    ['setosa', 'versicolor', 'virginica'],
    'Iris: 150 flowers, 4 measurements in cm, in 3 classes, the species. Source: "Iris" by R. A. Fisher, ' +
      'UCI Machine Learning Repository, as distributed with scikit-learn. Licence: CC BY 4.0.',
  );
}

/** A real dataset with real targets that comes with Regulus. */
export interface BuiltInRegressionDataset extends RegressionDataset {
  /** What the data are and where they come from. */
  description: string;
}

/**
 * Patients with diabetes: 442 samples, 10 features and a real target, the progression of the disease after a year (25 to 346).
 * Every feature has mean 0 and a sum of squares of 1. The values are those of scikit-learn's `load_diabetes`. A new copy with
 * each call.
 *
 * @example
 * ```js
 * import { loadDiabetes } from 'regulus/datasets';
 *
 * const { x, y, featureNames } = loadDiabetes();
 * console.log(x.shape, featureNames[2], y[0]); // [442, 10] 'bmi' 151
 * ```
 */
export function loadDiabetes(): BuiltInRegressionDataset {
  const [featureNames, rows] = readCsv(diabetes());
  const { x, y } = split(featureNames, rows);
  standardize(x.data, x.shape);
  const description =
    'Diabetes: 442 patients with 10 features (age, sex, body mass index, blood pressure, six blood serum measurements), and ' +
    'the progression of the disease after one year. Source: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least ' +
    'Angle Regression" (2004), as distributed with scikit-learn.';
  return { x, y, featureNames, description };
}

/** Columns with mean 0 and a sum of squares of 1, by the steps of scikit-learn, so that the last bits are the same. */
function standardize(data: Float64Array, [rows, columns]: [number, number]): void {
  const mean = (j: number, f: (value: number) => number) => {
    let sum = 0;
    for (let i = j; i < data.length; i += columns) sum += f(data[i]);
    return sum / rows;
  };
  for (let j = 0; j < columns; j++) {
    const center = mean(j, (value) => value);
    const deviation = Math.sqrt(mean(j, (value) => (value - center) * (value - center)));
    for (let i = j; i < data.length; i += columns) data[i] = (data[i] - center) / deviation / Math.sqrt(rows);
  }
}

function readCsv(csv: string): [featureNames: string[], rows: number[][]] {
  const [header, ...lines] = csv.trim().split('\n');
  return [header.split(',').slice(0, -1), lines.map((line) => line.split(',').map(Number))];
}

/** `rows` that end with the target. */
function split(featureNames: string[], rows: number[][]) {
  const columns = featureNames.length;
  const data = new Float64Array(rows.length * columns);
  const y = Float64Array.from(rows, (row) => row[columns]);
  for (const [i, row] of rows.entries()) data.set(row.slice(0, columns), i * columns);
  return { x: { data, shape: [rows.length, columns] as [number, number] }, y };
}

/** A dataset of `rows` that end with the class. */
function builtIn(featureNames: string[], rows: number[][], classNames: string[], description: string): BuiltInDataset {
  const { x, y } = split(featureNames, rows);
  return { x, y: Int32Array.from(y), featureNames, classNames, description };
}
