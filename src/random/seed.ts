// The rule for seeds: integers that fit MT19937's 32-bit words.
import { checkOption, integer, type OptionRule } from '../errors/index.ts';

/** The rule of an option that holds a seed. */
export const seedRule: OptionRule<number, 'required'> = integer(0, { max: 4294967295 });

/** Checks that `value` is an integer in [0, 2^32 - 1] and returns it. */
export function checkSeed(where: string, name: string, value: unknown): number {
  return checkOption(where, name, value, seedRule);
}
