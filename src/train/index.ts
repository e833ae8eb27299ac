// Models: fit, evaluate, predict, callbacks and history.

export { targetData } from './batch.ts';
export { conflict, hooks, isDescribed, isPromise, unrecorded } from './callbacks.ts';
export { byIndex } from './class-weight.ts';
export { type AnySequential, type Ensemble, type EnsembleOptions, ensemble } from './ensemble.ts';
export { checkFunctions, fitRules } from './fit.ts';
export { recordedSeries, seriesName } from './history.ts';
export * from './public.ts';
export { modelKeys } from './sequential.ts';
export { meanOf, type TargetScaling } from './target-scaling.ts';
