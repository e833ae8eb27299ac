// Metrics: what predictions are judged by, beside the loss.
import { accuracy } from './accuracy.ts';
import { macroF1 } from './macro-f1.ts';

export { accuracy } from './accuracy.ts';
export { macroF1 } from './macro-f1.ts';
export {
  defineMetric,
  type MetricBatch,
  type MetricContext,
  type MetricDefinition,
  type RunningMetric,
} from './metric.ts';
export { metrics } from './metrics.ts';
export { logLoss } from './probability-metrics.ts';
export { confusionOf } from './scores/confusion-matrix.ts';
export { reliability } from './scores/probabilities.ts';

/** The metrics of the core. */
export const coreMetrics = [accuracy, macroF1] as const;
