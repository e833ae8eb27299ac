// What an experiment gives back: the types behind results.json, figures.json and timing.json.
import type { EngineInfo } from '../backend/index.ts';
import type { Estimate } from '../statistics/index.ts';
import type { Series } from '../train/index.ts';
import type { ExperimentSpec, FoldSpec, SweepPoint } from './spec.ts';

/** Values per epoch, as in `History` of `regulus`: `trainLoss`, `valDataLoss`, `valAccuracy` … */
export type TrialHistory = Record<Series, number[]>;

/** How a trained network does on one part of the data, with dropout off: the losses, and each metric by its name. */
export interface Score {
  [metric: string]: number;
  /** Mean loss, with the weight penalties. */
  loss: number;
  /** The same without penalties: what can be compared between networks. */
  dataLoss: number;
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

/** Shares of the first layer's kernel weights, of several networks those of the last. */
export interface Sparsity {
  /** Exactly zero. */
  zero: number;
  /** Below 1e-3 in magnitude. */
  nearZero: number;
}

/** What identifies a trial within its experiment. */
export interface TrialKey {
  variant: string;
  /** Only with a sweep: the values that concern this variant. */
  point?: SweepPoint;
  /** Only with k-fold cross-validation. */
  fold?: FoldSpec;
  seed: number;
}

/**
 * What one trial gives, as plain JSON. With `members`, history and epochs are those of the first one, whose validation data are the rows that it
 * leaves out; scores are those of what all predict together.
 */
export interface TrialResult extends TrialKey {
  history: TrialHistory;
  /** Epochs trained. */
  epochs: number;
  /** The epoch, counted from 1, whose weights early stopping restored; otherwise the one with the lowest validation loss without penalty. */
  bestEpoch: number;
  train: Score;
  validation: Score;
  test: Score;
  /** Test points by true class (row) and predicted class (column); for classification. */
  confusion?: number[][];
  /** For classification. */
  calibration?: Calibration;
  sparsity?: Sparsity;
  /** Only when the trial asked for it. */
  figures?: TrialFigures;
  /** The trained network as a model file, in base64. Kept with the trial; results.json does not have it. */
  model?: string;
}

/** Numbers for the pictures of one trained model, to 6 significant digits; each is made by one of the list of probes. */
export interface TrialFigures {
  /** For classification, and not when the features are pixels: a map over two of them says nothing. */
  boundary?: Boundary;
  firstLayerWeights?: number[];
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
  /** Class indices, or real targets. */
  label: number[];
  part: Part[];
}

/** Everything the figures show that is not in {@link Results}. */
export interface FigureData {
  /** Not when the features are pixels. */
  scatter?: Scatter;
  featureNames: [string, string];
  /** One trained network a variant; with a sweep, at its chosen point. */
  variants: (TrialKey & TrialFigures)[];
}

/** What a reference reaches, on one fold of a k-fold split: the shares of the classes, for example, or logistic regression. */
export interface ReferenceScore {
  reference: string;
  /** Only with k-fold cross-validation. */
  fold?: FoldSpec;
  train: Score;
  test: Score;
}

/** How a metric is to be read. */
export interface MetricFacts {
  better: 'higher' | 'lower';
  /** `'share'` is printed as per cent, `'target'` is in the unit of the target. */
  unit: 'share' | 'target' | 'none';
}

/**
 * One variant, with a sweep one of its points. Beside the named estimates there is one for each metric of the test part,
 * such as `testAccuracy` or `testMacroF1`, and one of the training part for the metric that decides.
 */
export type VariantSummary = {
  variant: string;
  /** Only with a sweep. */
  point?: SweepPoint;
} & { [name in `${'test' | 'train'}${string}`]: Estimate } & {
  testLoss: Estimate;
  testDataLoss: Estimate;
  /** The metric that decides: how much better it is on the training part than on the test part. */
  gap: Estimate;
  /** Validation loss without penalty, which chooses the point of a sweep, unless that changes the loss. */
  valDataLoss: Estimate;
};

/**
 * The point of a variant with the lowest mean validation loss without penalty, or where a sweep changes the loss, with the best mean of the
 * metric that decides on the validation part; the first among equals.
 */
export interface SweepChoice {
  variant: string;
  point: SweepPoint;
  valDataLoss: Estimate;
}

/** How a variant does against another one. */
export type ComparisonVerdict = 'better' | 'worse' | 'no difference shown';

/** A variant against the baseline in the metric that decides, paired over the seeds (and folds) that both have finished. */
export interface Comparison {
  variant: string;
  /** The first variant of the spec. */
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
  version: 2;
  name: string;
  engine: EngineInfo;
  spec: ExperimentSpec;
  /** The metric that decides. */
  metric: string;
  /** Everything that is recorded, by its name in {@link Score}: `loss`, `dataLoss` and the metrics. */
  metrics: Record<string, MetricFacts>;
  /** The names of the classes, in the order of their indices, where they have names. */
  classNames?: readonly string[];
  trials: Omit<TrialResult, 'figures' | 'model'>[];
  summary: VariantSummary[];
  /** The variant with the best mean of the deciding metric on the test part (with a sweep, at its chosen point); the first in spec order among equals. */
  best: string;
  /** The first variant of the spec, which the others are compared with. */
  baseline: string;
  /** With a sweep, each variant at its chosen point. Empty where the baseline has no finished trial. */
  comparisons: Comparison[];
  /** Only with a sweep: the chosen point of each variant. */
  sweep?: SweepChoice[];
  /** The statistical methods, by what they were used for. */
  methods: Record<string, string>;
  /**
   * What predictions without features and a linear model reach on the same parts, to see what the networks are worth. They belong to
   * no variant, and no verdict depends on them. Not where the loss has none.
   */
  references?: ReferenceScore[];
}

/** Wall-clock seconds. */
export interface Timing {
  total: number;
  trials: (TrialKey & { seconds: number })[];
}

/** What {@link runExperiment} returns. */
export interface Outcome {
  /** The model file of the networks that {@link keptModel} names. Only where all trials have finished. */
  model?: Uint8Array;
  results: Results;
  figures: FigureData;
  timing: Timing;
}
