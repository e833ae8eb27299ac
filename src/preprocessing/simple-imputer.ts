// SimpleImputer: missing values replaced by one value of their column.
import { type Column, isNumeric, makeTable, type Table } from '../data/index.ts';
import { anyOf, boolean, fail, list, none, number, oneOf, text } from '../errors/index.ts';
import { median } from '../statistics/index.ts';
import { type Category, categoryRule } from './categories.ts';
import { defineTransformer } from './define-transformer.ts';

/**
 * Replaces missing values: NaN in numbers, null in texts.
 *
 * Options: `missingValues`, what counts as missing, default NaN; `strategy`, `'mean'` (default) or `'median'`, for numbers,
 * `'most_frequent'` (the least of several) or `'constant'`; `fillValue` for `'constant'`, default 0 for numbers and
 * `'missing_value'` for texts; `addIndicator`, whether a column of 0 and 1 follows for each column that has had missing values,
 * default false; `keepEmptyFeatures`, whether columns without values stay, default false. A fitted one has `statistics`, what is put
 * in, null for a column that is left out. Values are those of scikit-learn's `SimpleImputer`.
 *
 * @example
 * ```js
 * import { SimpleImputer } from 'regulus/tables';
 *
 * const x = { data: Float64Array.of(1, NaN, 3, 10, 5, 20), shape: [3, 2] };
 * console.log(new SimpleImputer({ strategy: 'median' }).fitTransform(x).data); // [1, 15, 3, 10, 5, 20]
 * ```
 */
export const SimpleImputer = defineTransformer({
  type: 'SimpleImputer',
  describe: 'Missing values replaced by one value of their column',
  takes: 'columns',
  options: {
    missingValues: anyOf([number('(-inf, inf)'), text(), none], {
      default: null,
      describe: 'What counts as missing; null for NaN in numbers and null in texts',
    }),
    strategy: oneOf(['mean', 'median', 'most_frequent', 'constant'], { default: 'mean', describe: 'What is put in' }),
    fillValue: anyOf([number('(-inf, inf)'), text()], {
      optional: true,
      describe: "For strategy 'constant'; by default 0 for numbers, 'missing_value' for texts",
    }),
    addIndicator: boolean({ default: false, describe: 'Whether columns say where values were missing' }),
    keepEmptyFeatures: boolean({ default: false, describe: 'Whether columns without values stay' }),
  },
  state: {
    statistics: list(categoryRule, { describe: 'What is put in; null for a column that is left out' }),
    hasMissing: list(boolean(), { describe: 'Whether the column has had missing values' }),
  },
  fit(table, options) {
    const missing = isMissing(options.missingValues);
    const hasMissing = table.columns.map(({ values }) => Array.from<unknown>(values).some(missing));
    return { statistics: table.columns.map((column) => statisticOf(column, options)), hasMissing };
  },
  transform(table, { statistics, hasMissing }, { missingValues, addIndicator }): Table {
    const missing = isMissing(missingValues);
    const filled = table.columns.flatMap((column, j): Column[] => {
      const fill = statistics[j];
      if (fill === null) return [];
      const { values } = column;
      if (isNumeric(column) !== (typeof fill === 'number')) {
        const rule = `a table whose column '${column.name}' is of the kind that fit saw`;
        fail('SimpleImputer.transform', 'x', rule, values);
      }
      if (isNumeric(column)) {
        return [{ ...column, values: column.values.map((value) => (missing(value) ? Number(fill) : value)) }];
      }
      const texts = values as readonly (string | null)[];
      return [{ ...column, values: texts.map((value) => (missing(value) ? String(fill) : value)) }];
    });
    const indicators = table.columns.flatMap(({ name, values }, j): Column[] => {
      if (!addIndicator || !hasMissing[j]) return [];
      const marks = Float64Array.from<unknown>(values, (value) => Number(missing(value)));
      return [{ name: indicatorName(name), type: 'boolean', values: marks }];
    });
    return makeTable([...filled, ...indicators], table.shape[0]);
  },
  featureNamesOut(names, { statistics, hasMissing }, { addIndicator }) {
    const kept = names.filter((_, j) => statistics[j] !== null);
    return [...kept, ...names.filter((_, j) => addIndicator && hasMissing[j]).map(indicatorName)];
  },
});

/** An instance of the class `SimpleImputer`. */
export type SimpleImputer = InstanceType<typeof SimpleImputer>;

const indicatorName = (name: string) => `missingindicator_${name}`;

function isMissing(marker: unknown): (value: unknown) => boolean {
  return marker === null ? (value) => value === null || Number.isNaN(value) : (value) => value === marker;
}

interface Options {
  readonly missingValues: unknown;
  readonly strategy: string;
  readonly fillValue: unknown;
  readonly keepEmptyFeatures: boolean;
}

function statisticOf(column: Column, { missingValues, strategy, fillValue, keepEmptyFeatures }: Options): Category {
  const { name } = column;
  const missing = isMissing(missingValues);
  const values = Array.from<unknown>(column.values).filter((value) => !missing(value)) as Category[];
  const [kind, usual] = isNumeric(column) ? ['number', 0] : ['text', 'missing_value'];
  if (strategy === 'constant') {
    const fill = fillValue ?? usual;
    if ((typeof fill === 'number') === isNumeric(column)) return fill as Category;
    return fail('SimpleImputer', 'fillValue', `a ${kind} for the column '${name}'`, fill);
  }
  if (!isNumeric(column) && strategy !== 'most_frequent') {
    const rule = `'most_frequent' or 'constant' for the column '${name}', which holds texts`;
    fail('SimpleImputer', 'strategy', rule, strategy, "Use strategy: 'most_frequent' or 'constant'.");
  }
  if (values.length === 0) return keepEmptyFeatures ? usual : null;
  if (strategy === 'most_frequent') return mostFrequent(values);
  const numbers = Float64Array.from(values as number[]).sort();
  if (strategy === 'mean') return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return median(numbers);
}

function mostFrequent(values: readonly Category[]): Category {
  const counts = new Map<Category, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [best, most] = [values[0], 0];
  for (const [value, count] of counts) {
    if (count > most || (count === most && (value as number) < (best as number))) [best, most] = [value, count];
  }
  return best;
}
