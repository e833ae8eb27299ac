// The list of the built-in transformers, for what looks them up by name.
import type { AnyTransformer } from './define-transformer.ts';
import { MinMaxScaler } from './min-max-scaler.ts';
import { StandardScaler } from './standard-scaler.ts';

/** All transformers that come with Regulus. */
export const transformers: readonly AnyTransformer[] = [StandardScaler, MinMaxScaler];
