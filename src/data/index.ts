// Datasets: generators with scikit-learn's values, splits, and the checks that other modules use.
export {
  checkDataset,
  checkFinite,
  checkMatrix,
  checkTargets,
  type DatasetRules,
  type MatrixRules,
  type TargetRules,
  zeroMatrix,
} from './dataset.ts';
export type { AnyGenerator } from './define-generator.ts';
export { generators } from './generators.ts';
export * from './public.ts';
export * from './table.ts';
