// The target column of a table: classes or numbers, and the way back from what a network predicts.
import { type Column, isNumeric } from '../data/index.ts';
import { ParameterError } from '../errors/index.ts';

/** What is predicted of a table's target. */
export type TableTask = 'classification' | 'regression';

/** A class by its own value, as it stands in the table. */
export type ClassValue = string | number | boolean;

/** Whole numbers are classes where they have at most so many different values. */
const MOST_NUMBERED_CLASSES = 10;

/** What to do with a target where nobody says it. */
export function likelyTask({ type, values }: Column): TableTask {
  if (type === 'date') return 'regression';
  if (type !== 'number') return 'classification';
  const different = new Set(values as Float64Array);
  const areClasses = different.size <= MOST_NUMBERED_CLASSES && [...different].every(Number.isInteger);
  return areClasses ? 'classification' : 'regression';
}

/** The classes of a target without missing values, sorted, and the index of each of its rows. */
export function encodeTarget(column: Column): { classes: ClassValue[]; y: Int32Array } {
  const { type, values } = column;
  const different = [...new Set<string | number>(values as readonly string[])];
  const sorted = isNumeric(column) ? different.sort((a, b) => Number(a) - Number(b)) : different.sort();
  if (sorted.length < 2) {
    throw new ParameterError(`The target '${column.name}' has only one class. Give rows of two classes at least.`);
  }
  const indices = new Map(sorted.map((value, k) => [value, k]));
  const y = Int32Array.from(values as readonly string[], (value) => indices.get(value) as number);
  return { classes: type === 'boolean' ? sorted.map((value) => value === 1) : sorted, y };
}
