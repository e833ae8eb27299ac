// JSON that identifies trials: equal values have equal texts.

import { fail } from '../errors/index.ts';

/** Keys that hold the places of data files and modules; beside `sha256`, which is their content, they say nothing about a trial. */
const places = new Set(['csv', 'npy', 'npz', 'path']);

/**
 * JSON without spaces, keys sorted by code unit at every depth. Files count by content, not by place: where an object
 * has a `sha256`, the paths are left out, so that a folder can be moved.
 *
 * @example
 * ```js
 * import { canonicalJson } from 'regulus/experiment';
 * console.log(canonicalJson({ b: 1, a: [2, 3] })); // {"a":[2,3],"b":1}
 * ```
 */
export function canonicalJson(value: unknown): string {
  const sorted = (_: string, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    const pinned = Object.hasOwn(item, 'sha256');
    const entries = Object.entries(item).map(([key, own]) => [key, pinned && places.has(key) ? '' : own] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  try {
    return JSON.stringify(value, sorted);
  } catch (error) {
    return fail('canonicalJson', 'value', 'a value of JSON', value, `${(error as Error).message}.`);
  }
}
