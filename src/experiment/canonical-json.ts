// JSON by which trials are told apart: equal values have equal texts.

/** Keys that hold places of data files; beside `sha256`, which is their content, they say nothing about a trial. */
const places = new Set(['csv', 'npy', 'npz']);

/**
 * JSON without spaces, keys sorted by code unit at every depth. Data files count by content, not by place: where a dataset
 * has its `sha256`, the paths are left out, so that a folder can be moved.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    const pinned = Object.hasOwn(item, 'sha256');
    const entries = Object.entries(item).map(([key, own]) => [key, pinned && places.has(key) ? '' : own] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
