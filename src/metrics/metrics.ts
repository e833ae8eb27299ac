// The list of the metrics that are not in the core.
import { balancedAccuracy, cohenKappa, f1, fbeta, matthews, precision, recall } from './class-metrics.ts';
import { averagePrecision, brierScore, crossEntropy, ece, rocAuc, topKAccuracy } from './probability-metrics.ts';
import { explainedVariance, mae, medae, mse, pinballLoss, r2, rmse } from './regression-metrics.ts';

/**
 * The kinds of metrics of this entry: all of the package but `accuracy` and `macroF1`, which `regulus` has. Specs and workers
 * know them; for `metricFromJson`, add them to the catalog.
 *
 * @example
 * ```js
 * import { catalog, extendCatalog, metricFromJson } from 'regulus';
 * import { metrics } from 'regulus/metrics';
 * console.log(metricFromJson({ type: 'fbeta', beta: 2 }, extendCatalog(catalog, metrics)));
 * ```
 */
export const metrics = [
  balancedAccuracy,
  topKAccuracy,
  precision,
  recall,
  f1,
  fbeta,
  matthews,
  cohenKappa,
  rocAuc,
  averagePrecision,
  brierScore,
  crossEntropy,
  ece,
  r2,
  explainedVariance,
  mse,
  rmse,
  mae,
  medae,
  pinballLoss,
] as const;
