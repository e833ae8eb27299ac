// The `randomState` option that generators and splitters share.
import { anyOf, instance } from '../errors/index.ts';
import { RandomState, seedRule } from '../random/index.ts';

/** A seed in [0, 2^32 - 1], or a stream to draw from (and to advance). */
export type RandomSource = number | RandomState;

/** The forms of a {@link RandomSource}. */
export const randomSources = [seedRule, instance(RandomState, 'RandomState')] as const;

/** The option that most of them have. */
export const randomState = anyOf(randomSources, {
  default: 0,
  describe: 'Seed, or stream to draw from; by default equal calls give equal results',
});

/** The stream that a `randomState` option stands for. */
export function randomStateFrom(source: RandomSource): RandomState {
  return source instanceof RandomState ? source : new RandomState(source);
}
