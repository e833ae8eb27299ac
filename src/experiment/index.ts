// Experiments: a spec expands to trials, trials give results; all of it plain JSON.
export { expand } from './expand.ts';
export { presets } from './presets.ts';
export type * from './results.ts';
export { partialOutcome, type RunEvent, type RunOptions, runExperiment } from './run-experiment.ts';
export { runTrial, type TrialHooks } from './run-trial.ts';
export type * from './spec.ts';
export { validateSpec } from './validate-spec.ts';
