// ColumnTransformer and Pipeline, which join other transformers side by side and one after the other.
import {
  type ColumnType,
  isTable,
  type Matrix,
  matrixFromTable,
  selectColumns,
  type Table,
  tableFromMatrix,
  toTable,
} from '../data/index.ts';
import {
  boolean,
  checkOptionsObject,
  didYouMean,
  fail,
  oneOf,
  ParameterError,
  resolveOptions,
  show,
} from '../errors/index.ts';
import {
  type AnyTransformer,
  type Features,
  fitted,
  type Transformer,
  type TransformerJson,
} from './define-transformer.ts';
import { transformers } from './transformers.ts';

/** Which columns a transformer is for: names or positions, or all columns of some types. */
export type ColumnSelection = readonly (string | number)[] | { readonly type: ColumnType | readonly ColumnType[] };

/** A part of a {@link ColumnTransformer}: its name, its transformer and its columns. */
export type ColumnTransformerPart = readonly [
  name: string,
  transformer: Transformer | 'passthrough' | 'drop',
  columns: ColumnSelection,
];

/** Options of {@link ColumnTransformer}. */
export interface ColumnTransformerOptions {
  readonly transformers: readonly ColumnTransformerPart[];
  /** What happens to columns that no part names: `'drop'` (default) or `'passthrough'`. */
  readonly remainder?: 'drop' | 'passthrough';
  /** Whether names of features begin with that of their part; default true. */
  readonly verboseFeatureNamesOut?: boolean;
}

const settings = {
  remainder: oneOf(['drop', 'passthrough'], { default: 'drop' }),
  verboseFeatureNamesOut: boolean({ default: true }),
};

/** A part after `fit`. */
interface FittedPart {
  readonly name: string;
  readonly transformer: Transformer | 'passthrough' | 'drop';
  readonly columns: readonly string[];
}

/**
 * Applies transformers to their columns and puts the results side by side, as scikit-learn's `ColumnTransformer`. `fit` makes
 * copies, which `namedTransformers` has; columns of a table are found by their names afterwards.
 *
 * @example
 * ```js
 * import { ColumnTransformer, OneHotEncoder, parseTable, StandardScaler } from 'regulus/tables';
 *
 * const table = parseTable('size,city\n1,Oslo\n3,Bergen\n');
 * const columns = new ColumnTransformer({
 *   transformers: [['numbers', new StandardScaler(), ['size']], ['texts', new OneHotEncoder(), { type: 'category' }]],
 * });
 * console.log(columns.fitTransform(table).data); // [-1, 0, 1, 1, 1, 0]
 * console.log(columns.getFeatureNamesOut()); // ['numbers__size', 'texts__city_Bergen', 'texts__city_Oslo']
 * ```
 */
export class ColumnTransformer implements Transformer<Matrix, never> {
  readonly #parts: readonly ColumnTransformerPart[];
  readonly #settings: { readonly remainder: 'drop' | 'passthrough'; readonly verboseFeatureNamesOut: boolean };
  #fitted: readonly FittedPart[] | undefined;

  /** @throws ParameterError for an unknown option, and for parts that are none */
  constructor(options: ColumnTransformerOptions) {
    checkOptionsObject('ColumnTransformer', options);
    const { transformers: parts, ...rest } = options;
    this.#settings = resolveOptions('ColumnTransformer', rest, settings);
    this.#parts = checkNamed('ColumnTransformer', 'transformers', parts);
  }

  /** The fitted transformers by the names of their parts. */
  get namedTransformers(): Map<string, Transformer | 'passthrough' | 'drop'> {
    return new Map(this.#require('namedTransformers').map(({ name, transformer }) => [name, transformer]));
  }

  fit(x: Features): this {
    const where = 'ColumnTransformer.fit';
    const table = toTable(where, x);
    const fitted = this.#parts.map(([name, transformer, selection]): FittedPart => {
      const columns = namesOf(where, table, selection);
      if (typeof transformer === 'string' || columns.length === 0) return { name, transformer, columns };
      return { name, transformer: copyOf(transformer).fit(selectColumns(where, table, columns)), columns };
    });
    const named = new Set(fitted.flatMap(({ columns }) => columns));
    const rest = table.columns.map(({ name }) => name).filter((name) => !named.has(name));
    if (rest.length > 0 && this.#settings.remainder === 'passthrough') {
      fitted.push({ name: 'remainder', transformer: 'passthrough', columns: rest });
    }
    this.#fitted = fitted;
    return this;
  }

  transform(x: Features): Matrix {
    const parts = this.#require('transform');
    const table = toTable('ColumnTransformer.transform', x);
    return sideBySide(
      parts.map((part) => transformed(part, table)),
      table.shape[0],
    );
  }

  fitTransform(x: Features): Matrix {
    return this.fit(x).transform(x);
  }

  inverseTransform(): never {
    throw new ParameterError('ColumnTransformer cannot be undone: it has no inverseTransform. Use those of its parts.');
  }

  getFeatureNamesOut(): string[] {
    return this.#require('getFeatureNamesOut').flatMap(({ name, transformer, columns }) => {
      if (transformer === 'drop' || columns.length === 0) return [];
      const names = transformer === 'passthrough' ? columns : transformer.getFeatureNamesOut();
      return names.map((feature) => (this.#settings.verboseFeatureNamesOut ? `${name}__${feature}` : feature));
    });
  }

  toJSON(): TransformerJson {
    const parts = this.#parts.map(([name, transformer, columns]) => [name, jsonOf(transformer), columns]);
    const fitted = this.#fitted?.map(({ name, transformer, columns }) => [name, jsonOf(transformer), columns]);
    return {
      type: 'ColumnTransformer',
      options: { transformers: parts, ...this.#settings },
      state: fitted ? { transformers: fitted } : null,
    };
  }

  /**
   * Makes it again that `toJSON` was called on; `known` are further transformers that it may hold.
   *
   * @throws ParameterError for JSON of another type, and for what its parts refuse
   */
  static fromJSON(json: unknown, known: readonly AnyTransformer[] = []): ColumnTransformer {
    const { options, state } = checkJson('ColumnTransformer', json);
    const madeOf = (transformer: unknown) =>
      typeof transformer === 'string' ? transformer : transformerFromJson(transformer, known);
    const partsOf = (list: unknown) =>
      checkNamed('ColumnTransformer.fromJSON', 'transformers', list as unknown[][]).map(
        ([name, transformer, columns]) => [name, madeOf(transformer), columns],
      ) as unknown as ColumnTransformerPart[];
    const parts = partsOf(options.transformers);
    const made = new ColumnTransformer({ ...options, transformers: parts });
    if (state) {
      made.#fitted = partsOf(state.transformers).map(([name, transformer, columns]) => {
        if (!Array.isArray(columns) || !columns.every((column) => typeof column === 'string')) {
          fail('ColumnTransformer.fromJSON', 'columns', 'a list of names', columns);
        }
        return { name, transformer, columns: columns as readonly string[] };
      });
    }
    return made;
  }

  #require(use: string): readonly FittedPart[] {
    return fitted(this.#fitted, 'ColumnTransformer', use);
  }
}

/** A step of a {@link Pipeline}: its name and its transformer. */
export type PipelineStep = readonly [name: string, transformer: Transformer];

/** Options of {@link Pipeline}. */
export interface PipelineOptions {
  readonly steps: readonly PipelineStep[];
}

/**
 * Applies transformers one after the other, as scikit-learn's `Pipeline`.
 *
 * @example
 * ```js
 * import { Pipeline, SimpleImputer, StandardScaler } from 'regulus/tables';
 *
 * const pipeline = new Pipeline({ steps: [['fill', new SimpleImputer()], ['scale', new StandardScaler()]] });
 * console.log(pipeline.fitTransform({ data: Float64Array.of(1, NaN, 3), shape: [3, 1] }).data); // [-1.22, 0, 1.22]
 * ```
 */
export class Pipeline implements Transformer {
  readonly #steps: readonly PipelineStep[];

  /** @throws ParameterError for an unknown option, and for steps that are none */
  constructor(options: PipelineOptions) {
    checkOptionsObject('Pipeline', options);
    const { steps, ...rest } = options;
    resolveOptions('Pipeline', rest, {});
    this.#steps = checkNamed('Pipeline', 'steps', steps);
    if (steps.length === 0) fail('Pipeline', 'steps', 'a list of at least one step', steps);
  }

  /** The transformers by the names of their steps. */
  get namedSteps(): Map<string, Transformer> {
    return new Map(this.#steps);
  }

  fit(x: Features): this {
    this.fitTransform(x);
    return this;
  }

  transform(x: Features): Matrix | Table {
    return this.#run(x, (step, features) => step.transform(features));
  }

  fitTransform(x: Features): Matrix | Table {
    return this.#run(x, (step, features) => step.fitTransform(features));
  }

  inverseTransform(x: Matrix): Matrix | Table {
    return [...this.#steps].reverse().reduce<Matrix | Table>((features, [, step], i) => {
      const where = 'Pipeline.inverseTransform';
      return step.inverseTransform(
        i > 0 && isTable(features) ? matrixFromTable(where, features) : (features as Matrix),
      );
    }, x);
  }

  getFeatureNamesOut(): string[] {
    return this.#steps[this.#steps.length - 1][1].getFeatureNamesOut();
  }

  toJSON(): TransformerJson {
    const steps = this.#steps.map(([name, transformer]) => [name, transformer.toJSON()]);
    return { type: 'Pipeline', options: { steps }, state: null };
  }

  /** As {@link ColumnTransformer.fromJSON}. */
  static fromJSON(json: unknown, known: readonly AnyTransformer[] = []): Pipeline {
    const { options } = checkJson('Pipeline', json);
    const steps = checkNamed('Pipeline.fromJSON', 'steps', options.steps as unknown[][]);
    return new Pipeline({ steps: steps.map(([name, step]) => [name as string, transformerFromJson(step, known)]) });
  }

  /** Between steps, features keep their names. */
  #run(x: Features, apply: (step: Transformer, x: Features) => Matrix | Table): Matrix | Table {
    return this.#steps.reduce<Features>((features, [, step], i) => {
      const result = apply(step, features);
      const isLast = i === this.#steps.length - 1;
      return isLast || isTable(result) ? result : tableFromMatrix(result, step.getFeatureNamesOut());
    }, x) as Matrix | Table;
  }
}

/**
 * Makes the transformer again that `toJSON` was called on. `known` are transformers of your own that it may be or hold.
 *
 * @throws ParameterError for an unknown type, and for what the transformer's `fromJSON` refuses
 * @example
 * ```js
 * import { Pipeline, SimpleImputer, StandardScaler, transformerFromJson } from 'regulus/tables';
 *
 * const pipeline = new Pipeline({ steps: [['fill', new SimpleImputer()], ['scale', new StandardScaler()]] });
 * const json = JSON.stringify(pipeline.fit([[1], [null], [3]]));
 * console.log(transformerFromJson(JSON.parse(json)).transform([[null]]).data); // [0]
 * ```
 */
export function transformerFromJson(json: unknown, known: readonly AnyTransformer[] = []): Transformer {
  const type = (json as Partial<TransformerJson> | null | undefined)?.type;
  if (typeof type !== 'string') fail('transformerFromJson', 'json', "an object with a 'type'", json);
  if (!Array.isArray(known)) fail('transformerFromJson', 'known', 'a list of transformers', known);
  if (type === 'ColumnTransformer') return ColumnTransformer.fromJSON(json, known);
  if (type === 'Pipeline') return Pipeline.fromJSON(json, known);
  const all = [...transformers, ...known];
  const found = all.find(({ definition }) => definition.type === type);
  if (found) return found.fromJSON(json);
  const names = [...all.map(({ definition }) => definition.type), 'ColumnTransformer', 'Pipeline'];
  throw new ParameterError(
    `Unknown transformer '${type}'. ${didYouMean(type, names) || `Known: ${names.join(', ')}.`} Where it is your own, import the module that defines it and give it here.`,
  );
}

/** An unfitted or fitted copy, through JSON. */
function copyOf(transformer: Transformer): Transformer {
  const made = transformer.constructor as unknown as { fromJSON(json: unknown): Transformer };
  return made.fromJSON(transformer.toJSON());
}

const jsonOf = (transformer: Transformer | string) =>
  typeof transformer === 'string' ? transformer : transformer.toJSON();

function checkJson(
  type: string,
  json: unknown,
): { options: Record<string, unknown>; state: Record<string, unknown> | null } {
  const { type: given, options, state } = (json ?? {}) as Partial<TransformerJson>;
  if (given !== type) fail(`${type}.fromJSON`, 'type', `'${type}'`, given);
  if (typeof options !== 'object' || options === null) fail(`${type}.fromJSON`, 'options', 'an object', options);
  return { options, state: state ?? null };
}

/** Checks a list of [name, transformer, …] with different names. */
function checkNamed<P extends readonly unknown[]>(where: string, option: string, parts: readonly P[]): readonly P[] {
  if (!Array.isArray(parts)) fail(where, option, 'a list of [name, transformer, …]', parts);
  const names = new Set<unknown>();
  parts.forEach((part, i) => {
    const [name, transformer] = Array.isArray(part) ? part : [];
    const isOne =
      transformer === 'passthrough' ||
      transformer === 'drop' ||
      (typeof transformer === 'object' && transformer !== null);
    if (typeof name !== 'string' || names.has(name) || !isOne) {
      fail(where, `${option}[${i}]`, '[name, transformer, …] with a name of its own', part);
    }
    names.add(name);
  });
  return parts;
}

function namesOf(where: string, { columns }: Table, selection: ColumnSelection): string[] {
  if (Array.isArray(selection)) {
    return (selection as readonly (string | number)[]).map((column) => {
      const found = typeof column === 'number' ? columns.at(column) : columns.find(({ name }) => name === column);
      if (found) return found.name;
      const names = columns.map(({ name }) => name);
      throw new ParameterError(`${where} found no column ${show(column)}. ${didYouMean(column, names)}`.trim());
    });
  }
  const { type } = (selection ?? {}) as { type?: ColumnType | readonly ColumnType[] };
  if (type === undefined) fail(where, 'columns', 'a list of columns, or { type }', selection);
  return columns.filter((column) => [type].flat().includes(column.type)).map(({ name }) => name);
}

function transformed({ transformer, columns }: FittedPart, table: Table): Matrix | undefined {
  if (transformer === 'drop' || columns.length === 0) return undefined;
  const where = 'ColumnTransformer.transform';
  const own = selectColumns(where, table, columns);
  const result = transformer === 'passthrough' ? own : transformer.transform(own);
  return isTable(result) ? matrixFromTable(where, result) : result;
}

function sideBySide(parts: readonly (Matrix | undefined)[], rows: number): Matrix {
  const given = parts.filter((part) => part !== undefined);
  const width = given.reduce((sum, { shape }) => sum + shape[1], 0);
  const data = new Float64Array(rows * width);
  let start = 0;
  for (const { data: own, shape } of given) {
    for (let i = 0; i < rows; i++) data.set(own.subarray(i * shape[1], (i + 1) * shape[1]), i * width + start);
    start += shape[1];
  }
  return { data, shape: [rows, width] };
}
