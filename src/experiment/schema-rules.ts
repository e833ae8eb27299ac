// The building blocks of the schema: each says its rule in the words of an error message ("must be …").
// Not `{ z }`, anywhere: Parcel loses that object, and esbuild then bundles every language of zod's messages with it.
import * as z from 'zod';
import type { Interval } from '../errors/index.ts';

/** An integer in the closed range [`min`, `max`]. */
export function integer(min: number, max?: number): z.ZodNumber {
  const rule = `an integer in the range [${min}, ${max === undefined ? 'inf)' : `${max}]`}`;
  const schema = z.int(rule).min(min, rule);
  return max === undefined ? schema : schema.max(max, rule);
}

/** A finite number inside `interval`. */
export function number(interval: Interval): z.ZodNumber {
  const rule = `a number in the range ${interval}`;
  const [low, high] = interval.slice(1, -1).split(', ').map(Number);
  let schema = z.number(rule);
  if (!Number.isNaN(low)) schema = interval.startsWith('[') ? schema.gte(low, rule) : schema.gt(low, rule);
  if (!Number.isNaN(high)) schema = interval.endsWith(']') ? schema.lte(high, rule) : schema.lt(high, rule);
  return schema;
}

export const boolean = z.boolean('true or false');

export const text = (pattern: RegExp, rule: string) => z.string(rule).regex(pattern, rule);

export const oneOf = <const T extends readonly string[]>(...choices: T) => z.enum(choices, among(choices));

const among = (choices: readonly unknown[]) => `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;

export function list<T extends z.ZodType>(item: T, minLength: 0 | 1): z.ZodArray<T> {
  const rule = minLength ? 'a list that is not empty' : 'a list';
  return z.array(item, rule).min(minLength, rule);
}

/** An object with the keys of `shape` and no others. */
export function object<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? known : 'an object') });
}

/** One of several objects that the value of `key` tells apart. */
export function variantBy<T extends readonly [z.ZodObject, ...z.ZodObject[]]>(key: string, options: T) {
  const choices = options.map(({ shape }) => (shape[key] as z.ZodLiteral).value);
  const rule = among(choices);
  return z.discriminatedUnion(key, options, { error: ({ code }) => (code === 'invalid_union' ? rule : 'an object') });
}

/**
 * One of several kinds of value, told apart by a type (`list`, `number`, `text`) or by a key that only this kind of
 * object has.
 */
export function kinds<T extends Record<string, z.ZodType>>(options: T) {
  return z.union(Object.values(options) as T[keyof T][], Object.keys(options).join(' '));
}

/** Index of each item that equals an earlier one, with the index of the first. */
export function* repeated(items: readonly unknown[]): Generator<[index: number, first: number]> {
  const first = new Map<unknown, number>();
  for (const [i, item] of items.entries()) {
    const same = first.get(item);
    if (same === undefined) first.set(item, i);
    else yield [i, same];
  }
}
