// The list of the built-in generators, for what looks them up by name.
import type { AnyGenerator } from './define-generator.ts';
import { makeBlobs } from './make-blobs.ts';
import { makeCircles } from './make-circles.ts';
import { makeClassification } from './make-classification.ts';
import { makeFriedman1, makeFriedman2, makeFriedman3 } from './make-friedman.ts';
import { makeMoons } from './make-moons.ts';
import { makeMultilabelClassification } from './make-multilabel-classification.ts';
import { makeRegression } from './make-regression.ts';

/** All generators that come with Regulus. */
export const generators: readonly AnyGenerator[] = [
  makeMoons,
  makeCircles,
  makeBlobs,
  makeClassification,
  makeMultilabelClassification,
  makeRegression,
  makeFriedman1,
  makeFriedman2,
  makeFriedman3,
];
