// What the package exports of this module: the scalers of the core, and what other transformers are made of.
export {
  defineTransformer,
  type Transformer,
  type TransformerClass,
  type TransformerDefinition,
  type TransformerJson,
} from './define-transformer.ts';
export { MinMaxScaler, type MinMaxScalerOptions } from './min-max-scaler.ts';
export { StandardScaler } from './standard-scaler.ts';
