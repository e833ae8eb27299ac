// Datasets: generators with scikit-learn's values, splits, scalers, and the checks that other rooms use.
export { checkDataset, checkLabels, checkMatrix, type DatasetRules, type MatrixRules } from './check.ts';
export { type Fold, KFold, type KFoldOptions, StratifiedKFold } from './k-fold.ts';
export { type MakeBlobsOptions, makeBlobs } from './make-blobs.ts';
export { type MakeCirclesOptions, makeCircles } from './make-circles.ts';
export { type MakeClassificationOptions, makeClassification } from './make-classification.ts';
export { type MakeMoonsOptions, makeMoons } from './make-moons.ts';
export { MinMaxScaler, type MinMaxScalerOptions } from './min-max-scaler.ts';
export { appendNoiseFeatures, type NoiseFeaturesOptions } from './noise-features.ts';
export type { RandomSource } from './random-source.ts';
export { StandardScaler } from './standard-scaler.ts';
export { takeRows } from './take-rows.ts';
export { type TrainTestSplit, type TrainTestSplitOptions, trainTestSplit } from './train-test-split.ts';
export type { TwoCurvesOptions } from './two-curves.ts';
export type { Dataset, Matrix } from './types.ts';
