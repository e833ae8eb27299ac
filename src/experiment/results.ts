// What an experiment gives back: the types behind results.json, figures.json and timing.json.
import type { EngineInfo } from '../backend/index.ts';
import type { ExperimentSpec } from './spec.ts';

/** Values per epoch. */
export interface TrialHistory {
  trainLoss: number[];
  trainAccuracy: number[];
  valLoss: number[];
  valAccuracy: number[];
}

export interface Score {
  loss: number;
  accuracy: number;
}

/** What one trial gives, as plain JSON. */
export interface TrialResult {
  variant: string;
  seed: number;
  history: TrialHistory;
  /** Epochs trained. */
  epochs: number;
  /** The epoch with the lowest validation loss, counted from 1. */
  bestEpoch: number;
  train: Score;
  test: Score;
  /** Only when the trial asked for it. */
  figures?: TrialFigures;
}

/** Numbers for the pictures of one trained model, to 6 significant digits. */
export interface TrialFigures {
  boundary: Boundary;
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

export type Part = 'train' | 'validation' | 'test';

/** Everything the figures show that is not in {@link Results}. */
export interface FigureData {
  /** The first two (scaled) features of every point, to 6 significant digits. */
  scatter: { x: number[]; y: number[]; label: number[]; part: Part[] };
  featureNames: [string, string];
  variants: ({ variant: string; seed: number } & TrialFigures)[];
}

/** Mean over `n` seeds. `sd` (n − 1) and the 95 % interval of the mean (Student's t) are null for one seed. */
export interface Estimate {
  mean: number;
  sd: number | null;
  ci95: [low: number, high: number] | null;
  n: number;
}

export interface VariantSummary {
  variant: string;
  testAccuracy: Estimate;
}

/** Equal specs give equal results, byte for byte: nothing here depends on time or place. */
export interface Results {
  version: 1;
  name: string;
  engine: EngineInfo;
  spec: ExperimentSpec;
  trials: Omit<TrialResult, 'figures'>[];
  summary: VariantSummary[];
  /** The variant with the highest mean test accuracy; the first in spec order among equals. */
  best: string;
}

/** Wall-clock seconds. */
export interface Timing {
  total: number;
  trials: { variant: string; seed: number; seconds: number }[];
}

/** What {@link runExperiment} returns. */
export interface Outcome {
  results: Results;
  figures: FigureData;
  timing: Timing;
}
