// Definitions: everything that there is to say about one kind of layer, loss, optimizer … in one object. Calling a
// definition's factory makes a description: plain, frozen JSON that remembers its definition under a symbol.
import { checkKeys, checkMethods, checkParts, didYouMean, fail, isRecord, show } from './check.ts';
import { ParameterError } from './errors.ts';
import {
  article,
  checkOptions,
  checkTogether,
  type Description,
  defaultsOf,
  type GivenOptions,
  type Kind,
  type KindRange,
  type NestedKind,
  type OptionRules,
  type OptionSettings,
  type OptionsArgument,
  type OptionsProblem,
  type ResolvedOptions,
} from './options.ts';

/** What the definitions of all kinds have in common. */
export interface Definition<R extends OptionRules = OptionRules> {
  /** The name that stands in descriptions, by which they are found again. */
  readonly type: string;
  /** One sentence on what it does. */
  readonly describe?: string;
  /** The rules of its options. */
  readonly options: R;
  /** The option that can be given alone, as in `dense(64)`. */
  readonly shorthand?: keyof R & string;
  /** A rule that joins several options. */
  check?(options: ResolvedOptions<R>): OptionsProblem | undefined;
}

/** The parts of a definition that name things: as literals, its type and its {@link Definition.shorthand}. */
export interface Named<T extends string, S extends string> {
  readonly type: T;
  readonly shorthand?: S;
}

// Registered by name, so that two copies of the package in one process understand each other's descriptions.
const DEFINITION = Symbol.for('regulus.definition');

type Arguments<R extends OptionRules, S extends string> =
  | OptionsArgument<R>
  | ([S] extends [never]
      ? never
      : S extends keyof GivenOptions<R>
        ? [value: NonNullable<GivenOptions<R>[S]>, options?: Omit<GivenOptions<R>, S>]
        : never);

/** What `define…` returns: a function that makes descriptions, with its definition. */
export interface Factory<K extends Kind, T extends string, R extends OptionRules, S extends string = never> {
  (...args: Arguments<R, S>): Description<K> & { readonly type: T } & GivenOptions<R>;
  readonly kind: K;
  readonly definition: Definition<R> & { readonly type: T };
}

/** Any factory of a kind, whatever its options. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds factories that take different arguments.
export type AnyFactory<K extends Kind = Kind> = ((...args: any[]) => Description<K>) & {
  readonly kind: K;
  readonly definition: Definition;
};

/** The kinds that are known by name: what bare JSON is looked up in. */
export type Catalog = { readonly [K in Kind]?: readonly AnyFactory<K>[] };

/** Makes the factory of a definition. Each `define…` of the package is a call of this with its kind. */
/* @__NO_SIDE_EFFECTS__ */
export function define<K extends Kind, const T extends string, const R extends OptionRules, S extends string = never>(
  kind: K,
  definition: Definition<R> & Named<T, S>,
  ...methods: readonly string[]
): Factory<K, T, R, S> {
  checkDefinition(kind, definition, ...methods);
  const { type, shorthand } = definition;
  const factory = (...given: unknown[]): Description => {
    const [first = {}, second] = given;
    const self = factory as unknown as AnyFactory;
    if (shorthand === undefined || isOptions(first)) return describe(self, given.length > 1 ? given : first);
    if (second !== undefined) checkKeys(type, second, Object.keys(definition.options));
    return describe(self, { ...(second as object), [shorthand]: first });
  };
  Object.defineProperty(factory, 'name', { value: type });
  return Object.assign(factory, { kind, definition }) as unknown as Factory<K, T, R, S>;
}

const typeName = /^[a-z]\w*$/i;

/** Checks that a definition has a type's name, rules of options, and `methods`. */
export function checkDefinition(kind: string, definition: unknown, ...methods: readonly string[]): void {
  const where = `define ${kind}`;
  checkParts(where, 'definition', definition, { options: 'object' });
  checkMethods(where, definition, ...methods);
  const { type } = definition as Definition;
  if (typeof type !== 'string' || !typeName.test(type)) fail(where, 'type', 'a name of letters and digits', type);
}

function isOptions(value: unknown): boolean {
  return isRecord(value) && !('type' in value);
}

function describe(factory: AnyFactory, options: unknown, nested?: NestedKind): Description {
  const { type, options: rules, check } = factory.definition;
  const given = checkOptions(type, options, rules, nested ?? descriptionRule);
  checkTogether(type, { ...defaultsOf(rules), ...given } as ResolvedOptions<OptionRules>, check);
  const description = { type, ...given };
  // Not enumerable: copies, comparisons and JSON see plain data only.
  Object.defineProperty(description, DEFINITION, { value: factory });
  return Object.freeze(description);
}

/** The factory that made a description; undefined for bare JSON and everything else. */
export function factoryOf(value: unknown): AnyFactory | undefined {
  return (value as { [DEFINITION]?: AnyFactory } | null | undefined)?.[DEFINITION];
}

/** The options of a description, with defaults. */
export function optionsOf<R extends OptionRules>(
  description: Description,
  { options }: Definition<R>,
): ResolvedOptions<R> {
  const { type, ...given } = description as Description & Record<string, unknown>;
  return { ...defaultsOf(options), ...given } as ResolvedOptions<R>;
}

/**
 * A description with all its defaults, those of the kinds inside it too: equal texts then mean equal things.
 *
 * @example
 * ```js
 * import { sgd } from 'regulus';
 * import { withDefaults } from 'regulus/experiment';
 *
 * console.log(withDefaults(sgd({ momentum: 0.9 }))); // { type: 'sgd', learningRate: 0.01, …, momentum: 0.9, nesterov: false }
 * ```
 */
export function withDefaults<K extends Kind>(description: Description<K>): Description<K> {
  const factory = factoryOf(description);
  if (!factory) return description;
  const complete = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(complete);
    return factoryOf(value) ? withDefaults(value as Description) : value;
  };
  const { type, options } = factory.definition;
  const given = { ...defaultsOf(options), ...description } as Record<string, unknown>;
  const names = Object.keys(options).filter((name) => given[name] !== undefined);
  return { type, ...Object.fromEntries(names.map((name) => [name, complete(given[name])])) } as Description<K>;
}

/**
 * Checks that `value` was made by a factory of `kind`, or is the name of one of `known`, and returns its definition and its
 * options with defaults.
 *
 * @throws ParameterError that says what `value` is instead and how to make it.
 */
export function definitionOf<D extends Definition>(
  kind: Kind,
  where: string,
  name: string,
  value: unknown,
  known: KindRange['known'] = [],
): { definition: D; options: ResolvedOptions<D['options']> } {
  const description = descriptionRule(where, name, value, { form: 'kind', of: kind, known });
  const { definition } = factoryOf(description) as AnyFactory;
  return { definition: definition as D, options: optionsOf(description, definition) as ResolvedOptions<D['options']> };
}

/** What an option gives at each step, a number or a schedule, whose values are to be at least 0 and less than `below`. */
export function scheduled(
  where: string,
  name: string,
  value: number | Description<'schedule'>,
  below = Number.POSITIVE_INFINITY,
): (step: number) => number {
  if (typeof value === 'number') return () => value;
  // `nn` and `optim`, which has the schedules, do not know each other.
  type Schedule = Definition & { rate(step: number, options: object): number };
  const { definition, options } = definitionOf<Schedule>('schedule', where, name, value);
  return (step) => {
    const rate = definition.rate(step, options);
    return rate >= 0 && rate < below ? rate : fail(where, name, `in the range [0, ${below}) at step ${step}`, rate);
  };
}

/** The rule of an option that holds another kind, where no catalog is at hand. */
export function descriptionRule(
  where: string,
  name: string,
  value: unknown,
  { of, known, remedy: usual }: KindRange & OptionSettings<unknown>,
): Description {
  const factory = factoryOf(value);
  if (factory?.kind === of) return value as Description;
  const named = known.find(({ definition }) => definition.type === value);
  if (named) return named();
  const names = known.map(({ definition }) => definition.type);
  const choices = names.length > 0 ? ` or one of ${names.map((type) => `'${type}'`).join(', ')}` : '';
  const remedy = factory
    ? `${factory.definition.type}() makes ${article(factory.kind)} ${factory.kind}.`
    : isBare(value)
      ? `This is bare JSON: give it to ${of}FromJson() first.`
      : didYouMean(value, names) || callIt(value) || usual;
  return fail(where, name, `${article(of)} ${of}${choices}`, value, remedy);
}

/** What to do with a factory, or its name, where its description is needed. */
function callIt(value: unknown): string {
  const name = typeof value === 'function' ? value.name : value;
  return typeof name === 'string' && typeName.test(name) ? `Give what ${name}() returns.` : '';
}

const isBare = (value: unknown): value is { type: string } =>
  typeof (value as { type?: unknown } | null | undefined)?.type === 'string';

/**
 * Makes the description again that `json` was, by looking its type up in `catalog`; so do the kinds inside it.
 *
 * @throws ParameterError for an unknown type, which says what to import, and for what the factory refuses.
 */
export function fromJson<K extends Kind>(
  kind: K,
  json: unknown,
  catalog: Catalog,
  where = `${kind}FromJson`,
  name: string = kind,
): Description<K> {
  const nested: NestedKind = (outer, option, value, { of }) =>
    fromJson(of, typeof value === 'string' ? { type: value } : value, catalog, outer, option);
  if (factoryOf(json)?.kind === kind) return json as Description<K>;
  if (!isBare(json)) fail(where, name, `${article(kind)} ${kind} with a 'type'`, json);
  const { type, ...options } = json as { type: string };
  const known = checkFactories(where, `catalog.${kind}`, catalog?.[kind] ?? []);
  const factory = known.find(({ definition }) => definition.type === type);
  if (!factory) {
    const names = known.map(({ definition }) => definition.type);
    throw new ParameterError(
      `Unknown ${kind} '${type}' of ${where}${name === kind ? '' : `'s ${name}`}. ${didYouMean(type, names) || `Known: ${names.join(', ')}.`} ` +
        `Name the module of your own ${kind} in 'modules', or add it with extendCatalog.`,
      { code: 'ERR_UNKNOWN_TYPE' },
    );
  }
  return describe(factory, options, nested) as Description<K>;
}

/** Checks that `list` holds factories. */
function checkFactories(where: string, name: string, list: unknown): readonly AnyFactory[] {
  // By a copy, because `every` skips the holes of a sparse array.
  if (Array.isArray(list) && [...list].every((item: AnyFactory | null | undefined) => item?.kind && item.definition)) {
    return list;
  }
  return fail(where, name, 'a list of what define… returns', list);
}

/** Checks that `catalog` holds lists of factories. */
export function checkCatalog(where: string, catalog: unknown): void {
  checkParts(where, 'catalog', catalog);
  for (const [kind, list] of Object.entries(catalog as object)) checkFactories(where, `catalog.${kind}`, list);
}

/**
 * A catalog with the definitions of others added.
 *
 * @throws ParameterError where a type is defined twice.
 * @example
 * ```js
 * import { catalog, defineInitializer, extendCatalog, layerFromJson } from 'regulus';
 *
 * const ones = defineInitializer({ type: 'ones', options: {}, fill: (values) => values.fill(1) });
 * const known = extendCatalog(catalog, [ones]);
 * console.log(layerFromJson({ type: 'dense', units: 4, kernelInitializer: 'ones' }, known));
 * ```
 */
export function extendCatalog(catalog: Catalog, factories: readonly AnyFactory[]): Catalog {
  const extended: Record<string, readonly AnyFactory[]> = { ...(catalog as Record<string, readonly AnyFactory[]>) };
  checkCatalog('extendCatalog', catalog);
  for (const factory of checkFactories('extendCatalog', 'factories', factories)) {
    const { kind, definition } = factory;
    const known = extended[kind] ?? [];
    const twin = known.find((other) => other.definition.type === definition.type);
    if (twin === factory) continue;
    if (twin) {
      throw new ParameterError(
        `The ${kind} '${definition.type}' is defined twice. Give one of the two another 'type'.`,
      );
    }
    extended[kind] = [...known, factory];
  }
  return extended as Catalog;
}

/** Those of `values` that a `define…` has made, such as the exports of a user's module. */
export function factoriesIn(values: Iterable<unknown>): AnyFactory[] {
  return [...values].filter((value): value is AnyFactory => {
    const { kind, definition } = (typeof value === 'function' ? value : {}) as Partial<AnyFactory>;
    return typeof kind === 'string' && typeof definition?.type === 'string';
  });
}

/** A description in short, for tables: `dropout 0.5`, `dense 64, kernelRegularizer l2 0.01`, `residual [dense 64, relu]`. */
export function describeShortly(description: Description): string {
  const { type, ...options } = description as Description & Record<string, unknown>;
  const shorthand = factoryOf(description)?.definition.shorthand;
  const short = (value: unknown): string => {
    if (Array.isArray(value) && value.every(isBare)) return `[${value.map(describeShortly).join(', ')}]`;
    return isBare(value) ? describeShortly(value) : show(value);
  };
  const texts = Object.entries(options).map(([name, value]) =>
    name === shorthand ? short(value) : `${name} ${short(value)}`,
  );
  return `${type} ${texts.join(', ')}`.trim();
}
