// The public names of `regulus/experiment` in Node: specs, trials and results, and a runExperiment that uses threads.
export * from '../experiment/index.ts';
export { type RunnerOptions, runExperiment } from './run-experiment.ts';
export { TrialFolder } from './trial-folder.ts';
