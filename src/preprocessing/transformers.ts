// The list of the built-in transformers, for what looks them up by name.
import { AsinhScaler } from './asinh-scaler.ts';
import type { AnyTransformer } from './define-transformer.ts';
import { MinMaxScaler } from './min-max-scaler.ts';
import { OneHotEncoder } from './one-hot-encoder.ts';
import { OrdinalEncoder } from './ordinal-encoder.ts';
import { PowerTransformer } from './power-transformer.ts';
import { QuantileTransformer } from './quantile-transformer.ts';
import { RobustScaler } from './robust-scaler.ts';
import { SimpleImputer } from './simple-imputer.ts';
import { SmoothClipScaler } from './smooth-clip-scaler.ts';
import { StandardScaler } from './standard-scaler.ts';

/**
 * All transformers that come with Regulus, but for those that join others.
 *
 * @example
 * ```js
 * import { transformers } from 'regulus/tables';
 * console.log(transformers.map(({ name }) => name)); // ['StandardScaler', …]
 * ```
 */
export const transformers: readonly AnyTransformer[] = [
  StandardScaler,
  MinMaxScaler,
  RobustScaler,
  SmoothClipScaler,
  AsinhScaler,
  QuantileTransformer,
  PowerTransformer,
  SimpleImputer,
  OneHotEncoder,
  OrdinalEncoder,
] as unknown as readonly AnyTransformer[];
