// Metrics: what predictions are judged by, beside the loss.
import { accuracy } from './accuracy.ts';
import {
  balancedAccuracy,
  cohenKappa,
  f1,
  fbeta,
  macroF1,
  matthewsCorrcoef,
  precision,
  recall,
} from './class-metrics.ts';
import {
  averagePrecision,
  brierScore,
  expectedCalibrationError,
  logLoss,
  rocAuc,
  topKAccuracy,
} from './probability-metrics.ts';
import { explainedVariance, mae, meanPinballLoss, medianAbsoluteError, mse, r2, rmse } from './regression-metrics.ts';

export { accuracy } from './accuracy.ts';
export * from './class-metrics.ts';
export {
  defineMetric,
  type MetricBatch,
  type MetricContext,
  type MetricDefinition,
  type RunningMetric,
} from './metric.ts';
export * from './probability-metrics.ts';
export * from './regression-metrics.ts';
export { confusionOf } from './scores/confusion-matrix.ts';
export { reliability } from './scores/probabilities.ts';

/** All metrics of the package. */
export const metrics = [
  accuracy,
  balancedAccuracy,
  topKAccuracy,
  precision,
  recall,
  f1,
  fbeta,
  macroF1,
  matthewsCorrcoef,
  cohenKappa,
  rocAuc,
  averagePrecision,
  brierScore,
  logLoss,
  expectedCalibrationError,
  r2,
  explainedVariance,
  mse,
  rmse,
  mae,
  medianAbsoluteError,
  meanPinballLoss,
] as const;
