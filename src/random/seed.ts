// The rule for seeds: integers that fit MT19937's 32-bit words.
import { fail } from '../errors/index.ts';

const LARGEST_SEED = 4294967295;

/** Checks that `value` is an integer in [0, 2^32 - 1] and returns it. */
export function checkSeed(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > LARGEST_SEED) {
    fail(where, name, `an integer in the range [0, ${LARGEST_SEED}]`, value, 'Equal seeds give equal results.');
  }
  return value;
}
