// The categories of columns: how they are found, sorted, checked and looked up; what the encoders share.
import { type Column, makeTable, type Table } from '../data/index.ts';
import { anyOf, list, none, number, oneOf, ParameterError, show, text } from '../errors/index.ts';

/** One value of a column; null for a missing one. */
export type Category = number | string | null;

export const categoryRule = anyOf([number('(-inf, inf)'), text(), none]);

/** The rule of the option of all encoders. */
export const categoriesRule = anyOf([oneOf(['auto']), list(list(categoryRule, { minLength: 1 }))], {
  default: 'auto',
  describe: "The categories of each column, in order; 'auto' for those of the training data, sorted",
});

/** The rule of what all encoders learn. */
export const learntCategories = list(list(categoryRule), { describe: 'Categories of each column' });

/** A value of a column as a category. */
export const categoryOf = (value: unknown): Category => (Number.isNaN(value) ? null : (value as Category));

/** What is missing comes last. */
function compare(a: Category, b: Category): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

/** The categories of each column of `table`: those given, which must then be all, or those found. */
export function categoriesOf(
  where: string,
  { columns }: Table,
  given: 'auto' | readonly (readonly Category[])[],
  handleUnknown: string,
): Category[][] {
  if (given !== 'auto' && given.length !== columns.length) {
    throw new ParameterError(
      `The 'categories' option of ${where} must have a list for each of ${columns.length} columns. Got ${given.length} instead.`,
    );
  }
  return columns.map((column, j) => {
    const found = [...new Set(Array.from<unknown, Category>(column.values, categoryOf))].sort(compare);
    if (given === 'auto') return found;
    const missing = found.find((value) => !given[j].includes(value));
    if (missing !== undefined && handleUnknown === 'error') failUnknown(`${where}.fit`, column.name, missing);
    return [...given[j]];
  });
}

/** The index of each value of `column` among `categories`; −1 for one that is not there, which is an error unless `allowed`. */
export function indicesOf(
  where: string,
  { name, values }: Column,
  categories: readonly Category[],
  allowed: boolean,
): Int32Array {
  const indices = new Map(categories.map((category, k) => [category, k]));
  return Int32Array.from<unknown>(values, (value) => {
    const index = indices.get(categoryOf(value));
    if (index === undefined && !allowed) failUnknown(where, name, categoryOf(value));
    return index ?? -1;
  });
}

function failUnknown(where: string, name: string, value: Category): never {
  throw new ParameterError(
    `The category ${value === null ? 'of missing values' : show(value)} of the column '${name}' was not there when ${where.split('.')[0]} was fitted. ` +
      `Set handleUnknown to something else than 'error', or leave such rows out.`,
  );
}

/** A table of categories: a column holds numbers where all its categories are. */
export function tableOf(
  columns: readonly Category[][],
  categories: readonly (readonly Category[])[],
  rows: number,
): Table {
  const made = columns.map((values, j): Column => {
    const areNumbers = categories[j].every((category) => typeof category !== 'string');
    return areNumbers && values.every((value) => typeof value !== 'string')
      ? {
          name: `x${j}`,
          type: 'number',
          values: Float64Array.from(values, (value) => (value as number | null) ?? Number.NaN),
        }
      : { name: `x${j}`, type: 'category', values: values.map((value) => (value === null ? null : String(value))) };
  });
  return makeTable(made, rows);
}

/** How often each category occurs. */
export function countsOf(column: Column, categories: readonly Category[]): Float64Array {
  const counts = new Float64Array(categories.length);
  for (const k of indicesOf('', column, categories, true)) if (k >= 0) counts[k]++;
  return counts;
}

/** A category in the name of a feature. */
export const categoryName = (category: Category, categories: readonly Category[]): string =>
  category === null ? (categories.some((other) => typeof other === 'string') ? 'None' : 'nan') : String(category);
