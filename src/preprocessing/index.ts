// Transformers: what is learnt from training data and then done to all data, with scikit-learn's options and values.

export { AsinhScaler } from './asinh-scaler.ts';
export type { Category } from './categories.ts';
export {
  type ColumnSelection,
  ColumnTransformer,
  type ColumnTransformerOptions,
  type ColumnTransformerPart,
  Pipeline,
  type PipelineOptions,
  type PipelineStep,
  transformerFromJson,
} from './compose.ts';
export type {
  AnyTransformer,
  ColumnsTransformerDefinition,
  Features,
  MatrixTransformerDefinition,
} from './define-transformer.ts';
export { normalCoefficients, normalQuantile } from './normal.ts';
export { OneHotEncoder, oneHotColumns } from './one-hot-encoder.ts';
export { OrdinalEncoder } from './ordinal-encoder.ts';
export { PowerTransformer } from './power-transformer.ts';
export * from './public.ts';
export { QUANTILE_BOUND, QuantileTransformer, quantileRank } from './quantile-transformer.ts';
export { RobustScaler } from './robust-scaler.ts';
export { SimpleImputer } from './simple-imputer.ts';
export { SmoothClipScaler } from './smooth-clip-scaler.ts';
export { transformers } from './transformers.ts';
