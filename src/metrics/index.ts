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

/** All metrics of the package. */
export const metrics = [accuracy, macroF1] as const;
