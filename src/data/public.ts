// What the package exports of this module: datasets, generators, folds and splits.
export type { ClassDataset, Dataset, Matrix, TargetKind, Targets, TargetsByKind } from './dataset.ts';
export {
  type DatasetGenerator,
  defineGenerator,
  type GeneratorDefinition,
  type GeneratorRules,
} from './define-generator.ts';
export * from './k-fold.ts';
export * from './make-blobs.ts';
export * from './make-circles.ts';
export * from './make-classification.ts';
export * from './make-friedman.ts';
export * from './make-moons.ts';
export * from './make-multilabel-classification.ts';
export * from './make-regression.ts';
export * from './noise-features.ts';
export type { RandomSource } from './random-source.ts';
export { takeRows } from './take-rows.ts';
export { type TrainTestSplit, type TrainTestSplitOptions, trainTestSplit } from './train-test-split.ts';
export * from './train-validation-test-split.ts';
