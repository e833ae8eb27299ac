// Named random streams of one root seed, so that drawing more from one does not disturb the others.
import { checkInteger, checkOneOf } from '../errors/index.ts';
import { RandomState } from './random-state.ts';
import { checkSeed } from './seed.ts';

// The numbers are part of every seeded result: never change or reuse one.
const STREAM_IDS = { initialization: 1, shuffling: 2, dropout: 3 } as const;

export type StreamName = keyof typeof STREAM_IDS;

/**
 * The stream `name` of `rootSeed`: `new RandomState([rootSeed, id, index])` with id 1 for initialization, 2 for
 * shuffling and 3 for dropout. `numpy.random.RandomState([rootSeed, id, index])` draws the same values.
 *
 * @param rootSeed integer in [0, 2^32 - 1]
 * @param index tells streams of one name apart, such as one per layer; default 0
 */
export function stream(rootSeed: number, name: StreamName, index = 0): RandomState {
  checkSeed('stream', 'rootSeed', rootSeed);
  checkOneOf('stream', 'name', name, Object.keys(STREAM_IDS));
  checkInteger('stream', 'index', index, 0, 4294967295);
  return new RandomState([rootSeed, STREAM_IDS[name], index]);
}
