// Datasets: generators with scikit-learn's values, splits, and the checks that other modules use.
export {
  type ClassDataset,
  checkDataset,
  checkFinite,
  checkMatrix,
  checkTargets,
  type Dataset,
  type DatasetRules,
  type Matrix,
  type MatrixRules,
  type TargetKind,
  type TargetRules,
  type Targets,
  type TargetsByKind,
  zeroMatrix,
} from './dataset.ts';
export {
  type AnyGenerator,
  type DatasetGenerator,
  defineGenerator,
  type GeneratorDefinition,
  type GeneratorRules,
} from './define-generator.ts';
export { generators } from './generators.ts';
export { type Fold, KFold, type KFoldOptions, StratifiedKFold } from './k-fold.ts';
export { type MakeBlobsOptions, makeBlobs } from './make-blobs.ts';
export { type MakeCirclesOptions, makeCircles } from './make-circles.ts';
export { type MakeClassificationOptions, makeClassification } from './make-classification.ts';
export {
  type MakeFriedman1Options,
  type MakeFriedmanOptions,
  makeFriedman1,
  makeFriedman2,
  makeFriedman3,
} from './make-friedman.ts';
export { type MakeMoonsOptions, makeMoons, type TwoCurvesOptions } from './make-moons.ts';
export {
  type MakeMultilabelClassificationOptions,
  makeMultilabelClassification,
} from './make-multilabel-classification.ts';
export { type MakeRegressionOptions, makeRegression } from './make-regression.ts';
export { appendNoiseFeatures, type NoiseFeaturesOptions } from './noise-features.ts';
export type { RandomSource } from './random-source.ts';
export {
  type Column,
  type ColumnType,
  cellsOf,
  checkTable,
  isNumeric,
  isTable,
  makeTable,
  matrixFromTable,
  numericTypes,
  type Row,
  selectColumns,
  type Table,
  tableFromMatrix,
  takeTableRows,
  toTable,
} from './table.ts';
export { takeRows } from './take-rows.ts';
export { type TrainTestSplit, type TrainTestSplitOptions, trainTestSplit } from './train-test-split.ts';
export {
  type TrainValidationTestSplit,
  type TrainValidationTestSplitOptions,
  trainValidationTestSplit,
} from './train-validation-test-split.ts';
