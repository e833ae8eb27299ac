// Experiments in Node: trials in worker threads, kept in a folder, and files that are never written by halves.
export { fileError, makeWritable, removeLeftovers, writeAtomically } from './files.ts';
export { type RunnerOptions, runExperiment } from './run-experiment.ts';
export { TrialFolder } from './trial-folder.ts';
