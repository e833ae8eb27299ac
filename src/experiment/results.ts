// What an experiment gives back: the types behind results.json, figures.json and timing.json.
import type { EngineInfo } from '../backend/index.ts';
import type { ExperimentSpec, FoldSpec, SweepPoint } from './spec.ts';

/** Values per epoch, as in `History` of `regulus`. */
export interface TrialHistory {
  trainLoss: number[];
  trainAccuracy: number[];
  valLoss: number[];
  valAccuracy: number[];
}

/** How a trained network does on one part of the data, with dropout off. */
export interface Score {
  /** Mean cross-entropy in nats, with the L1 and L2 penalty. */
  loss: number;
  /** Share of right predictions. */
  accuracy: number;
}

/** Confidence against accuracy on the test part, in ten equal bins of the predicted class's probability. */
export interface Calibration {
  /** Points in the bin; where there are none, the other two are 0. */
  count: number[];
  /** Mean probability of the predicted class. */
  confidence: number[];
  /** Share of right predictions. */
  accuracy: number[];
}

/** Shares of the first layer's kernel weights. */
export interface Sparsity {
  /** Exactly zero. */
  zero: number;
  /** Below 1e-3 in magnitude. */
  nearZero: number;
}

/** What one trial gives, as plain JSON. Results of Regulus 0.1 lack the keys from `validation` to `sparsity`. */
export interface TrialResult {
  variant: string;
  /** Only with a sweep. */
  point?: SweepPoint;
  /** Only with k-fold cross-validation. */
  fold?: FoldSpec;
  seed: number;
  history: TrialHistory;
  /** Epochs trained. */
  epochs: number;
  /** The epoch with the lowest validation loss, counted from 1. */
  bestEpoch: number;
  train: Score;
  test: Score;
  /** `dataLoss` is without the penalty. */
  validation?: Score & { dataLoss: number };
  /** Test points by true class (row) and predicted class (column). */
  confusion?: number[][];
  calibration?: Calibration;
  sparsity?: Sparsity;
  /** Only when the trial asked for it. */
  figures?: TrialFigures;
}

/** Numbers for the pictures of one trained model, to 6 significant digits. */
export interface TrialFigures {
  /** Not when the features are pixels: a map over two of them says nothing. */
  boundary?: Boundary;
  firstLayerWeights: number[];
}

/**
 * Class probabilities on a grid over the first two (scaled) features, the others at their training mean.
 * Row-major, row 0 at `yMin`; the outer columns and rows lie on the limits. For two classes one value a cell,
 * P(class 1); for more, `classes` values a cell.
 */
export interface Boundary {
  xMin: number;
  xMax: number;
  yMin: number;
  yMax: number;
  columns: number;
  rows: number;
  classes: number;
  probabilities: number[];
}

/** What a point is used for. */
export type Part = 'train' | 'validation' | 'test';

/** The first two (scaled) features of every point, to 6 significant digits. */
export interface Scatter {
  x: number[];
  y: number[];
  label: number[];
  part: Part[];
}

/** Everything the figures show that is not in {@link Results}. */
export interface FigureData {
  /** Not when the features are pixels. */
  scatter?: Scatter;
  featureNames: [string, string];
  variants: (Pick<TrialResult, 'variant' | 'point' | 'fold' | 'seed'> & TrialFigures)[];
}

/**
 * Mean over `n` seeds, or over `n` folds, each the mean of its seeds. `sd` (n − 1) and the 95 % interval of the mean
 * (Student's t, for folds with the correction for their overlap) are null for n = 1.
 */
export interface Estimate {
  mean: number;
  sd: number | null;
  ci95: [low: number, high: number] | null;
  n: number;
}

/** Results of Regulus 0.1 have `variant` and `testAccuracy` alone. */
export interface VariantSummary {
  variant: string;
  /** Only with a sweep, which has a summary per variant and point. */
  point?: SweepPoint;
  testAccuracy: Estimate;
  /** With the L1 and L2 penalty. */
  testLoss?: Estimate;
  trainAccuracy?: Estimate;
  /** Train accuracy minus test accuracy. */
  gap?: Estimate;
  /** Only with a sweep: the loss without penalty, which decides between points. */
  validationLoss?: Estimate;
}

/** The point of a variant with the lowest mean validation loss; the first among equals. */
export interface SweepChoice {
  variant: string;
  point: SweepPoint;
  validationLoss: Estimate;
}

/** How a variant does against another one. */
export type ComparisonVerdict = 'better' | 'worse' | 'no difference shown';

/** A variant against the baseline in test accuracy, paired over the seeds (and folds) that both have finished. */
export interface Comparison {
  variant: string;
  /** The first variant. */
  baseline: string;
  /** Variant minus baseline. */
  difference: Estimate;
  /** Of the paired t test, two-sided; null for one pair. */
  p: number | null;
  /** Corrected for the number of comparisons. */
  pAdjusted: number | null;
  /** At the 5 % level of `pAdjusted`. */
  verdict: ComparisonVerdict;
  /** The verdict as a sentence without its full stop. */
  text: string;
}

/** Equal specs give equal results, byte for byte: nothing here depends on time or place. */
export interface Results {
  version: 1;
  name: string;
  engine: EngineInfo;
  spec: ExperimentSpec;
  trials: Omit<TrialResult, 'figures'>[];
  summary: VariantSummary[];
  /** The variant with the highest mean test accuracy (with a sweep, at its chosen point); the first in spec order among equals. */
  best: string;
  /** Not in results of Regulus 0.1. With a sweep, each variant at its chosen point. */
  comparisons?: Comparison[];
  /** Only with a sweep: the chosen point of each variant. */
  sweep?: SweepChoice[];
  /** The statistical methods, by what they were used for. Not in results of Regulus 0.1. */
  methods?: Record<string, string>;
}

/** Wall-clock seconds. */
export interface Timing {
  total: number;
  trials: (Pick<TrialResult, 'variant' | 'point' | 'fold' | 'seed'> & { seconds: number })[];
}

/** What {@link runExperiment} returns. */
export interface Outcome {
  results: Results;
  figures: FigureData;
  timing: Timing;
}
