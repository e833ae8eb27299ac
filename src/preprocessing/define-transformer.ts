// defineTransformer: makes the class of a transformer from a definition: options checked by their rules, what `fit` learns
// kept as plain data, and everything that has nothing to do with the arithmetic.
import {
  checkFinite,
  checkMatrix,
  isTable,
  type Matrix,
  matrixFromTable,
  type Row,
  selectColumns,
  type Table,
  toTable,
} from '../data/index.ts';
import {
  checkDefinition,
  checkKeys,
  checkOption,
  checkOptions,
  checkParts,
  type Definition,
  fail,
  isTypedArray,
  list,
  type OptionRules,
  type OptionsArgument,
  ParameterError,
  type ResolvedOptions,
  resolveOptions,
  text,
} from '../errors/index.ts';

/** Data for a transformer: a matrix, a table, or rows of values. In matrices NaN stands for a missing value. */
export type Features = Matrix | Table | readonly Row[];

/** What all transformers' definitions have in common, whether they work on matrices or on columns. */
interface CommonDefinition<R extends OptionRules, S extends OptionRules> extends Definition<R> {
  /**
   * The rules of what `fit` learns, under the names by which a fitted transformer shows it. Every list and vector has one
   * entry for each column of the data.
   */
  readonly state: S;
  /** The names of the columns of what `transform` returns; those of its input where it is left out. */
  featureNamesOut?(names: readonly string[], state: ResolvedOptions<S>, options: ResolvedOptions<R>): string[];
}

/** A transformer of numbers. */
export interface MatrixTransformerDefinition<R extends OptionRules = OptionRules, S extends OptionRules = OptionRules>
  extends CommonDefinition<R, S> {
  readonly takes?: 'numbers';
  /** Whether NaN is taken for a missing value, which is left out of what is learnt and stays; otherwise it is an error. */
  readonly allowsMissing?: boolean;
  /** Learns from `x` (rows, columns), which has at least one row and no infinite value. */
  fit(x: Matrix, options: ResolvedOptions<R>): ResolvedOptions<S>;
  /** A new matrix made of `x`, which has as many columns as the data that `fit` saw. */
  transform(x: Matrix, state: ResolvedOptions<S>, options: ResolvedOptions<R>): Matrix;
  /** The inverse of `transform`, where there is one. */
  inverseTransform?(x: Matrix, state: ResolvedOptions<S>, options: ResolvedOptions<R>): Matrix;
}

/** A transformer that also takes columns of texts. */
export interface ColumnsTransformerDefinition<R extends OptionRules = OptionRules, S extends OptionRules = OptionRules>
  extends CommonDefinition<R, S> {
  readonly takes: 'columns';
  /** Learns from a table with at least one row. */
  fit(x: Table, options: ResolvedOptions<R>): ResolvedOptions<S>;
  /** Numbers, or a table, which becomes a matrix where the transformer is given one. */
  transform(x: Table, state: ResolvedOptions<S>, options: ResolvedOptions<R>): Matrix | Table;
  /** The inverse of `transform`, where there is one. */
  inverseTransform?(x: Matrix, state: ResolvedOptions<S>, options: ResolvedOptions<R>): Table;
}

/** All that there is to say about one transformer. */
export type TransformerDefinition<R extends OptionRules = OptionRules, S extends OptionRules = OptionRules> =
  | MatrixTransformerDefinition<R, S>
  | ColumnsTransformerDefinition<R, S>;

/** A transformer as JSON: its type, its options with their defaults, and what it has learnt (null before `fit`). */
export interface TransformerJson {
  type: string;
  options: Record<string, unknown>;
  state: Record<string, unknown> | null;
  /** Of the columns that `fit` saw, where they have names. */
  featureNames?: readonly string[];
}

/** What all transformers can do. `O` is what `transform` returns, `I` what `inverseTransform` does. */
export interface Transformer<O extends Matrix | Table = Matrix | Table, I extends Matrix | Table = Matrix | Table> {
  /**
   * Learns from `x`, forgetting earlier data.
   *
   * @throws ParameterError for invalid data or none; NumericError for Infinity, in `x` or in what is learnt from values
   * near the largest numbers, and for NaN where the transformer takes none
   */
  fit(x: Features): this;
  /**
   * Transformed data, of the element type of `x` where that is a matrix. Columns of a table are found by their names.
   *
   * @throws ParameterError before `fit` and for other columns; NumericError as `fit`
   */
  transform(x: Features): O;
  /** `fit(x)`, then `transform(x)`. */
  fitTransform(x: Features): O;
  /**
   * Undoes {@link Transformer.transform}, but for rounding.
   *
   * @throws ParameterError before `fit`, for another number of columns, and for a transformer that cannot be undone
   */
  inverseTransform(x: Matrix): I;
  /**
   * The names of the columns that `transform` returns, made of the names that `fit` saw: x0, x1 … where it saw none.
   *
   * @throws ParameterError before `fit`
   */
  getFeatureNamesOut(): string[];
  /** Everything that {@link TransformerClass.fromJSON} needs to make this transformer again, with the same bits. */
  toJSON(): TransformerJson;
}

/** What {@link defineTransformer} returns: a class. What its instances have learnt are properties of them. */
export interface TransformerClass<
  T extends string,
  R extends OptionRules,
  S extends OptionRules,
  O extends Matrix | Table = Matrix,
  I extends Matrix | Table = Matrix,
> {
  /** @throws ParameterError for an option that is unknown or out of range */
  new (...options: OptionsArgument<R>): Transformer<O, I> & ResolvedOptions<S>;
  /**
   * Makes the transformer again that `toJSON` was called on.
   *
   * @throws ParameterError for JSON of another type, and for options or a state that break their rules
   */
  fromJSON(json: unknown): Transformer<O, I> & ResolvedOptions<S>;
  readonly kind: 'transformer';
  readonly definition: TransformerDefinition<R, S> & { readonly type: T };
}

/** Any transformer's class whose options all have defaults. */
export interface AnyTransformer {
  new (options?: object): Transformer;
  /** The transformer that `toJSON` has described, fitted or not. */
  fromJSON(json: unknown): Transformer;
  readonly kind: 'transformer';
  readonly definition: TransformerDefinition;
}

/** What a transformer has learnt. @throws ParameterError where that is nothing yet. */
export function fitted<State>(state: State | undefined, type: string, use: string): State {
  if (state !== undefined) return state;
  throw new ParameterError(`${type}.${use} needs a fitted ${type}. Call fit or fitTransform first.`, {
    code: 'ERR_STATE',
  });
}

/**
 * Makes the class of a transformer. Its instances check options and data, show what they have learnt under the names in
 * `state`, and can be kept as JSON.
 *
 * @throws ParameterError for an invalid `type`, and for a name in `state` that a method has already
 * @example
 * ```js
 * import { defineTransformer, vector } from 'regulus';
 *
 * const MaxAbsScaler = defineTransformer({
 *   type: 'MaxAbsScaler',
 *   options: {},
 *   state: { maxAbs: vector('(0, inf)') },
 *   fit({ data, shape: [, columns] }) {
 *     const maxAbs = new Float64Array(columns);
 *     data.forEach((value, i) => { maxAbs[i % columns] = Math.max(maxAbs[i % columns], Math.abs(value)); });
 *     return { maxAbs: maxAbs.map((value) => value || 1) };
 *   },
 *   transform: ({ data, shape }, { maxAbs }) => ({ data: data.map((value, i) => value / maxAbs[i % shape[1]]), shape }),
 * });
 * const scaler = new MaxAbsScaler().fit({ data: Float64Array.of(1, -4, 2, 3), shape: [2, 2] });
 * console.log(scaler.maxAbs, JSON.stringify(scaler)); // [2, 4] …
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineTransformer<const T extends string, const R extends OptionRules, const S extends OptionRules>(
  definition: MatrixTransformerDefinition<R, S> & { readonly type: T },
): TransformerClass<T, R, S>;
export function defineTransformer<
  const T extends string,
  const R extends OptionRules,
  const S extends OptionRules,
  O extends Matrix | Table,
>(
  definition: ColumnsTransformerDefinition<R, S> & {
    readonly type: T;
    transform(x: Table, state: ResolvedOptions<S>, options: ResolvedOptions<R>): O;
  },
): TransformerClass<T, R, S, O extends Table ? Matrix | Table : Matrix, Table>;
/* @__NO_SIDE_EFFECTS__ */
export function defineTransformer(given: TransformerDefinition): unknown {
  checkDefinition('transformer', given, 'fit', 'transform');
  checkParts('define transformer', 'definition', given, { state: 'object' });
  // Both forms, as one: each is only ever called with what it takes.
  const definition = given as Omit<MatrixTransformerDefinition, 'takes'> & { takes?: string };
  const { type, options: rules, state: stateRules, check, takes, allowsMissing = takes === 'columns' } = definition;
  type State = ResolvedOptions<OptionRules>;

  class Fitted {
    static readonly kind = 'transformer';
    static readonly definition = definition;
    readonly #options: ResolvedOptions<OptionRules>;
    #state: State | undefined;
    /** The number of columns that `fit` saw, where the state tells. */
    #features: number | undefined;
    #featureNames: readonly string[] | undefined;

    constructor(options: unknown = {}) {
      this.#options = resolveOptions(type, withoutNaN(options), rules, check);
    }

    static {
      Object.defineProperty(Fitted, 'name', { value: type });
      for (const name of Object.keys(stateRules)) {
        if (name in Fitted.prototype) fail(`define ${type}`, 'state', 'names that no method has', name);
        Object.defineProperty(Fitted.prototype, name, {
          get(this: Fitted) {
            return (this.#requireFitted(name) as Record<string, unknown>)[name];
          },
        });
      }
    }

    static fromJSON(json: unknown): Fitted {
      const where = `${type}.fromJSON`;
      if (typeof json !== 'object' || json === null) fail(where, 'json', 'an object { type, options, state }', json);
      checkKeys(where, json, ['type', 'options', 'state', 'featureNames']);
      const { type: given, options, state, featureNames } = json as Partial<TransformerJson>;
      if (given !== type) fail(where, 'type', `'${type}'`, given);
      const transformer = new Fitted(options);
      if (state !== null) transformer.#setState(where, state);
      if (featureNames !== undefined) {
        const names = checkOption(where, 'featureNames', featureNames, list(text()));
        if (names.length !== (transformer.#features ?? names.length)) {
          fail(where, 'featureNames', `a list of ${transformer.#features} names`, featureNames);
        }
        transformer.#featureNames = names;
      }
      return transformer;
    }

    fit(x: Features): this {
      const where = `${type}.fit`;
      const data = this.#read('fit', x);
      if (!isTable(data) && allowsMissing) checkColumnsHaveValues(where, data);
      const state = definition.fit(data as Matrix, this.#options);
      // Values near the largest numbers have statistics beyond them.
      const remedy = 'Scale these columns down first.';
      for (const [name, values] of Object.entries(state)) {
        for (const list of isTypedArray(values) ? [values] : Array.isArray(values) ? values : []) {
          if (isTypedArray(list, 'Float64Array')) checkFinite(`The '${name}' that ${where} finds`, list, { remedy });
        }
      }
      this.#setState(where, state);
      this.#features ??= data.shape[1];
      this.#featureNames = namesOf(x);
      return this;
    }

    transform(x: Features): Matrix | Table {
      const state = this.#requireFitted('transform');
      const result = definition.transform(this.#read('transform', x) as Matrix, state, this.#options) as Matrix | Table;
      return isTable(result) && isMatrix(x) ? matrixFromTable(`${type}.transform`, result) : result;
    }

    fitTransform(x: Features): Matrix | Table {
      return this.fit(x).transform(x);
    }

    inverseTransform(x: Matrix): Matrix | Table {
      if (!definition.inverseTransform)
        throw new ParameterError(`${type} cannot be undone: it has no inverseTransform.`, { code: 'ERR_STATE' });
      const state = this.#requireFitted('inverseTransform');
      const where = `${type}.inverseTransform`;
      const features = definition.featureNamesOut ? this.getFeatureNamesOut().length : this.#features;
      const data = isTable(x) ? matrixFromTable(where, x) : x;
      const own = checkMatrix(where, 'x', data, {
        ...(features && { features }),
        allowEmpty: true,
        missing: allowsMissing,
      });
      const result = definition.inverseTransform(own, state, this.#options) as Matrix | Table;
      return isTable(result) && this.#featureNames ? renamed(result, this.#featureNames) : result;
    }

    getFeatureNamesOut(): string[] {
      const state = this.#requireFitted('getFeatureNamesOut');
      const names = this.#featureNames ?? Array.from({ length: this.#features ?? 0 }, (_, j) => `x${j}`);
      return definition.featureNamesOut?.(names, state, this.#options) ?? [...names];
    }

    toJSON(): TransformerJson {
      return {
        type,
        options: plain(this.#options),
        state: this.#state ? plain(this.#state) : null,
        ...(this.#featureNames && { featureNames: this.#featureNames }),
      };
    }

    #requireFitted(use: string): State {
      return fitted(this.#state, type, use);
    }

    #setState(where: string, learnt: unknown): void {
      if (typeof learnt !== 'object' || learnt === null) fail(where, 'state', 'an object or null', learnt);
      const state = checkOptions(where, learnt, stateRules) as State;
      const lists = Object.values(state).filter(isList);
      const columns = lists[0]?.length;
      if (lists.some(({ length }) => length === 0 || length !== columns)) {
        fail(where, 'state', 'lists of one length, with an entry for each column', learnt);
      }
      for (const values of lists) withoutNegativeZero(values);
      this.#state = state;
      this.#features = columns;
    }

    /** Data as the definition takes them, checked. After `fit`, columns are those that it saw. */
    #read(method: 'fit' | 'transform', x: Features): Matrix | Table {
      const where = `${type}.${method}`;
      const known = method === 'fit' ? undefined : { features: this.#features, names: this.#featureNames };
      const features = known?.features;
      if (isMatrix(x) && takes !== 'columns') {
        return checkMatrix(where, 'x', x, {
          ...(features !== undefined && { features }),
          allowEmpty: method === 'transform',
          missing: allowsMissing,
        });
      }
      const all = toTable(where, x);
      const table = known?.names && !isMatrix(x) ? selectColumns(where, all, known.names) : all;
      const [rows, columns] = table.shape;
      if (rows === 0 && method === 'fit') fail(where, 'x', 'at least one row long', x, 'Give at least one sample.');
      if (features !== undefined && columns !== features) {
        fail(where, 'x.shape', `[rows, ${features}]`, [rows, columns], `Give every sample ${features} features.`);
      }
      if (takes === 'columns') return table;
      const matrix = matrixFromTable(where, table);
      return checkMatrix(where, 'x', matrix, { allowEmpty: true, missing: allowsMissing });
    }
  }
  return Fitted;
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || isTypedArray(value);

/** Whether `x` is neither a table nor rows. */
const isMatrix = (x: Features): x is Matrix => !isTable(x) && !Array.isArray(x);

/** The names of the columns of a table or of rows of objects. */
function namesOf(x: Features): string[] | undefined {
  if (isMatrix(x) || (!isTable(x) && isList(x[0]))) return undefined;
  return toTable('', x).columns.map(({ name }) => name);
}

function renamed({ columns, shape }: Table, names: readonly string[]): Table {
  return { columns: columns.map((column, j) => ({ ...column, name: names[j] })), shape };
}

/** Options in which null stands for NaN, as in JSON. */
function withoutNaN(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || !Object.values(options).some(Number.isNaN)) return options;
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
}

function checkColumnsHaveValues(where: string, { data, shape: [rows, columns] }: Matrix): void {
  for (let j = 0; j < columns; j++) {
    let i = 0;
    while (i < rows && Number.isNaN(data[i * columns + j])) i++;
    if (i === rows)
      fail(where, 'x', `a matrix with a value in each column, but column ${j} has none`, data, 'Leave it out.');
  }
}

/** Makes 0 of each -0, which JSON does not have. */
function withoutNegativeZero(values: ArrayLike<unknown>): void {
  for (let j = 0; j < values.length; j++) {
    const value = values[j];
    if (isTypedArray(value, 'Float64Array')) withoutNegativeZero(value);
    else if (isTypedArray(values, 'Float64Array')) values[j] += 0;
  }
}

/** Options or a state as JSON has them. */
function plain(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, plainValue(value)]])),
  );
}

function plainValue(value: unknown): unknown {
  if (isList(value)) return Array.from(value, plainValue);
  // JSON has no -0.
  return typeof value === 'number' ? value + 0 : value;
}

/** A new matrix of the same element type, `change` applied to every element and its column. */
export function mapColumns(
  { data, shape: [rows, columns] }: Matrix,
  change: (value: number, j: number) => number,
): Matrix {
  const mapped = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) mapped[i * columns + j] = change(data[i * columns + j], j);
  }
  return { data: mapped, shape: [rows, columns] };
}

/** The values of each column that are there, sorted. */
export function sortedColumns({ data, shape: [rows, columns] }: Matrix): Float64Array[] {
  return Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => data[i * columns + j])
      .filter((value) => !Number.isNaN(value))
      .sort(),
  );
}

/** The quantile `q` in [0, 1] of sorted values by linear interpolation, as NumPy has it; NaN where there are none. */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const position = q * (sorted.length - 1);
  const low = Math.floor(position);
  const [a, b] = [sorted[low] ?? Number.NaN, sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN];
  const weight = position - low;
  // From the nearer end, as NumPy does, so that rounding is the same.
  return weight < 0.5 ? a + (b - a) * weight : b - (b - a) * (1 - weight);
}

/** A distance to divide by: 1 for that of a constant column, but for rounding. */
export const scaleOf = (range: number): number => (range < 10 * Number.EPSILON ? 1 : range);
