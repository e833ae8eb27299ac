// How sure predictions are: draws of dropout, calibrated probabilities, sets and intervals with a guaranteed coverage.
export {
  type ConformalIntervals,
  type ConformalOptions,
  type ConformalSets,
  conformalIntervals,
  conformalSets,
  type Intervals,
  type SetOptions,
} from './conformal.ts';
export { type McDropoutOptions, mcDropout, type Spread } from './mc-dropout.ts';
export type { AnyModel } from './model.ts';
export { bestTemperature, calibrated, LEAST, type TemperatureScaling, temperatureScaling } from './temperature.ts';
