// A predictor's preprocessing taken apart for exports: its transformers, one by one, with the columns that each is for.
import { ParameterError } from '../errors/index.ts';
import { type Category, oneHotColumns, type TransformerJson, transformerFromJson } from '../preprocessing/index.ts';
import type { AnyPredictor } from './info.ts';
import type { Rules } from './networks.ts';

/** A fitted transformer: its options, and what it has learnt. */
export interface TransformerPart {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a rule knows the options of its own transformer.
  readonly options: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly state: any;
}

/** The categories of column `j` of a `OneHotEncoder`, the place of each among `width` columns, and behind them that of others, where these are allowed. */
export function oneHotPlaces({ options: { handleUnknown }, state }: TransformerPart, j: number) {
  const categories: Category[] = state.categories[j];
  const [rare, dropped] = [state.infrequentCategories[j], state.dropIndices[j]];
  const { of, unknown, width } = oneHotColumns(categories, rare, dropped, handleUnknown);
  return { categories, places: handleUnknown === 'error' ? of : [...of, unknown], width };
}

/** The categories of column `j` of an `OrdinalEncoder`, the code of each, and behind them that of others, where these are allowed. */
export function ordinalCodes({ options, state }: TransformerPart, j: number) {
  const categories: Category[] = state.categories[j];
  const ofMissing: number = options.encodedMissingValue ?? Number.NaN;
  const codes = categories.map((category, k) => (category === null ? ofMissing : k));
  if (options.handleUnknown !== 'error') codes.push(options.unknownValue ?? Number.NaN);
  return { categories, codes };
}

/** What a transformer makes of its columns. */
export type PreprocessingRule<W, V> = (writer: W, columns: V, transformer: TransformerPart) => V;

/** How a target expresses transformers; `V` stands for columns there, and `W` for what is written. */
export interface PreprocessingTarget<W, V> {
  /** What rules write to. */
  readonly writer: W;
  /** By the type of a transformer: what it makes of its columns, or why it cannot be expressed. */
  readonly rules: Rules<PreprocessingRule<W, V>>;
  /** Some columns, by their positions. */
  select(columns: V, positions: readonly number[]): V;
  /** Columns side by side. */
  join(parts: readonly V[]): V;
}

/**
 * What the preprocessing of a predictor makes of its columns.
 *
 * @throws ParameterError that names a transformer, and says why it cannot be expressed.
 */
export function preprocessed<W, V>(
  where: string,
  predictor: AnyPredictor,
  columns: V,
  target: PreprocessingTarget<W, V>,
): V {
  const names = predictor.columns.map(({ name }) => name);
  return express(where, target, predictor.preprocessing.toJSON(), { columns, names }).columns;
}

/** Columns and their names. */
interface Named<V> {
  readonly columns: V;
  readonly names: readonly string[];
}

function express<W, V>(where: string, target: PreprocessingTarget<W, V>, json: TransformerJson, x: Named<V>): Named<V> {
  const { type, options, state, featureNames } = json;
  if (type === 'Pipeline') {
    const steps = options.steps as readonly [string, TransformerJson][];
    return steps.reduce((features, [, step]) => express(where, target, step, features), x);
  }
  if (type === 'ColumnTransformer') {
    const parts = state?.transformers as readonly [string, TransformerJson | 'passthrough' | 'drop', string[]][];
    const made = parts.flatMap(([name, transformer, columns]): Named<V>[] => {
      if (transformer === 'drop' || columns.length === 0) return [];
      const own = select(target, x, columns);
      const { columns: made, names } = transformer === 'passthrough' ? own : express(where, target, transformer, own);
      const prefix = options.verboseFeatureNamesOut ? `${name}__` : '';
      return [{ columns: made, names: names.map((feature) => prefix + feature) }];
    });
    return {
      columns: target.join(made.map(({ columns }) => columns)),
      names: made.flatMap(({ names }) => names),
    };
  }
  const rule = Object.hasOwn(target.rules, type)
    ? target.rules[type]
    : 'It is none of the transformers of the package.';
  if (typeof rule === 'string') {
    throw new ParameterError(
      `${where} cannot express the preprocessing '${type}'. ${rule} ` +
        "Export the predictor's model, and give that what predictor.transform(rows) returns.",
    );
  }
  const { columns } = featureNames ? select(target, x, featureNames) : x;
  return {
    columns: rule(target.writer, columns, { type, options, state }),
    names: transformerFromJson(json).getFeatureNamesOut(),
  };
}

function select<W, V>(
  target: PreprocessingTarget<W, V>,
  { columns, names }: Named<V>,
  wanted: readonly string[],
): Named<V> {
  const isAll = wanted.length === names.length && wanted.every((name, i) => name === names[i]);
  const positions = () => wanted.map((name) => names.indexOf(name));
  return { columns: isAll ? columns : target.select(columns, positions()), names: wanted };
}
