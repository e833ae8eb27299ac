// OrdinalEncoder: the index of each category.
import { zeroMatrix } from '../data/index.ts';
import { anyOf, none, number, oneOf } from '../errors/index.ts';
import { type Category, categoriesOf, categoriesRule, indicesOf, learntCategories, tableOf } from './categories.ts';
import { defineTransformer } from './define-transformer.ts';

/**
 * Replaces each category by its index among those of its column. Missing values stay missing.
 *
 * Options: `categories`, default `'auto'`, those of the training data; `handleUnknown`, `'error'` (default) or
 * `'use_encoded_value'`, which gives other categories the `unknownValue`; `encodedMissingValue`, default NaN. A fitted one has
 * `categories`. Values are those of scikit-learn's `OrdinalEncoder`.
 *
 * @example
 * ```js
 * import { OrdinalEncoder } from 'regulus/tables';
 *
 * const sizes = new OrdinalEncoder({ categories: [['small', 'large']], handleUnknown: 'use_encoded_value', unknownValue: -1 });
 * console.log(sizes.fit([['large'], ['small']]).transform([['large'], ['huge']]).data); // [1, -1]
 * ```
 */
export const OrdinalEncoder = defineTransformer({
  type: 'OrdinalEncoder',
  describe: 'The index of each category among those of its column',
  takes: 'columns',
  options: {
    categories: categoriesRule,
    handleUnknown: oneOf(['error', 'use_encoded_value'], {
      default: 'error',
      describe: 'What happens to categories that were not there in training',
    }),
    unknownValue: anyOf([number('(-inf, inf)'), none], {
      optional: true,
      describe: "What they become with 'use_encoded_value'; null for NaN",
    }),
    encodedMissingValue: anyOf([number('(-inf, inf)'), none], {
      default: null,
      describe: 'What missing values become; null for NaN',
    }),
  },
  state: { categories: learntCategories },
  check({ handleUnknown, unknownValue }) {
    if ((handleUnknown === 'error') === (unknownValue === undefined)) return undefined;
    return { option: 'unknownValue', rule: "given with handleUnknown: 'use_encoded_value', and only then" };
  },
  fit: (table, { categories, handleUnknown }) => ({
    categories: categoriesOf('OrdinalEncoder', table, categories, handleUnknown),
  }),
  transform(table, { categories }, { handleUnknown, unknownValue, encodedMissingValue }) {
    const [rows, columns] = table.shape;
    const result = zeroMatrix('OrdinalEncoder.transform', rows, columns);
    table.columns.forEach((column, j) => {
      const indices = indicesOf('OrdinalEncoder.transform', column, categories[j], handleUnknown !== 'error');
      const missing = categories[j].indexOf(null);
      indices.forEach((index, i) => {
        const value = index < 0 ? unknownValue : index === missing ? encodedMissingValue : index;
        result.data[i * columns + j] = value ?? Number.NaN;
      });
    });
    return result;
  },
  inverseTransform({ data, shape: [rows, columns] }, { categories }, { encodedMissingValue }) {
    const values = categories.map((own, j) =>
      Array.from({ length: rows }, (_, i): Category => {
        const code = data[i * columns + j];
        return code === encodedMissingValue ? null : (own[code] ?? null);
      }),
    );
    return tableOf(values, categories, rows);
  },
});

/** An instance of the class `OrdinalEncoder`. */
export type OrdinalEncoder = InstanceType<typeof OrdinalEncoder>;
