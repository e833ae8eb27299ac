// The public names of `regulus`: data, networks, training, and what all rest on.
// biome-ignore-all assist/source/organizeImports: in the order in which a program needs them
export * from './data/public.ts';
export * from './preprocessing/public.ts';
export { RandomState, type RandomStateSnapshot, type TypedArray } from './random/index.ts';
export * from './nn/kinds.ts';
export * from './optim/kinds.ts';
export * from './metrics/public.ts';
export * from './train/public.ts';
export {
  augmentationFromJson,
  callbackFromJson,
  catalog,
  constraintFromJson,
  type FromJson,
  initializerFromJson,
  layerFromJson,
  lossFromJson,
  metricFromJson,
  optimizerFromJson,
  regularizerFromJson,
  scheduleFromJson,
} from './catalog/index.ts';
export * from './backend/public.ts';
export * from './errors/public.ts';

/**
 * The version of Regulus, which files and results name.
 *
 * @example
 * ```js
 * import { version } from 'regulus';
 * console.log(version);
 * ```
 */
export const version: string = __VERSION__;
