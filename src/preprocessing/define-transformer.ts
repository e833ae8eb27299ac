// defineTransformer: makes the class of a transformer from a definition: options checked by their rules, what `fit` learns
// kept as plain data, and everything that has nothing to do with the arithmetic.
import { checkFinite, checkMatrix, type Matrix, type MatrixRules } from '../data/index.ts';
import {
  checkDefinition,
  checkKeys,
  checkOptions,
  checkParts,
  type Definition,
  fail,
  isTypedArray,
  type OptionRules,
  type OptionsArgument,
  ParameterError,
  type ResolvedOptions,
  resolveOptions,
} from '../errors/index.ts';

/** All that there is to say about one transformer. */
export interface TransformerDefinition<R extends OptionRules = OptionRules, S extends OptionRules = OptionRules>
  extends Definition<R> {
  /**
   * The rules of what `fit` learns, under the names by which a fitted transformer shows it. Every list and vector has one
   * entry for each column of the data.
   */
  readonly state: S;
  /** Learns from `x` (rows, columns), which is finite and has at least one row. */
  fit(x: Matrix, options: ResolvedOptions<R>): ResolvedOptions<S>;
  /** A new matrix made of `x`, which is finite and has as many columns as the data that `fit` saw. */
  transform(x: Matrix, state: ResolvedOptions<S>, options: ResolvedOptions<R>): Matrix;
  /** The inverse of `transform`, where there is one. */
  inverseTransform?(x: Matrix, state: ResolvedOptions<S>, options: ResolvedOptions<R>): Matrix;
}

/** A transformer as JSON: its type, its options with their defaults, and what it has learnt (null before `fit`). */
export interface TransformerJson {
  type: string;
  options: Record<string, unknown>;
  state: Record<string, unknown> | null;
}

/** What all transformers can do. */
export interface Transformer {
  /**
   * Learns from `x` (rows, columns), forgetting earlier data.
   *
   * @throws ParameterError for an invalid matrix or one without rows; NumericError for NaN and Infinity, in `x` or in what
   * is learnt from values near the largest numbers
   */
  fit(x: Matrix): this;
  /**
   * A new matrix (rows, columns) of the element type of `x`.
   *
   * @throws ParameterError before `fit` and for another number of columns; NumericError for NaN and Infinity
   */
  transform(x: Matrix): Matrix;
  /** `fit(x)`, then `transform(x)`. */
  fitTransform(x: Matrix): Matrix;
  /**
   * Undoes {@link Transformer.transform}, but for rounding.
   *
   * @throws ParameterError before `fit`, for another number of columns, and for a transformer that cannot be undone;
   * NumericError for NaN and Infinity
   */
  inverseTransform(x: Matrix): Matrix;
  /** Everything that {@link TransformerClass.fromJSON} needs to make this transformer again, with the same bits. */
  toJSON(): TransformerJson;
}

/** What {@link defineTransformer} returns: a class. What its instances have learnt are properties of them. */
export interface TransformerClass<T extends string, R extends OptionRules, S extends OptionRules> {
  /** @throws ParameterError for an option that is unknown or out of range */
  new (...options: OptionsArgument<R>): Transformer & ResolvedOptions<S>;
  /**
   * Makes the transformer again that `toJSON` was called on.
   *
   * @throws ParameterError for JSON of another type, and for options or a state that break their rules
   */
  fromJSON(json: unknown): Transformer & ResolvedOptions<S>;
  readonly kind: 'transformer';
  readonly definition: TransformerDefinition<R, S> & { readonly type: T };
}

/** Any transformer's class whose options all have defaults. */
export interface AnyTransformer {
  new (options?: object): Transformer;
  fromJSON(json: unknown): Transformer;
  readonly kind: 'transformer';
  readonly definition: TransformerDefinition;
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
  definition: TransformerDefinition<R, S> & { readonly type: T },
): TransformerClass<T, R, S> {
  checkDefinition('transformer', definition);
  checkParts('define transformer', 'definition', definition, { state: 'object' });
  const { type, options: rules, state: stateRules, check } = definition;

  class Fitted implements Transformer {
    static readonly kind = 'transformer';
    static readonly definition = definition;
    readonly #options: ResolvedOptions<R>;
    #state: ResolvedOptions<S> | undefined;
    /** What data have to be like once there is a state. */
    #rules: MatrixRules = {};

    constructor(options: unknown = {}) {
      this.#options = resolveOptions(type, options, rules, check);
    }

    static {
      Object.defineProperty(Fitted, 'name', { value: type });
      for (const name of Object.keys(stateRules)) {
        if (name in Fitted.prototype) fail(`define ${type}`, 'state', 'names that no method has', name);
        Object.defineProperty(Fitted.prototype, name, {
          get(this: Fitted) {
            return this.#requireFitted(name)[name as keyof ResolvedOptions<S>];
          },
        });
      }
    }

    static fromJSON(json: unknown): Fitted {
      const where = `${type}.fromJSON`;
      if (typeof json !== 'object' || json === null) fail(where, 'json', 'an object { type, options, state }', json);
      checkKeys(where, json, ['type', 'options', 'state']);
      const { type: given, options, state } = json as Partial<TransformerJson>;
      if (given !== type) fail(where, 'type', `'${type}'`, given);
      const transformer = new Fitted(options);
      if (state !== null) transformer.#setState(where, state);
      return transformer;
    }

    fit(x: Matrix): this {
      const where = `${type}.fit`;
      const state = definition.fit(checkMatrix(where, 'x', x), this.#options);
      // Values near the largest numbers have statistics beyond them.
      for (const [name, values] of Object.entries(state)) {
        if (!isTypedArray(values, 'Float64Array')) continue;
        checkFinite(`The '${name}' that ${where} finds`, values, { remedy: 'Scale these columns down first.' });
      }
      this.#setState(where, state);
      return this;
    }

    transform(x: Matrix): Matrix {
      const state = this.#requireFitted('transform');
      return definition.transform(this.#checkColumns('transform', x), state, this.#options);
    }

    fitTransform(x: Matrix): Matrix {
      return this.fit(x).transform(x);
    }

    inverseTransform(x: Matrix): Matrix {
      if (!definition.inverseTransform)
        throw new ParameterError(`${type} cannot be undone: it has no inverseTransform.`, { code: 'ERR_STATE' });
      const state = this.#requireFitted('inverseTransform');
      return definition.inverseTransform(this.#checkColumns('inverseTransform', x), state, this.#options);
    }

    toJSON(): TransformerJson {
      return { type, options: plain(this.#options), state: this.#state ? plain(this.#state) : null };
    }

    #requireFitted(use: string): ResolvedOptions<S> {
      if (this.#state !== undefined) return this.#state;
      throw new ParameterError(
        `${type}.${use} needs a fitted ${type}. Call fit or fitTransform with training data first.`,
        { code: 'ERR_STATE' },
      );
    }

    #setState(where: string, learnt: unknown): void {
      if (typeof learnt !== 'object' || learnt === null) fail(where, 'state', 'an object or null', learnt);
      const state = checkOptions(where, learnt, stateRules) as ResolvedOptions<S>;
      const lists = Object.values(state).filter(isList);
      const [columns] = lists.map(({ length }) => length);
      if (lists.some(({ length }) => length === 0 || length !== columns)) {
        fail(where, 'state', 'lists of one length, with an entry for each column', learnt);
      }
      for (const values of lists) {
        // JSON has no -0.
        if (isTypedArray(values, 'Float64Array')) for (let j = 0; j < columns; j++) values[j] += 0;
      }
      this.#state = state;
      this.#rules = columns === undefined ? {} : { features: columns };
    }

    #checkColumns(method: string, x: Matrix): Matrix {
      return checkMatrix(`${type}.${method}`, 'x', x, { ...this.#rules, allowEmpty: true });
    }
  }
  return Fitted as unknown as TransformerClass<T, R, S>;
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || isTypedArray(value);

/** Options or a state as JSON has them. */
function plain(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plainValue(value)]));
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
