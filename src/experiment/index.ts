// Experiments: a spec expands to trials, trials give results; all of it plain JSON.
export { withDefaults } from '../errors/index.ts';
export type { Estimate } from '../statistics/index.ts';
export { type KeptModel, keptModel } from './best-model.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  compareResults,
  type ResultsComparison,
  type SpecDifference,
  type VariantMatch,
} from './compare-results.ts';
export { dataFiles, pinFiles, type ReadFile } from './data-files.ts';
export { specJsonSchema } from './json-schema.ts';
export { type CurvePoint, learningCurve } from './learning-curve.ts';
export { type LoadedDataset, type LoadOptions, loadDataset, type RawTable } from './load-dataset.ts';
export { countTrials, type ExpandOptions, expand, seedList, settingsAt, trialIdentity, trials } from './plan.ts';
export { type DataSpec, type PreparedData, prepareData } from './prepare-data.ts';
export { presets } from './presets.ts';
export type * from './results.ts';
export {
  checkRunOptions,
  type FinishedTrial,
  partialOutcome,
  type RunEvent,
  type RunnerHooks,
  type RunOptions,
  runExperiment,
  type TrialRunner,
  type TrialStore,
} from './run-experiment.ts';
export { runTrial, type TrialHooks, trainOn } from './run-trial.ts';
export type {
  AugmentationJson,
  BuiltInSpec,
  CallbackJson,
  CsvSpec,
  DatasetSpec,
  ExperimentSpec,
  FoldSpec,
  GeneratorSpec,
  GridRange,
  GridSweep,
  HoldOutSpec,
  KFoldSpec,
  LayerJson,
  LayersSpec,
  LossJson,
  MetricJson,
  ModuleFile,
  NetworkSpec,
  NoiseSpec,
  NpySpec,
  NpzSpec,
  Numerics,
  OptimizerJson,
  OwnKind,
  PerceptronSpec,
  PresetSpec,
  RandomRange,
  RandomSweep,
  SpaceSweep,
  SplitSpec,
  SweepPoint,
  SweepSpec,
  TrainingSpec,
  Trial,
  VariantSpec,
} from './spec.ts';
export { isChosen, isSameTrial, summarize, sweepsLoss } from './summarize.ts';
export { type DecidingMetric, decidingMetric, lossOf } from './task.ts';
export type { NetworkSharing, TrainedNetwork } from './train-networks.ts';
export { settingsOf, shortPath, trialKey, trialName } from './trial-name.ts';
export { checkResults, validateFigureData, validateResults, validateTrial } from './validate-results.ts';
export { defineExperiment, type ValidateOptions, validateSpec } from './validate-spec.ts';
