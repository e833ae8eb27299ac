// The public names of `regulus/tables`: raw tables, transformers, predictors of tables, and the layers of their networks.
export type { Column, ColumnType, Row, Table } from '../data/index.ts';
export { batchEnsemble, featureScale, memberDense, periodicEmbedding, tableLayers } from '../nn/index.ts';
export * from '../preprocessing/index.ts';
export { type FitTableOptions, fitTable, fitTableWith, type TableTraining } from './fit-table.ts';
export { FittedTable, type TableMember, type TableTrainingFacts } from './fitted-table.ts';
export { partsOf } from './folds.ts';
export { pooledTemperature } from './groups.ts';
export {
  type ColumnTypes,
  describeTable,
  type ParseTableOptions,
  parseTable,
  tableRules,
} from './parse-table.ts';
export {
  type ClassProbabilities,
  type Prediction,
  predictorFromJson,
  type TableModel,
  TablePredictor,
  type TablePredictorJson,
} from './predictor.ts';
export { lastLayer, type PresetName, type PresetOptions, presetLayers, presetRule, presetRules } from './presets.ts';
export { type ColumnSchema, likelyDelimiter, type TableInput } from './raw-rows.ts';
export type { Effort, TableNetwork } from './recipe.ts';
export { tableTransformer, usableColumns } from './table-transformer.ts';
export { canScaleTargets, inTargetUnit, type ScaledTraining, scaled, scalingOf } from './target-scaling.ts';
export { type ClassValue, type PredictorTask, splitTarget, type TableTargets, type TableTask } from './targets.ts';
export { type MemberJob, type MemberTrainer, type TrainedMember, trainMember } from './train-member.ts';
