// The public names of `regulus/metrics`: scores of predictions that are at hand as arrays, as scikit-learn has them, and the kinds
// of metrics that compute them during training.
export { metrics } from './metrics.ts';
export { accuracyScore, balancedAccuracyScore, topKAccuracyScore } from './scores/accuracy.ts';
export {
  type ConfusionOptions,
  cohenKappaScore,
  confusionMatrix,
  matthewsCorrcoef,
} from './scores/confusion-matrix.ts';
export {
  type AreaAverage,
  type AreaOptions,
  averagePrecisionScore,
  type CurveOptions,
  precisionRecallCurve,
  rocAucScore,
  rocCurve,
} from './scores/curves.ts';
export {
  type Average,
  f1Score,
  fbetaScore,
  type PrecisionRecallOptions,
  precisionScore,
  recallScore,
} from './scores/f-score.ts';
export type { Label, Labels, Rows, Values, Weighted } from './scores/inputs.ts';
export {
  brierScoreLoss,
  type ClassOptions,
  expectedCalibrationError,
  logLoss,
  type PosLabelOptions,
} from './scores/probabilities.ts';
export {
  explainedVarianceScore,
  type Multioutput,
  meanAbsoluteError,
  meanPinballLoss,
  meanSquaredError,
  medianAbsoluteError,
  type RegressionOptions,
  r2Score,
  rootMeanSquaredError,
  type VarianceOptions,
} from './scores/regression.ts';
