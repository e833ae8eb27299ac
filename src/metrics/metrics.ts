// The list of the metrics that are not in the core.
import * as ofClasses from './class-metrics.ts';
import * as ofProbabilities from './probability-metrics.ts';
import * as ofValues from './regression-metrics.ts';

/**
 * The kinds of metrics of this entry: all of the package but `accuracy` and `macroF1`, which `regulus` has. Their names are those of
 * scikit-learn's `scoring`: of the score that each computes, without an ending `Score`. Specs and workers know them; for
 * `metricFromJson`, add them to the catalog.
 *
 * @example
 * ```js
 * import { catalog, extendCatalog, metricFromJson } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * console.log(metrics.rootMeanSquaredError()); // { type: 'rootMeanSquaredError' }
 * console.log(metricFromJson({ type: 'fbeta', beta: 2 }, extendCatalog(catalog, Object.values(metrics))));
 * ```
 */
export const metrics = {
  balancedAccuracy: ofClasses.balancedAccuracy,
  topKAccuracy: ofProbabilities.topKAccuracy,
  precision: ofClasses.precision,
  recall: ofClasses.recall,
  f1: ofClasses.f1,
  fbeta: ofClasses.fbeta,
  matthewsCorrcoef: ofClasses.matthewsCorrcoef,
  cohenKappa: ofClasses.cohenKappa,
  rocAuc: ofProbabilities.rocAuc,
  averagePrecision: ofProbabilities.averagePrecision,
  brierScore: ofProbabilities.brierScore,
  logLoss: ofProbabilities.logLoss,
  expectedCalibrationError: ofProbabilities.expectedCalibrationError,
  r2: ofValues.r2,
  explainedVariance: ofValues.explainedVariance,
  meanSquaredError: ofValues.meanSquaredError,
  rootMeanSquaredError: ofValues.rootMeanSquaredError,
  meanAbsoluteError: ofValues.meanAbsoluteError,
  medianAbsoluteError: ofValues.medianAbsoluteError,
  meanPinballLoss: ofValues.meanPinballLoss,
};
