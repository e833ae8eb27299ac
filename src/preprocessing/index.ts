// Transformers: what is learnt from training data and then done to all data, with scikit-learn's options and values.
export {
  type AnyTransformer,
  defineTransformer,
  type Transformer,
  type TransformerClass,
  type TransformerDefinition,
  type TransformerJson,
} from './define-transformer.ts';
export { MinMaxScaler, type MinMaxScalerOptions } from './min-max-scaler.ts';
export { StandardScaler } from './standard-scaler.ts';
export { transformers } from './transformers.ts';
