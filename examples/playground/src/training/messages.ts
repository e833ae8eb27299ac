// What the page and its training workers say to each other.

import type { EngineInfo } from 'regulus';
import type { Trial, TrialResult } from 'regulus/experiment';
import type { Grid } from './field.ts';

/** How fast to train. */
export interface Pace {
  playing: boolean;
  /** Epochs per second; 0 for as many as the machine can. */
  speed: number;
  /** Share of the time that a worker may train for at the most: with all others, it leaves a core to the page. */
  share: number;
}

/** To a worker. A new run ends the one before; `run` numbers them. */
export type WorkerCommand =
  | { type: 'run'; run: number; trial: Trial; csv?: string; pace: Pace }
  | { type: 'pace'; pace: Pace }
  | { type: 'step' };

/** Loss without penalty, and accuracy, both with dropout off: numbers that can be compared between variants. */
export interface Score {
  loss: number;
  accuracy: number;
}

/** The points, and the part of the plane around them. */
export interface DataFacts {
  x: Float32Array;
  y: Float32Array;
  label: Uint8Array;
  /** 0 train, 1 validation, 2 test */
  part: Uint8Array;
  counts: [train: number, validation: number, test: number];
  features: number;
  featureNames: [string, string];
  classes: number;
  /** Not for images. */
  area: Area | undefined;
  stepsPerEpoch: number;
}

/** Class probabilities on a grid over the area, in 255ths: of class 1 for two classes, else of all classes, cell by cell. */
export interface Field extends Grid {
  cells: Uint8Array;
}

export interface Area {
  xMin: number;
  xMax: number;
  yMin: number;
  yMax: number;
}

/** A point of the curves, at the end of an epoch. */
export interface Point {
  /** 0 before training. */
  epoch: number;
  train: Score;
  validation: Score;
}

/** What a model looks like at the end of an epoch. */
export interface Snapshot extends Point {
  test: Score;
  field: Field | undefined;
  /** The weights of the first units as images, from −1 to 1 of the largest. */
  images: Float32Array | undefined;
  histogram: Histogram;
  /** Share of all weights that are zero, and below 0.001 in magnitude. */
  zero: number;
  nearZero: number;
  /** Hidden units that are 0 for every training sample, of how many. */
  dead: number;
  units: number;
  /** Training steps per second, while training alone; 0 before. */
  stepsPerSecond: number;
}

/** Counts of the weights in equal bins from −limit to limit; what is outside is in the outer bins. */
export interface Histogram {
  limit: number;
  counts: Uint32Array;
}

/** Of a worker. */
export type WorkerMessage = { run: number } & (
  | { type: 'data'; data: DataFacts }
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'point'; point: Point }
  | { type: 'result'; result: TrialResult; engine: EngineInfo; snapshot: Snapshot }
  | { type: 'error'; message: string; name: string }
);
