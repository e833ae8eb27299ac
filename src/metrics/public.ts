// What the package exports of this module: the metrics of the core, and what others are made of.
export { accuracy } from './accuracy.ts';
export { macroF1 } from './macro-f1.ts';
export {
  defineMetric,
  type MetricBatch,
  type MetricContext,
  type MetricDefinition,
  type RunningMetric,
} from './metric.ts';
