// OneHotEncoder: a column of 0 and 1 for each category.
import { zeroMatrix } from '../data/index.ts';
import { anyOf, integer, list, none, number, oneOf, ParameterError, show } from '../errors/index.ts';
import {
  type Category,
  categoriesOf,
  categoriesRule,
  categoryName,
  categoryRule,
  countsOf,
  indicesOf,
  learntCategories,
  tableOf,
} from './categories.ts';
import { defineTransformer } from './define-transformer.ts';

/** What stands for all infrequent categories, as in scikit-learn. */
const INFREQUENT = 'infrequent_sklearn';

/**
 * Makes a column of 0 and 1 of each category of each column. A missing value is a category of its own where the training data
 * have one.
 *
 * Options: `categories`, default `'auto'`, those of the training data; `drop`, the category of each column that gets none:
 * `'first'`, `'if_binary'` (the first of two) or a list, default null; `handleUnknown`, what happens to other categories later:
 * `'error'` (default), `'ignore'` (all 0) or `'infrequent_if_exist'`; `minFrequency` (a number of rows or a share) and `maxCategories`
 * put the rarest categories together in one column. A fitted one has `categories`, `infrequentCategories` and `dropIndices`. Values are those of
 * scikit-learn's `OneHotEncoder`.
 *
 * @example
 * ```js
 * import { OneHotEncoder } from 'regulus/tables';
 *
 * const encoder = new OneHotEncoder({ handleUnknown: 'ignore' }).fit([{ city: 'Oslo' }, { city: 'Bergen' }]);
 * console.log(encoder.getFeatureNamesOut()); // ['city_Bergen', 'city_Oslo']
 * console.log(encoder.transform([{ city: 'Oslo' }, { city: 'Paris' }]).data); // [0, 1, 0, 0]
 * ```
 */
export const OneHotEncoder = defineTransformer({
  type: 'OneHotEncoder',
  describe: 'A column of 0 and 1 for each category',
  takes: 'columns',
  options: {
    categories: categoriesRule,
    drop: anyOf([oneOf(['first', 'if_binary']), list(categoryRule), none], {
      default: null,
      describe: 'The category of each column that gets no column of its own',
    }),
    handleUnknown: oneOf(['error', 'ignore', 'infrequent_if_exist'], {
      default: 'error',
      describe: 'What happens to categories that were not there in training',
    }),
    minFrequency: anyOf([number('(0, inf)'), none], {
      default: null,
      describe: 'Rarer categories are infrequent: a number of rows, or below 1 a share of them',
    }),
    maxCategories: anyOf([integer(1), none], {
      default: null,
      describe: 'At most so many columns for one, that of the infrequent categories among them',
    }),
  },
  state: {
    categories: learntCategories,
    infrequentCategories: list(list(categoryRule), { describe: 'Those that share one column' }),
    dropIndices: list(anyOf([integer(0), none]), { describe: 'The column that each feature leaves out, or null' }),
  },
  check: ({ minFrequency }) =>
    minFrequency !== null && minFrequency >= 1 && !Number.isInteger(minFrequency)
      ? { option: 'minFrequency', rule: 'a number of rows, or a share below 1' }
      : undefined,
  fit(table, { categories: given, drop, handleUnknown, minFrequency, maxCategories }) {
    const learnt = categoriesOf('OneHotEncoder', table, given, handleUnknown);
    const infrequentCategories = learnt.map((categories, j) => {
      const counts = countsOf(table.columns[j], categories);
      const least = minFrequency === null ? 0 : minFrequency < 1 ? minFrequency * table.shape[0] : minFrequency;
      const rare = new Set([...counts.keys()].filter((k) => counts[k] < least));
      const columns = categories.length - rare.size + Number(rare.size > 0);
      if (maxCategories !== null && columns > maxCategories) {
        const byCount = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
        for (const k of byCount.slice(0, byCount.length - maxCategories + 1)) rare.add(k);
      }
      return categories.filter((_, k) => rare.has(k));
    });
    const dropIndices = learnt.map((categories, j) => {
      const groups = groupsOf(categories, infrequentCategories[j]);
      if (drop === null || (drop === 'if_binary' && groups.names.length !== 2)) return null;
      if (typeof drop === 'string') return 0;
      const index = categories.indexOf(drop[j]);
      if (index >= 0 && !infrequentCategories[j].includes(drop[j])) return groups.of[index];
      throw new ParameterError(
        `The 'drop' option of OneHotEncoder must name a frequent category of each column. Got ${show(drop[j])} for '${table.columns[j].name}' instead.`,
      );
    });
    return { categories: learnt, infrequentCategories, dropIndices };
  },
  transform(table, { categories: learnt, infrequentCategories, dropIndices }, { handleUnknown }) {
    const places = learnt.map((_, j) =>
      oneHotColumns(learnt[j], infrequentCategories[j], dropIndices[j], handleUnknown),
    );
    const total = places.reduce((sum, { width }) => sum + width, 0);
    const rows = table.shape[0];
    const result = zeroMatrix('OneHotEncoder.transform', rows, total);
    let start = 0;
    table.columns.forEach((column, j) => {
      const { of, unknown, width } = places[j];
      const indices = indicesOf('OneHotEncoder.transform', column, learnt[j], handleUnknown !== 'error');
      indices.forEach((index, i) => {
        const at = index < 0 ? unknown : of[index];
        if (at >= 0) result.data[i * total + start + at] = 1;
      });
      start += width;
    });
    return result;
  },
  inverseTransform({ data, shape: [rows, total] }, { categories: learnt, infrequentCategories, dropIndices }) {
    let start = 0;
    const columns = learnt.map((categories, j) => {
      const { names } = groupsOf(categories, infrequentCategories[j]);
      const dropped = dropIndices[j];
      const width = names.length - Number(dropped !== null);
      const values = Array.from({ length: rows }, (_, i): Category => {
        const marks = data.subarray(i * total + start, i * total + start + width);
        let k = 0;
        for (let at = 1; at < width; at++) if (marks[at] > marks[k]) k = at;
        if (width === 0 || marks[k] === 0) return dropped === null ? null : names[dropped];
        return names[k + Number(dropped !== null && k >= dropped)];
      });
      start += width;
      return values;
    });
    return tableOf(columns, learnt, rows);
  },
  featureNamesOut: (names, { categories: learnt, infrequentCategories, dropIndices }) =>
    names.flatMap((name, j) =>
      groupsOf(learnt[j], infrequentCategories[j])
        .names.filter((_, g) => g !== dropIndices[j])
        .map((category) => `${name}_${categoryName(category, learnt[j])}`),
    ),
});

/** An instance of the class `OneHotEncoder`. */
export type OneHotEncoder = InstanceType<typeof OneHotEncoder>;

/** Which of the groups in `names` each category belongs to: one for each that is frequent, and a last one for all others. */
function groupsOf(categories: readonly Category[], rare: readonly Category[]) {
  const frequent = categories.filter((category) => !rare.includes(category));
  const infrequent = rare.length > 0 ? frequent.length : -1;
  let next = 0;
  const of = categories.map((category) => (rare.includes(category) ? infrequent : next++));
  return { of, infrequent, names: rare.length > 0 ? [...frequent, INFREQUENT] : frequent };
}

/** Which column of 0 and 1 each category of a feature has, and which all others; -1 for none. @hidden */
export function oneHotColumns(
  categories: readonly Category[],
  rare: readonly Category[],
  dropped: number | null,
  handleUnknown: string,
): { of: number[]; unknown: number; width: number } {
  const { of, infrequent, names } = groupsOf(categories, rare);
  const column = (group: number) => (group === dropped ? -1 : group - Number(dropped !== null && group > dropped));
  return {
    of: of.map(column),
    unknown: handleUnknown === 'infrequent_if_exist' ? column(infrequent) : -1,
    width: names.length - Number(dropped !== null),
  };
}
