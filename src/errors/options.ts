// Rules of options as data. A definition states each option once: its range, its default and what it means. The checks
// here, the inferred types, the schema of specs, the paths a sweep may change and the tables of the docs all come from it.
import { checkKeys, didYouMean, fail, isRecord, isTypedArray, show } from './check.ts';

/** A real interval in mathematical notation, such as `[0, 1)`; `inf` stands for no bound. */
export type Interval = `${'[' | '('}${string}, ${string}${']' | ')'}`;

/** The families of things that can be defined. */
export type Kind =
  | 'layer'
  | 'loss'
  | 'metric'
  | 'regularizer'
  | 'constraint'
  | 'optimizer'
  | 'schedule'
  | 'initializer'
  | 'callback'
  | 'augmentation'
  | 'transformer';

declare const brand: unique symbol;

/**
 * What a factory returns: frozen JSON with the type's name and the options that were given. It can be kept, sent and used
 * any number of times; it holds no state.
 */
export interface Description<K extends Kind = Kind> {
  readonly type: string;
  /** Only for types: tells a layer from an optimizer. */
  readonly [brand]?: K;
}

/** Whether an option has to be given, has a default, or may be absent. @inline */
type Presence = 'required' | 'default' | 'optional';

/** What is said of every option beside its range. */
export interface OptionSettings<T> {
  /** The value where none is given. */
  readonly default?: T;
  /** True where the option may be absent and has no default. */
  readonly optional?: boolean;
  /** One sentence on what the option means. */
  readonly describe?: string;
  /** A sentence that an error adds, on what to do instead. */
  readonly remedy?: string;
}

/** The range of an option, by the form of its values. */
export type OptionRange =
  | { readonly form: 'number'; readonly interval: Interval }
  | { readonly form: 'integer'; readonly min: number; readonly max: number }
  | { readonly form: 'boolean' }
  | { readonly form: 'text'; readonly pattern?: RegExp; readonly rule?: string }
  | { readonly form: 'null' }
  | { readonly form: 'instance'; readonly of: Class; readonly name: string }
  | { readonly form: 'vector'; readonly interval: Interval }
  | { readonly form: 'oneOf'; readonly choices: readonly string[] }
  | { readonly form: 'list'; readonly item: OptionRule; readonly minLength: number; readonly maxLength: number }
  | { readonly form: 'record'; readonly item: OptionRule }
  | { readonly form: 'object'; readonly rules: OptionRules; readonly check?: JointRule<OptionRules> }
  | { readonly form: 'anyOf'; readonly rules: readonly OptionRule[] }
  | {
      readonly form: 'kind';
      readonly of: Kind;
      readonly known: readonly NamedDefinition[];
      readonly named?: true | readonly string[];
    };

type Class<T = unknown> = abstract new (...args: never) => T;

/** What the rule of a nested kind needs of the kinds that may be given by name alone. */
type NamedDefinition = (() => Description) & { readonly definition: { readonly type: string } };

/** The rule of one option. `T` is the type of its values, `P` whether it has to be given. */
export type OptionRule<T = unknown, P extends Presence = Presence> = OptionRange &
  OptionSettings<unknown> & {
    /** Only for types. */
    readonly '~types'?: [T, P];
  };

/** The rules of all options of a definition, by name. */
export type OptionRules = Readonly<Record<string, OptionRule>>;

type PresenceOf<S> = S extends { default: unknown }
  ? 'default'
  : S extends { optional: true }
    ? 'optional'
    : 'required';
/** The type of the values of a rule. */
export type ValueOf<R> = R extends { readonly '~types'?: [infer T, Presence] } ? T : never;
type NamesOf<R, P extends Presence> = {
  [N in keyof R]: R[N] extends { readonly '~types'?: [unknown, infer Q] } ? (Q extends P ? N : never) : never;
}[keyof R];

/** Options as a caller gives them: those with a default may be left out. */
export type GivenOptions<R> = { readonly [N in NamesOf<R, 'required'>]: ValueOf<R[N]> } & {
  readonly [N in NamesOf<R, 'default' | 'optional'>]?: ValueOf<R[N]> | undefined;
};

/** The options argument of what takes options of `R`: it may be left out where no option has to be given. */
export type OptionsArgument<R> =
  Partial<Record<string, never>> extends GivenOptions<R> ? [options?: GivenOptions<R>] : [options: GivenOptions<R>];

/** Options with their defaults filled in. */
export type ResolvedOptions<R> = { readonly [N in NamesOf<R, 'required' | 'default'>]: ValueOf<R[N]> } & {
  readonly [N in NamesOf<R, 'optional'>]: ValueOf<R[N]> | undefined;
};

/**
 * A finite number inside `interval`, such as `'[0, 1)'`; `inf` stands for no bound.
 *
 * @example
 * ```js
 * import { defineInitializer, number } from 'regulus';
 *
 * const constant = defineInitializer({
 *   type: 'constant',
 *   options: { value: number('(-inf, inf)', { default: 0 }) },
 *   fill: (values, _, { value }) => values.fill(value),
 * });
 * console.log(constant({ value: 0.1 })); // { type: 'constant', value: 0.1 }
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function number<const S extends OptionSettings<number>>(
  interval: Interval,
  settings?: S,
): OptionRule<number, PresenceOf<S>> {
  return { form: 'number', interval, ...settings };
}

/**
 * An integer in [`min`, `max`].
 *
 * @example
 * ```js
 * import { defineSchedule, integer, number } from 'regulus';
 *
 * const halving = defineSchedule({
 *   type: 'halving',
 *   options: { initial: number('(0, inf)'), every: integer(1, { default: 100 }) },
 *   rate: (step, { initial, every }) => initial / 2 ** Math.floor(step / every),
 * });
 * console.log(halving({ initial: 0.1, every: 50 }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function integer<const S extends OptionSettings<number>>(
  min: number,
  settings?: S & { readonly max?: number },
): OptionRule<number, PresenceOf<S>> {
  return { form: 'integer', min, max: Number.POSITIVE_INFINITY, ...settings };
}

/**
 * True or false.
 *
 * @example
 * ```js
 * import { boolean, defineInitializer } from 'regulus';
 *
 * const ones = defineInitializer({
 *   type: 'ones',
 *   options: { negative: boolean({ default: false }) },
 *   fill: (values, _, { negative }) => values.fill(negative ? -1 : 1),
 * });
 * console.log(ones({ negative: true }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function boolean<const S extends OptionSettings<boolean>>(settings?: S): OptionRule<boolean, PresenceOf<S>> {
  return { form: 'boolean', ...settings };
}

/**
 * Any text, or one that matches `pattern`; `rule` says in words what that is.
 *
 * @example
 * ```js
 * import { defineCallback, text } from 'regulus';
 *
 * const announce = defineCallback({
 *   type: 'announce',
 *   options: { message: text({ default: 'done' }) },
 *   start: ({ message }) => ({ onTrainEnd: () => console.log(message) }),
 * });
 * console.log(announce({ message: 'trained' }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function text<const S extends OptionSettings<string>>(
  settings?: S & { readonly pattern?: RegExp; readonly rule?: string },
): OptionRule<string, PresenceOf<S>> {
  return { form: 'text', ...settings };
}

/** An object with options of its own; `check` is a rule that joins several of them. */
/* @__NO_SIDE_EFFECTS__ */
export function object<const R extends OptionRules, const S extends OptionSettings<GivenOptions<R>>>(
  rules: R,
  settings?: S & { check?(options: ResolvedOptions<R>): OptionsProblem | undefined },
): OptionRule<GivenOptions<R>, PresenceOf<S>> {
  return { form: 'object', rules, ...settings } as OptionRule<GivenOptions<R>, PresenceOf<S>>;
}

/**
 * An object with any keys, whose values each follow `item`.
 *
 * @example
 * ```js
 * import { defineSchedule, number, record } from 'regulus';
 *
 * const table = defineSchedule({
 *   type: 'table',
 *   options: { initial: number('(0, inf)'), from: record(number('(0, inf)')) },
 *   rate: (step, { initial, from }) => Object.entries(from).reduce((rate, [at, own]) => (step >= Number(at) ? own : rate), initial),
 * });
 * console.log(table({ initial: 0.1, from: { 500: 0.01 } }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function record<T, const S extends OptionSettings<Readonly<Record<string, T>>>>(
  item: OptionRule<T>,
  settings?: S,
): OptionRule<Readonly<Record<string, T>>, PresenceOf<S>> {
  return { form: 'record', item, ...settings };
}

/**
 * Null, which says that there is none; a part of {@link anyOf}.
 *
 * @example
 * ```js
 * import { anyOf, defineRegularizer, none, number } from 'regulus';
 *
 * const limited = defineRegularizer({
 *   type: 'limited',
 *   options: { strength: number('[0, inf)'), limit: anyOf([number('(0, inf)'), none], { default: null }) },
 *   build: ({ strength, limit }) => ({ l2: limit === null ? strength : Math.min(strength, limit) }),
 * });
 * console.log(limited({ strength: 0.1, limit: null }));
 * ```
 */
export const none: OptionRule<null, 'required'> = { form: 'null' };

/**
 * An instance of a class, such as a stream of random numbers. JSON cannot hold one.
 *
 * @example
 * ```js
 * import { anyOf, defineGenerator, instance, integer, RandomState } from 'regulus';
 *
 * const makeNoise = defineGenerator({
 *   type: 'makeNoise',
 *   options: { randomState: anyOf([integer(0), instance(RandomState, 'RandomState')], { default: 0 }) },
 *   generate: (_, random) => ({ x: { data: random.randn(8), shape: [4, 2] }, y: Int32Array.of(0, 1, 0, 1) }),
 * });
 * console.log(makeNoise({ randomState: new RandomState(1) }).x);
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function instance<T>(of: Class<T>, name: string): OptionRule<T, 'required'> {
  return { form: 'instance', of, name };
}

/**
 * One of `choices`.
 *
 * @example
 * ```js
 * import { defineInitializer, oneOf } from 'regulus';
 *
 * const fan = defineInitializer({
 *   type: 'fan',
 *   options: { mode: oneOf(['in', 'out'], { default: 'in' }) },
 *   fill: (values, { inputs, outputs }, { mode }) => values.fill(1 / (mode === 'in' ? inputs : outputs)),
 * });
 * console.log(fan({ mode: 'out' }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends string, const S extends OptionSettings<NoInfer<T>>>(
  choices: readonly T[],
  settings?: S,
): OptionRule<T, PresenceOf<S>> {
  return { form: 'oneOf', choices, ...settings };
}

/**
 * A list of values that each follow `item`.
 *
 * @example
 * ```js
 * import { defineSchedule, integer, list, number } from 'regulus';
 *
 * const stages = defineSchedule({
 *   type: 'stages',
 *   options: { rates: list(number('(0, inf)'), { minLength: 1 }), every: integer(1) },
 *   rate: (step, { rates, every }) => rates[Math.min(Math.floor(step / every), rates.length - 1)],
 * });
 * console.log(stages({ rates: [0.1, 0.01], every: 500 }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function list<T, const S extends OptionSettings<readonly T[]>>(
  item: OptionRule<T>,
  settings?: S & { readonly minLength?: number; readonly maxLength?: number },
): OptionRule<readonly T[], PresenceOf<S>> {
  return { form: 'list', item, minLength: 0, maxLength: Number.POSITIVE_INFINITY, ...settings };
}

/**
 * Two values that each follow `item`, such as the ends of a range.
 *
 * @example
 * ```js
 * import { defineInitializer, number, pair } from 'regulus';
 *
 * const uniform = defineInitializer({
 *   type: 'uniform',
 *   options: { range: pair(number('(-inf, inf)'), { default: [-0.05, 0.05] }) },
 *   fill: (values, { random }, { range: [low, high] }) => values.set(random.uniform(low, high, values.length)),
 * });
 * console.log(uniform({ range: [0, 1] }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function pair<T, const S extends OptionSettings<readonly [T, T]>>(
  item: OptionRule<T>,
  settings?: S,
): OptionRule<readonly [T, T], PresenceOf<S>> {
  return { form: 'list', item, minLength: 2, maxLength: 2, ...settings };
}

/**
 * Numbers inside `interval`, of any array, kept as a `Float64Array`.
 *
 * @example
 * ```js
 * import { defineTransformer, vector } from 'regulus';
 *
 * const Scaler = defineTransformer({
 *   type: 'Scaler',
 *   options: { factors: vector('(0, inf)') },
 *   state: {},
 *   fit: () => ({}),
 *   transform: ({ data, shape }, _, { factors }) => ({ data: data.map((v, i) => v * factors[i % shape[1]]), shape }),
 * });
 * console.log(new Scaler({ factors: [1, 2] }).fitTransform({ data: Float64Array.of(1, 1), shape: [1, 2] }).data); // [1, 2]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function vector<const S extends OptionSettings<Float64Array>>(
  interval: Interval,
  settings?: S,
): OptionRule<Float64Array, PresenceOf<S>> {
  return { form: 'vector', interval, ...settings };
}

/**
 * A value that follows one of `rules`, which are distinguished by the form of the value.
 *
 * @example
 * ```js
 * import { anyOf, defineInitializer, number, oneOf } from 'regulus';
 *
 * const scaled = defineInitializer({
 *   type: 'scaled',
 *   options: { scale: anyOf([number('(0, inf)'), oneOf(['he', 'lecun'])], { default: 'he' }) },
 *   fill(values, { inputs, random }, { scale }) {
 *     const factor = typeof scale === 'number' ? scale : Math.sqrt((scale === 'he' ? 2 : 1) / inputs);
 *     values.set(random.randn(values.length).map((value) => factor * value));
 *   },
 * });
 * console.log(scaled({ scale: 'lecun' }), scaled({ scale: 0.01 }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function anyOf<const R extends readonly OptionRule[], const S extends OptionSettings<ValueOf<R[number]>>>(
  rules: R,
  settings?: S,
): OptionRule<ValueOf<R[number]>, PresenceOf<S>> {
  return { form: 'anyOf', rules, ...settings };
}

/** A kind that an option takes by its name alone, where it can be made without options. */
type KnownByName<T extends string = string> = readonly { readonly definition: { readonly type: T } }[];
type NameOf<S> = S extends { known: KnownByName<infer T> } ? T : S extends { named: unknown } ? string : never;

/** The rule `rule` for an option that may be absent and has no default. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(rule: OptionRule<T>): OptionRule<T, 'optional'> {
  const { default: _, ...rest } = rule;
  return { ...rest, optional: true } as OptionRule<T, 'optional'>;
}

/**
 * The description of another kind, such as the regularizer of a layer. Those of `known` can be given by their name; in JSON,
 * with `named`, all that need no options, and the names it lists.
 *
 * @example
 * ```js
 * import { defineRegularizer, kind, l1, l2, list } from 'regulus';
 *
 * const sum = defineRegularizer({
 *   type: 'sum',
 *   options: { of: list(kind('regularizer')) },
 *   build: ({ of }) => ({ l1: of.reduce((s, { l1 = 0 }) => s + l1, 0), l2: of.reduce((s, { l2 = 0 }) => s + l2, 0) }),
 * });
 * console.log(sum({ of: [l1(0.1), l2(0.2)] }));
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function kind<
  const K extends Kind,
  const S extends OptionSettings<Description<K>> & {
    readonly known?: KnownByName;
    readonly named?: true | readonly string[];
  },
>(of: K, settings?: S): OptionRule<Description<K> | NameOf<S>, PresenceOf<S>> {
  return { form: 'kind', of, known: [], ...settings } as unknown as OptionRule<
    Description<K> | NameOf<S>,
    PresenceOf<S>
  >;
}

/** How a value of `rule` becomes part of a description; nested kinds are made by it. */
export type NestedKind = (
  where: string,
  name: string,
  value: unknown,
  rule: KindRange & OptionSettings<unknown>,
) => Description;

/** The range of {@link kind}. */
export type KindRange = Extract<OptionRange, { form: 'kind' }>;

/** For options that hold no other kinds. */
const noKinds: NestedKind = (where, name, value, { of }) => fail(where, name, `${article(of)} ${of}`, value);

/**
 * Checks `options` by `rules` and returns a copy of those that are given, in the order of the rules.
 *
 * @throws ParameterError that names the option, the rule, the value and what to do instead.
 */
export function checkOptions<const R extends OptionRules>(
  where: string,
  options: unknown,
  rules: R,
  nested: NestedKind = noKinds,
): GivenOptions<R> {
  checkKeys(where, options, Object.keys(rules));
  const given: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = (options as Record<string, unknown>)[name];
    const mayLack = 'default' in rule || rule.optional;
    if (value !== undefined || !mayLack) given[name] = checkOption(where, name, value, rule, nested);
  }
  return given as GivenOptions<R>;
}

/** Checks one value by its rule and returns it, lists as frozen copies. */
export function checkOption<T>(
  where: string,
  name: string,
  value: unknown,
  rule: OptionRule<T>,
  nested: NestedKind = noKinds,
): T {
  if (rule.form === 'kind') return nested(where, name, value, rule) as T;
  const form = formOf(rule);
  if (!form.has(value, rule) || form.within?.(value, rule) === false) {
    const choices = rule.form === 'oneOf' ? rule.choices : [];
    fail(where, name, ruleText(rule), value, rule.remedy || didYouMean(value, choices));
  }
  if (rule.form === 'object') return checkOptions(`${where}'s ${name}`, value, rule.rules, nested) as T;
  if (rule.form === 'anyOf') {
    const choice = rule.rules.find((own) => hasForm(value, own)) as OptionRule<T>;
    return checkOption(where, name, value, choice, nested);
  }
  const check: CheckPart = (part, of, at) => checkOption(where, `${name}[${at}]`, part, of, nested);
  return (form.copy?.(value, rule, check) ?? value) as T;
}

/** The ends of an interval. */
export function boundsOf(interval: Interval): [low: number, high: number] {
  const [low, high] = interval
    .slice(1, -1)
    .split(',')
    .map((text) => Number(text.replace('inf', 'Infinity')));
  return [low, high];
}

type CheckPart = <T>(part: unknown, rule: OptionRule<T>, at: string | number) => T;

/** What is to be known of the rules of one form. */
interface Form<R> {
  /** Whether a value is of this form, in range or not. */
  has(value: unknown, rule: R): boolean;
  /** Whether it is in range, the parts of lists and objects aside; by default it is. */
  within?(value: unknown, rule: R): boolean;
  /** What is kept of it, with each part checked; by default itself. */
  copy?(value: unknown, rule: R, check: CheckPart): unknown;
  /** The rule in words. */
  text(rule: R): string;
}

const isNumber = (value: unknown) => typeof value === 'number';
const isText = (value: unknown) => typeof value === 'string';
const isList = (value: unknown) => Array.isArray(value) || isTypedArray(value);
const isNamed = (value: unknown) => isText(value) || isRecord(value);

const forms: {
  readonly [F in OptionRange['form']]: Form<Extract<OptionRange, { form: F }> & OptionSettings<unknown>>;
} = {
  number: {
    has: isNumber,
    within(value: number, { interval }) {
      const [low, high] = boundsOf(interval);
      const above = interval.startsWith('[') ? value >= low : value > low;
      return above && Number.isFinite(value) && (interval.endsWith(']') ? value <= high : value < high);
    },
    text: ({ interval }) => `a number in the range ${interval}`,
  },
  integer: {
    has: isNumber,
    within: (value: number, { min, max }) => Number.isInteger(value) && value >= min && value <= max,
    text: ({ min, max }) =>
      `an integer in the range ${min < 0 ? '(-inf' : `[${min}`}, ${max < Infinity ? `${max}]` : 'inf)'}`,
  },
  boolean: { has: (value) => typeof value === 'boolean', text: () => 'true or false' },
  text: {
    has: isText,
    within: (value: string, { pattern }) => pattern?.test(value) ?? true,
    text: ({ rule }) => rule ?? 'a text',
  },
  null: { has: (value) => value === null, text: () => 'null' },
  instance: { has: (value, { of }) => value instanceof of, text: ({ name }) => `${article(name)} ${name}` },
  vector: {
    has: isList,
    copy(value: ArrayLike<unknown>, { interval, remedy = '' }, check) {
      const item = number(interval, { remedy });
      return Float64Array.from(value, (own, i) => check(own, item, i));
    },
    text: ({ interval }) => `a list of numbers in the range ${interval}`,
  },
  oneOf: {
    has: isText,
    within: (value: string, { choices }) => choices.includes(value),
    text: ({ choices }) => `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`,
  },
  list: {
    has: isList,
    within: ({ length }: ArrayLike<unknown>, { minLength, maxLength }) => length >= minLength && length <= maxLength,
    copy: (value: ArrayLike<unknown>, { item }, check) =>
      Object.freeze(Array.from(value, (own, i) => check(own, item, i))),
    text({ item, minLength: low, maxLength: high }) {
      const length = low === high ? ` of ${low}` : low > 0 ? ` of at least ${low}` : '';
      return `a list${length} (each ${ruleText(item)})`;
    },
  },
  record: {
    has: isRecord,
    copy: (value: object, { item }, check) =>
      Object.freeze(Object.fromEntries(Object.entries(value).map(([key, own]) => [key, check(own, item, key)]))),
    text: ({ item }) => `an object (each value ${ruleText(item)})`,
  },
  object: { has: isNamed, text: () => 'an object' },
  anyOf: {
    has: (value, { rules }) => rules.some((choice) => hasForm(value, choice)),
    text: ({ rules }) => rules.map(ruleText).join(', or '),
  },
  kind: { has: isNamed, text: ({ of }) => `${article(of)} ${of}` },
};

const formOf = ({ form }: OptionRule) => forms[form] as Form<OptionRule>;

const hasForm = (value: unknown, rule: OptionRule) => formOf(rule).has(value, rule);

/** The rule in words, as it follows "must be" in an error and stands in the tables of the docs. */
export function ruleText(rule: OptionRule): string {
  return formOf(rule).text(rule);
}

/** The defaults of `rules`, by name. */
export function defaultsOf(rules: OptionRules): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => ('default' in rule ? [[name, rule.default]] : [])),
  );
}

/** What is wrong with options that are right one by one. */
export interface OptionsProblem {
  /** The option to name in the error. */
  option: string;
  rule: string;
  remedy?: string;
}

/** A rule that joins several options, all of them with their defaults. */
export type JointRule<R> = (options: ResolvedOptions<R>) => OptionsProblem | undefined;

/** Throws the error for the problem that `check` finds in `options`, and returns them otherwise. */
export function checkTogether<R>(
  where: string,
  options: ResolvedOptions<R>,
  check: JointRule<R> | undefined,
): ResolvedOptions<R> {
  const problem = check?.(options);
  if (!problem) return options;
  const { option, rule, remedy } = problem;
  return fail(where, option, rule, (options as Record<string, unknown>)[option], remedy);
}

/** `options`, checked, with the defaults of `rules`: what a function that takes an options object begins with. */
export function resolveOptions<const R extends OptionRules>(
  where: string,
  options: unknown,
  rules: R,
  check?: JointRule<R>,
): ResolvedOptions<R> {
  const resolved = { ...defaultsOf(rules), ...checkOptions(where, options, rules) };
  return checkTogether(where, resolved as ResolvedOptions<R>, check);
}

export const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/** As {@link show}, for the tables of the docs. */
export const defaultText = (rule: OptionRule): string =>
  'default' in rule ? show(rule.default) : rule.optional ? 'none' : 'required';
