// The figures of a report in reading order: the outcome, the training, what was learned, and the data.
import type { FigureDefinition } from '../figure.ts';
import { boundaries } from './boundaries.ts';
import { calibration } from './calibration.ts';
import { confusion } from './confusion.ts';
import { curves } from './curves.ts';
import { data } from './data.ts';
import { differences } from './differences.ts';
import { outcome } from './outcome.ts';
import { sweep } from './sweep.ts';
import { weights } from './weights.ts';

/** All figures; those whose numbers are not there are left out of a report. */
export const figures: readonly FigureDefinition[] = [
  outcome,
  differences,
  sweep,
  curves,
  boundaries,
  weights,
  calibration,
  confusion,
  data,
];
