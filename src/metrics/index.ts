// Metrics: what predictions are judged by, beside the loss.
import { accuracy } from './accuracy.ts';
import { macroF1 } from './macro-f1.ts';

export { metrics } from './metrics.ts';
export { logLoss } from './probability-metrics.ts';
export * from './public.ts';
export { confusionOf } from './scores/confusion-matrix.ts';
export { reliability } from './scores/probabilities.ts';

/** The metrics of the core. */
export const coreMetrics = [accuracy, macroF1] as const;
