// The schema of a spec: zod made from the rules of options, so that all problems are found at once, each with its path. The message of a schema is its rule ("must be …"), on a second line what to do instead; see
// problems.ts.
// Not `{ z }`, anywhere: Parcel loses that object, and esbuild then bundles every language of zod's messages with it.
import * as z from 'zod';
import { catalog as builtIn } from '../catalog/index.ts';
import {
  type AnyFactory,
  article,
  boundsOf,
  type Catalog,
  checkCatalog,
  defaultsOf,
  defaultText,
  type Interval,
  type JointRule,
  type KindRange,
  type OptionRule,
  type OptionRules,
  ruleText,
} from '../errors/index.ts';
import { withAllKinds } from './kinds.ts';
import { type ExperimentSpec, partial, settingRules, specRules, sweepRules } from './spec.ts';

/** What {@link schemaOf} returns. */
export interface SpecSchema {
  spec: z.ZodType<ExperimentSpec>;
  sweep: z.ZodType<NonNullable<ExperimentSpec['sweep']>>;
  /** The parts of {@link settingRules}. */
  settings: Record<keyof typeof settingRules, z.ZodType>;
  /** The schema of any rule. */
  of: (rule: OptionRule) => z.ZodType;
}

const made = new WeakMap<Catalog, SpecSchema>();

let open: SpecSchema | undefined;

/** The shape of a spec alone, for results of others: kinds have a type, their options are not known, and texts may be any. */
export function openSchema(): SpecSchema {
  open ??= build(undefined);
  return open;
}

/** The schemas of a spec that may use the kinds of `catalog`. */
export function schemaOf(catalog: Catalog = builtIn): SpecSchema {
  checkCatalog('the experiment spec', catalog);
  const known = made.get(catalog) ?? build(catalog);
  made.set(catalog, known);
  return known;
}

function build(catalog: Catalog | undefined): SpecSchema {
  const make = new SchemaMaker(catalog);
  const own = make.shape(specRules);
  const sweep = sweepSchema(make);
  const { variants, seeds } = own;
  const spec = strict({
    ...own,
    variants: variants.superRefine((value, context) => {
      const labels = (value as ExperimentSpec['variants']).map(({ label }) => label);
      for (const [i, first] of repeated(labels))
        problem(context, [i, 'label'], `different from variants[${first}].label`);
    }),
    seeds: seeds.superRefine((value, context) => {
      if (!Array.isArray(value)) return;
      for (const [i, first] of repeated(value)) problem(context, [i], `different from seeds[${first}]`);
    }),
    sweep: sweep.exactOptional(),
  });
  return {
    spec: spec as unknown as SpecSchema['spec'],
    sweep: sweep as unknown as SpecSchema['sweep'],
    settings: make.shape(settingRules) as SpecSchema['settings'],
    of: (rule) => make.schema(rule),
  };
}

function sweepSchema(make: SchemaMaker): z.ZodType {
  const { gridRange, randomRange, random, space } = sweepRules;
  const values = z.array(z.json(), 'a list that is not empty').min(1, 'a list that is not empty');
  const parameters = (range: OptionRules) =>
    z
      .record(z.string(), z.union([values, strict(make.shape(range))], 'list from'), 'an object')
      .describe("Values by path, such as 'network.l2'");
  return z
    .discriminatedUnion(
      'type',
      [
        strict({
          type: z.literal('grid'),
          parameters: parameters(gridRange),
        }),
        strict({
          type: z.literal('random'),
          ...make.shape({ ...random, ...partial(space) }),
          parameters: parameters(randomRange).exactOptional(),
        }),
      ],
      { error: ({ code }) => (code === 'invalid_union' ? "one of 'grid', 'random'" : 'an object') },
    )
    .describe('Every variant is trained at every point that concerns it');
}

/** Makes schemas of rules; kinds are looked up in a catalog. */
class SchemaMaker {
  readonly #catalog: Catalog | undefined;
  readonly #kinds = new Map<string, z.ZodType>();

  constructor(catalog: Catalog | undefined) {
    this.#catalog = catalog && withAllKinds(catalog);
  }

  /** The schemas of the options of an object. */
  shape(rules: OptionRules): Record<string, z.ZodType> {
    return Object.fromEntries(
      Object.entries(rules).map(([name, rule]) => {
        const schema = this.schema(rule);
        const hint = 'default' in rule ? `Default ${defaultText(rule)}` : '';
        const text = [rule.describe, hint].filter(Boolean).join('. ');
        const described = text ? schema.describe(text) : schema;
        return [name, mayBeAbsent(rule) ? described.exactOptional() : described];
      }),
    );
  }

  schema(rule: OptionRule): z.ZodType {
    const text = message(ruleText(rule), rule.remedy);
    switch (rule.form) {
      case 'number':
        return numberSchema(rule.interval, text);
      case 'integer': {
        const schema = z.int(text);
        const above = rule.min === Number.NEGATIVE_INFINITY ? schema : schema.min(rule.min, text);
        return rule.max === Number.POSITIVE_INFINITY ? above : above.max(rule.max, text);
      }
      case 'boolean':
        return z.boolean(text);
      case 'text':
        return rule.pattern && this.#catalog ? z.string(text).regex(rule.pattern, text) : z.string(text);
      case 'null':
        return z.null(text);
      case 'oneOf':
        return rule.choices.length === 1 ? z.literal(rule.choices[0], text) : z.enum(rule.choices, text);
      case 'vector':
        return z.array(numberSchema(rule.interval, text), 'a list');
      case 'list': {
        const short = rule.minLength > 0 && rule.maxLength > rule.minLength ? 'a list that is not empty' : 'a list';
        const words = rule.minLength === rule.maxLength ? `a list of ${rule.minLength}` : short;
        const schema = z.array(this.schema(rule.item), words).min(rule.minLength, words);
        return Number.isFinite(rule.maxLength) ? schema.max(rule.maxLength, words) : schema;
      }
      case 'record':
        return z.record(z.string(), this.schema(rule.item), text);
      case 'object':
        return joined(strict(this.shape(rule.rules)), rule.rules, rule.check);
      case 'anyOf':
        return this.#anyOf(rule.rules.filter(({ form }) => form !== 'instance'));
      case 'kind':
        return this.#kind(rule);
      default:
        return z.never(text);
    }
  }

  /** Values are distinguished by their type, by the value of a key that has a fixed one in each, or by a key of one alone. */
  #anyOf(rules: readonly OptionRule[]): z.ZodType {
    if (rules.length === 1) return this.schema(rules[0]);
    const key = discriminator(rules);
    const schemas = rules.map((rule) => this.schema(rule));
    return key === undefined ? z.union(schemas, rules.map(label).join(' ')) : variantBy(key, schemas as z.ZodObject[]);
  }

  /** A description by its type, or where the rule says so by its name alone. Once for each kind: kinds may hold kinds. */
  #kind({ of, known, named }: KindRange): z.ZodType {
    if (!this.#catalog) return z.union([z.string(), z.looseObject({ type: z.string() })]);
    const factories = (this.#catalog[of] ?? []) as readonly AnyFactory[];
    const own = `Where it is ${article(of)} ${of} of your own, name the module that defines it in 'modules'.`;
    if (!this.#kinds.has(of)) {
      const schemas = () => factories.map(({ definition }) => this.#description(definition, factories));
      this.#kinds.set(
        of,
        z.lazy(() => variantBy('type', schemas(), own)),
      );
    }
    const description = this.#kinds.get(of) as z.ZodType;
    // Where a rule knows the names of some, those of the user's own kinds are meant, too.
    const others = new Set<unknown>(named ? [] : withAllKinds(builtIn)[of]);
    const byName = named || known.length > 0 ? factories.filter((factory) => !others.has(factory)) : [];
    const names = [
      ...(named ? [] : known).map(({ definition }) => definition.type),
      ...byName.filter(({ definition }) => needsNothing(definition.options)).map(({ definition }) => definition.type),
      ...(Array.isArray(named) ? named : []),
    ];
    if (names.length === 0) return description;
    const text = message(ruleText({ form: 'oneOf', choices: names }), own);
    return z.union([z.enum(names, text), description], 'text type');
  }

  #description({ type, options, check }: AnyFactory['definition'], siblings: readonly AnyFactory[]): z.ZodObject {
    const hint = (key: string) => {
      const others = siblings.filter(({ definition }) => Object.hasOwn(definition.options, key));
      return others.length > 0
        ? `It is an option of ${others.map((other) => `'${other.definition.type}'`).join(', ')}.`
        : '';
    };
    const schema = strict({ type: z.literal(type), ...this.shape(options) }, hint);
    return joined(schema, options, check as JointRule<OptionRules> | undefined) as z.ZodObject;
  }
}

const mayBeAbsent = (rule: OptionRule) => 'default' in rule || rule.optional;

const needsNothing = (rules: OptionRules) => Object.values(rules).every(mayBeAbsent);

/** An object with the keys of `shape` and no others. `hint` says of another key where it would belong. */
function strict(shape: z.core.$ZodLooseShape, hint: (key: string) => string = () => ''): z.ZodObject {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? [known, ...issue.keys.map(hint)].join('\n') : 'an object'),
  });
}

/** Adds a rule that joins several options. */
function joined(schema: z.ZodObject, rules: OptionRules, check: JointRule<OptionRules> | undefined): z.ZodType {
  if (!check) return schema;
  return schema.check(({ value, issues }) => {
    // Options that are wrong one by one need not be looked at together.
    const found = issues.length === 0 && check({ ...defaultsOf(rules), ...value } as never);
    if (!found) return;
    const { option, rule, remedy } = found;
    issues.push({ code: 'custom', path: [option], message: message(rule, remedy), input: value[option] });
  });
}

const message = (rule: string, remedy?: string) => (remedy ? `${rule}\n${remedy}` : rule);

function problem(context: z.core.$RefinementCtx, path: PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}

/** One of several objects, distinguished by the value of `key`. */
function variantBy(key: string, options: readonly z.ZodObject[], remedy?: string): z.ZodType {
  const choices = options.map(({ shape }) => (shape[key] as z.ZodLiteral).value);
  const rule = message(`one of ${choices.map((choice) => `'${choice}'`).join(', ')}`, remedy);
  return z.discriminatedUnion(key, options as [z.ZodObject, ...z.ZodObject[]], {
    error: ({ code }) => (code === 'invalid_union' ? rule : 'an object'),
  });
}

/** The key that has one fixed value in each of several objects. */
function discriminator(rules: readonly OptionRule[]): string | undefined {
  const keys = rules.map((rule) => {
    if (rule.form !== 'object') return undefined;
    return Object.entries(rule.rules).find(([, own]) => own.form === 'oneOf' && own.choices.length === 1)?.[0];
  });
  return keys.every((key) => key === keys[0]) ? keys[0] : undefined;
}

/** What distinguishes a value of `rule` from others: its type, or a key that it must have. */
function label(rule: OptionRule): string {
  if (rule.form === 'object') return Object.keys(rule.rules).find((key) => !mayBeAbsent(rule.rules[key])) as string;
  return rule.form === 'anyOf' ? label(rule.rules[0]) : (labels[rule.form] ?? 'text');
}

const labels: { readonly [F in OptionRule['form']]?: string } = {
  ...{ list: 'list', vector: 'list', number: 'number', integer: 'number' },
  ...{ record: 'object', kind: 'type', null: 'null' },
};

function numberSchema(interval: Interval, rule: string): z.ZodNumber {
  const [low, high] = boundsOf(interval);
  let schema = z.number(rule);
  if (Number.isFinite(low)) schema = interval.startsWith('[') ? schema.gte(low, rule) : schema.gt(low, rule);
  if (Number.isFinite(high)) schema = interval.endsWith(']') ? schema.lte(high, rule) : schema.lt(high, rule);
  return schema;
}

/** Index of each item that equals an earlier one, with the index of the first. */
export function* repeated(items: readonly unknown[]): Generator<[index: number, first: number]> {
  const first = new Map<unknown, number>();
  for (const [i, item] of items.entries()) {
    const key = JSON.stringify(item);
    const same = first.get(key);
    if (same === undefined) first.set(key, i);
    else yield [i, same];
  }
}
