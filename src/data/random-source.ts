// The `randomState` option that generators and splitters share, and row shuffling as scikit-learn does it.
import { checkSeed, RandomState } from '../random/index.ts';
import { selectRows } from './take-rows.ts';
import type { Dataset } from './types.ts';

/** A seed in [0, 2^32 - 1], or a stream to draw from (and to advance). */
export type RandomSource = number | RandomState;

/** The stream that a `randomState` option stands for. */
export function randomStateFrom(where: string, source: RandomSource): RandomState {
  return source instanceof RandomState ? source : new RandomState(checkSeed(where, 'randomState', source));
}

/** The rows of `dataset` in random order. */
export function shuffleRows(dataset: Dataset, random: RandomState): Dataset {
  return selectRows(dataset, random.permutation(dataset.y.length));
}
