// Experiments: a spec expands to trials, trials give results; all of it plain JSON.
export { canonicalJson } from './canonical-json.ts';
export {
  compareResults,
  type ResultsComparison,
  type SpecDifference,
  type VariantMatch,
} from './compare-results.ts';
export { dataFiles, pinFiles, type ReadFile } from './data-files.ts';
export { countTrials, type ExpandOptions, expand, seedList, trials } from './expand.ts';
export { type CurvePoint, learningCurve } from './learning-curve.ts';
export { type LoadedDataset, loadDataset } from './load-dataset.ts';
export { type PreparedData, prepareData } from './prepare-data.ts';
export { presets } from './presets.ts';
export type * from './results.ts';
export { partialOutcome, type RunEvent, type RunOptions, runExperiment, type TrialRunner } from './run-experiment.ts';
export { runTrial, type TrialHooks } from './run-trial.ts';
export { specJsonSchema } from './schema.ts';
export type * from './spec.ts';
export { isChosen, summarize } from './summarize.ts';

export { shortPath, trialName } from './trial-name.ts';
export type { FinishedTrial, TrialStore } from './trial-store.ts';
export { validateFigureData, validateResults } from './validate-results.ts';
export { defineExperiment, validateSpec } from './validate-spec.ts';
