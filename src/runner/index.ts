// Experiments in Node: trials in worker threads, kept in a folder, and files that are written completely or not at all.
export { checkFolder, type FolderCheck } from './check-folder.ts';
export { loadDefinitions, pinned } from './definitions.ts';
export {
  AtomicFile,
  contentHash,
  fileError,
  inFile,
  makeWritable,
  readerIn,
  readNamed,
  readPieces,
  readWhole,
  removeLeftovers,
  writeAtomically,
  writeError,
} from './files.ts';
export { loadModule, ownFile } from './load-module.ts';
export { readManifest, removeManifest, writeManifest } from './manifest.ts';
export { REST_MS } from './messages.ts';
export { openSpec } from './open-spec.ts';
export { type RunnerOptions, runExperiment } from './run-experiment.ts';
export { trialHash } from './trial-file.ts';
export { TrialFolder } from './trial-folder.ts';
export { WorkerPool } from './worker-pool.ts';
