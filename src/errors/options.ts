// Rules of options as data. A definition states each option once: its range, its default and what it means. The checks
// here, the inferred types, the schema of specs, the paths a sweep may change and the tables of the docs all come from it.
import { checkBoolean, checkInteger, checkKeys, checkNumber, checkOneOf, fail, type Interval, show } from './check.ts';

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
  | 'callback';

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

/** Whether an option has to be given, has a default, or may be absent. */
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
  | { readonly form: 'text' }
  | { readonly form: 'null' }
  | { readonly form: 'oneOf'; readonly choices: readonly string[] }
  | { readonly form: 'list'; readonly item: OptionRule; readonly minLength: number; readonly maxLength: number }
  | { readonly form: 'anyOf'; readonly rules: readonly OptionRule[] }
  | { readonly form: 'kind'; readonly of: Kind; readonly known: readonly NamedDefinition[] };

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
type ValueOf<R> = R extends { readonly '~types'?: [infer T, Presence] } ? T : never;
type NamesOf<R, P extends Presence> = {
  [N in keyof R]: R[N] extends { readonly '~types'?: [unknown, infer Q] } ? (Q extends P ? N : never) : never;
}[keyof R];

/** Options as a caller gives them: those with a default may be left out. */
export type GivenOptions<R> = { readonly [N in NamesOf<R, 'required'>]: ValueOf<R[N]> } & {
  readonly [N in NamesOf<R, 'default' | 'optional'>]?: ValueOf<R[N]> | undefined;
};

/** Options with their defaults filled in. */
export type ResolvedOptions<R> = { readonly [N in NamesOf<R, 'required' | 'default'>]: ValueOf<R[N]> } & {
  readonly [N in NamesOf<R, 'optional'>]: ValueOf<R[N]> | undefined;
};

/** A finite number inside `interval`, such as `'[0, 1)'`; `inf` stands for no bound. */
/* @__NO_SIDE_EFFECTS__ */
export function number<const S extends OptionSettings<number>>(
  interval: Interval,
  settings?: S,
): OptionRule<number, PresenceOf<S>> {
  return { form: 'number', interval, ...settings };
}

/** An integer in [`min`, `max`]. */
/* @__NO_SIDE_EFFECTS__ */
export function integer<const S extends OptionSettings<number>>(
  min: number,
  settings?: S & { readonly max?: number },
): OptionRule<number, PresenceOf<S>> {
  return { form: 'integer', min, max: Number.POSITIVE_INFINITY, ...settings };
}

/** True or false. */
/* @__NO_SIDE_EFFECTS__ */
export function boolean<const S extends OptionSettings<boolean>>(settings?: S): OptionRule<boolean, PresenceOf<S>> {
  return { form: 'boolean', ...settings };
}

/** Any text. */
/* @__NO_SIDE_EFFECTS__ */
export function text<const S extends OptionSettings<string>>(settings?: S): OptionRule<string, PresenceOf<S>> {
  return { form: 'text', ...settings };
}

/** Null, which says that there is none; a part of {@link anyOf}. */
export const none: OptionRule<null, 'required'> = { form: 'null' };

/** One of `choices`. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends string, const S extends OptionSettings<NoInfer<T>>>(
  choices: readonly T[],
  settings?: S,
): OptionRule<T, PresenceOf<S>> {
  return { form: 'oneOf', choices, ...settings };
}

/** A list of values that each follow `item`. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T, const S extends OptionSettings<readonly T[]>>(
  item: OptionRule<T>,
  settings?: S & { readonly minLength?: number; readonly maxLength?: number },
): OptionRule<readonly T[], PresenceOf<S>> {
  return { form: 'list', item, minLength: 0, maxLength: Number.POSITIVE_INFINITY, ...settings };
}

/** A value that follows one of `rules`, which are told apart by the form of the value. */
/* @__NO_SIDE_EFFECTS__ */
export function anyOf<const R extends readonly OptionRule[], const S extends OptionSettings<ValueOf<R[number]>>>(
  rules: R,
  settings?: S,
): OptionRule<ValueOf<R[number]>, PresenceOf<S>> {
  return { form: 'anyOf', rules, ...settings };
}

/** The description of another kind, such as the regularizer of a layer. Those of `known` can be given by their name. */
/* @__NO_SIDE_EFFECTS__ */
export function kind<
  const K extends Kind,
  const S extends OptionSettings<Description<K>>,
  const N extends string = never,
>(
  of: K,
  settings?: S & { readonly known?: readonly { readonly definition: { readonly type: N } }[] },
): OptionRule<Description<K> | N, PresenceOf<S>> {
  return { form: 'kind', of, known: [], ...settings } as unknown as OptionRule<Description<K> | N, PresenceOf<S>>;
}

/** How a value of `rule` becomes part of a description; nested kinds are made by it. */
export type NestedKind = (where: string, name: string, value: unknown, range: KindRange) => Description;

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
    if (value !== undefined) given[name] = checkOption(where, name, value, rule, nested);
    else if (!('default' in rule || rule.optional)) checkOption(where, name, value, rule, nested);
  }
  return given as GivenOptions<R>;
}

/** Checks one value by its rule and returns it, lists as frozen copies. */
export function checkOption(
  where: string,
  name: string,
  value: unknown,
  rule: OptionRule,
  nested: NestedKind = noKinds,
): unknown {
  const { remedy } = rule;
  switch (rule.form) {
    case 'number':
      return checkNumber(where, name, value, rule.interval, remedy);
    case 'integer':
      return checkInteger(where, name, value, rule.min, rule.max, remedy);
    case 'boolean':
      return checkBoolean(where, name, value);
    case 'oneOf':
      return checkOneOf(where, name, value, rule.choices);
    case 'list': {
      const items =
        Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : undefined;
      if (!items || items.length < rule.minLength || items.length > rule.maxLength) {
        fail(where, name, ruleText(rule), value, remedy);
      }
      return Object.freeze(items.map((item, i) => checkOption(where, `${name}[${i}]`, item, rule.item, nested)));
    }
    case 'anyOf': {
      const meant = rule.rules.find((choice) => hasForm(value, choice));
      if (!meant) fail(where, name, ruleText(rule), value, remedy);
      return checkOption(where, name, value, meant, nested);
    }
    case 'kind':
      return nested(where, name, value, rule);
    default:
      if (!hasForm(value, rule)) fail(where, name, ruleText(rule), value, remedy);
      return value;
  }
}

/** Whether `value` is of the form that `rule` is about, in range or not. */
function hasForm(value: unknown, rule: OptionRule): boolean {
  switch (rule.form) {
    case 'number':
    case 'integer':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
    case 'oneOf':
      return typeof value === 'string';
    case 'null':
      return value === null;
    case 'list':
      return Array.isArray(value) || ArrayBuffer.isView(value);
    case 'anyOf':
      return rule.rules.some((choice) => hasForm(value, choice));
    default:
      return typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value));
  }
}

/** The rule in words, as it follows "must be" in an error and stands in the tables of the docs. */
export function ruleText(rule: OptionRule): string {
  switch (rule.form) {
    case 'number':
      return `a number in the range ${rule.interval}`;
    case 'integer':
      return `an integer in the range [${rule.min}, ${rule.max === Number.POSITIVE_INFINITY ? 'inf)' : `${rule.max}]`}`;
    case 'boolean':
      return 'true or false';
    case 'text':
      return 'a text';
    case 'null':
      return 'null';
    case 'oneOf':
      return `one of ${rule.choices.map((choice) => `'${choice}'`).join(', ')}`;
    case 'list': {
      const { minLength: low, maxLength: high } = rule;
      const length = low === high ? ` of ${low}` : low > 0 ? ` of at least ${low}` : '';
      return `a list${length} (each ${ruleText(rule.item)})`;
    }
    case 'anyOf':
      return rule.rules.map(ruleText).join(', or ');
    default:
      return `${article(rule.of)} ${rule.of}`;
  }
}

/** The defaults of `rules`, by name. */
export function defaultsOf(rules: OptionRules): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => ('default' in rule ? [[name, rule.default]] : [])),
  );
}

/** `options`, checked, with the defaults of `rules`: what a function that takes an options object begins with. */
export function resolveOptions<const R extends OptionRules>(
  where: string,
  options: unknown,
  rules: R,
): ResolvedOptions<R> {
  return { ...defaultsOf(rules), ...checkOptions(where, options, rules) } as ResolvedOptions<R>;
}

export const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/** As {@link show}, for the tables of the docs. */
export const defaultText = (rule: OptionRule): string =>
  'default' in rule ? show(rule.default) : rule.optional ? 'none' : 'required';
