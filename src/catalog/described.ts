// Options of models and of fits that have come as JSON, from another thread for example.
import { type Catalog, fromJson } from '../errors/index.ts';

/** The options that hold kinds, or lists of them. */
const kinds = {
  layers: 'layer',
  loss: 'loss',
  optimizer: 'optimizer',
  augment: 'augmentation',
  metrics: 'metric',
  callbacks: 'callback',
} as const;

const lists: readonly string[] = ['layers', 'augment', 'metrics', 'callbacks'];

/**
 * `options` with the kinds in `names` made again. What should be a list and is none is left for the checks to refuse.
 *
 * @throws ParameterError for an unknown type, and for what a factory refuses.
 * @hidden
 */
export function described<O>(options: O, names: readonly (keyof typeof kinds)[], known: Catalog, where: string): O {
  let made = options;
  for (const name of names) {
    const value = (options as Record<string, unknown> | null | undefined)?.[name];
    const make = (json: unknown, own: string) => fromJson(kinds[name], json, known, where, own);
    if (value === undefined || (lists.includes(name) && !Array.isArray(value))) continue;
    made = {
      ...made,
      [name]: Array.isArray(value) ? value.map((item, i) => make(item, `${name}[${i}]`)) : make(value, kinds[name]),
    };
  }
  return made;
}
