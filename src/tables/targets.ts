// The target column of a table: classes or numbers, and the way back from what a network predicts.
import { type Column, checkTable, isNumeric, makeTable, type Table, takeTableRows } from '../data/index.ts';
import { checkOption, didYouMean, oneOf, ParameterError, show, text } from '../errors/index.ts';
import { numbersAndTexts } from './columns.ts';
import { isGiven } from './table-transformer.ts';

/** What is predicted of a table's target. */
export type TableTask = 'classification' | 'regression';

/** What a predictor predicts: that, or several labels, each 0 or 1. */
export type PredictorTask = TableTask | 'multiLabel';

/** A class by its own value, as it stands in the table. */
export type ClassValue = string | number | boolean;

/** Whole numbers are classes where they have at most so many different values. */
const MOST_NUMBERED_CLASSES = 10;

/** What to do with a target where nobody says it. */
function likelyTask(column: Column): TableTask {
  const { name, type, values } = column;
  if (type === 'date') return 'regression';
  const numbers = type === 'number' ? values : numbersAndTexts(column)?.numbers;
  const different = new Set<unknown>(numbers ?? values);
  if (numbers && (different.size > MOST_NUMBERED_CLASSES || ![...different].every(Number.isInteger)))
    return 'regression';
  if (type !== 'text') return 'classification';
  const remedy = "Use task: 'classification' if each is a class.";
  throw new ParameterError(
    `The target '${name}' holds text: ${different.size} different values in ${values.length} rows. ${remedy}`,
  );
}

/** The classes of a target without missing values, sorted, and the index of each of its rows. */
function encodeTarget(column: Column): { classes: ClassValue[]; y: Int32Array } {
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

/** A table as something to learn from. */
export interface TableTargets {
  /** All columns but the target, of the rows that have one. */
  readonly features: Table;
  /** Which rows of the table these are. */
  readonly rows: Int32Array;
  /** The target of these rows. */
  readonly column: Column;
  readonly task: TableTask;
  /** In the order of their indices, for classification. */
  readonly classes: ClassValue[] | undefined;
  /** Class indices, or numbers. */
  readonly y: Int32Array | Float64Array;
  /** What was left out, in sentences. */
  readonly warnings: string[];
}

/**
 * Takes the target out of a table; rows without one are left out.
 *
 * @throws ParameterError for a target that is no column, has one class, or holds no numbers where numbers are wanted, and for text where nobody
 * says that it is classes.
 * @hidden
 */
export function splitTarget(table: Table, target: string, wanted?: TableTask): TableTargets {
  const where = 'splitTarget';
  checkTable(where, table);
  checkOption(where, 'target', target, text());
  if (wanted !== undefined) checkOption(where, 'task', wanted, oneOf(['classification', 'regression']));
  const names = table.columns.map(({ name }) => name);
  const all = table.columns.find(({ name }) => name === target);
  if (!all) {
    const hint = didYouMean(target, names) || `Columns: ${names.slice(0, 20).join(', ')}.`;
    throw new ParameterError(`The target ${show(target)} is no column of the table. ${hint}`);
  }
  const rows = Int32Array.from(all.values.keys()).filter((i) => isGiven(all.values[i]));
  if (rows.length < 2) {
    throw new ParameterError(`At least two rows with a '${target}' are needed. Got ${rows.length}.`);
  }
  const [column, ...others] = takeTableRows(
    makeTable([all, ...table.columns.filter(({ name }) => name !== target)]),
    rows,
  ).columns;
  const task = wanted ?? likelyTask(column);
  const missing = all.values.length - rows.length;
  return {
    features: makeTable(others, rows.length),
    rows,
    column,
    task,
    ...(task === 'classification' ? encodeTarget(column) : { classes: undefined, y: realTarget(column) }),
    warnings: missing > 0 ? [`Rows without '${target}' are left out: ${missing}.`] : [],
  };
}

function realTarget(column: Column): Float64Array {
  const { name, values } = column;
  if (values instanceof Float64Array) return values;
  const mixed = numbersAndTexts(column);
  const problem = mixed ? `numbers, but also ${mixed.texts}: name what is missing in 'missingValues'` : 'no numbers';
  throw new ParameterError(
    `The target '${name}' holds ${problem}. Use task: 'classification', or in a spec a loss for classes.`,
  );
}
