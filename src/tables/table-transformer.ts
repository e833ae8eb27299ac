// What a network can learn from a table, and what makes numbers of its columns where nobody says how.
import {
  checkTable,
  isTable,
  type Matrix,
  matrixFromTable,
  selectColumns,
  type Table,
  takeTableRows,
} from '../data/index.ts';
import { fail, ParameterError, show } from '../errors/index.ts';
import {
  ColumnTransformer,
  OneHotEncoder,
  Pipeline,
  SimpleImputer,
  StandardScaler,
  type Transformer,
} from '../preprocessing/index.ts';
import { isOtherDate, numbersAndTexts } from './columns.ts';

/**
 * The default for tables: numbers are scaled and filled with their median, with a column that says where; categories become
 * columns of 0 and 1, those that are new later none of them. `null` scales nothing.
 *
 * @hidden
 */
export function tableTransformer(scaler: Transformer | null = new StandardScaler()): ColumnTransformer {
  const fill = ['fill', new SimpleImputer({ strategy: 'median', addIndicator: true })] as const;
  const categories = new OneHotEncoder({ handleUnknown: 'infrequent_if_exist', minFrequency: 2 });
  return new ColumnTransformer({
    transformers: [
      [
        'numbers',
        new Pipeline({ steps: scaler ? [['scale', scaler], fill] : [fill] }),
        { type: ['number', 'boolean', 'date'] },
      ],
      ['categories', categories, { type: 'category' }],
    ],
    verboseFeatureNamesOut: false,
  });
}

/** What a fitted transformer makes of a table, as the network takes it: some return tables of numbers. */
export function featuresOf(where: string, transformer: Transformer, table: Table): Matrix {
  const features = transformer.transform(table);
  return isTable(features) ? matrixFromTable(where, features) : features;
}

/** Whether a value of a column is there. */
export const isGiven = (value: unknown): boolean => value !== null && !Number.isNaN(value);

/**
 * The columns of a table that a network can learn from, by what stands in `rows` of it; `warnings` gets a sentence on each of
 * the others.
 *
 * @throws ParameterError where there are none.
 * @hidden
 */
export function usableColumns(table: Table, rows: Int32Array, warnings: string[] = []): Table {
  const where = 'usableColumns';
  checkTable(where, table);
  if (!Array.isArray(warnings)) fail(where, 'warnings', 'a list', warnings);
  const used = takeTableRows(table, rows).columns;
  const usable = table.columns.filter((column, j) => {
    const { name, type } = column;
    const isText = type === 'text';
    const first = (used[j].values as readonly unknown[]).find(isGiven);
    // All rows have made it the type that it is.
    const mixed = numbersAndTexts(column);
    const outcome = isText ? 'it is left out' : 'all become categories';
    if (first === undefined) warnings.push(`The column '${name}' has no values and is left out.`);
    else if (mixed) {
      const remedy = "Name what is missing in 'missingValues'.";
      warnings.push(`The column '${name}' holds numbers, but also ${mixed.texts}: ${outcome}. ${remedy}`);
    } else if (isOtherDate(column)) {
      warnings.push(`The column '${name}' holds dates such as ${show(first)}: ${outcome}. Write them as 2024-12-31.`);
    } else if (isText) warnings.push(`The column '${name}' holds text, such as ${show(first)}, and is left out.`);
    return first !== undefined && !isText;
  });
  if (usable.length === 0) throw new ParameterError(`There is no column to predict from. ${warnings.join(' ')}`.trim());
  return selectColumns(
    where,
    table,
    usable.map(({ name }) => name),
  );
}
