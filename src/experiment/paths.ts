// Paths into a spec, such as `network.l2` or `network.layers[1].rate`: what is there, and what a sweep may put there.
import {
  type AnyFactory,
  type Catalog,
  didYouMean,
  type OptionRule,
  type OptionRules,
  oneOf,
} from '../errors/index.ts';
import { withAllKinds } from './kinds.ts';
import { isMeant, settingRules, specRules } from './spec.ts';
import { shortPath } from './trial-name.ts';

const keysOf = (path: string): string[] => path.split(/[.[\]]+/).filter(Boolean);

/** What is at `path`; undefined where a part of the way is not there. */
export function valueAt(object: unknown, path: string | readonly PropertyKey[]): unknown {
  return (typeof path === 'string' ? keysOf(path) : path).reduce<unknown>((node, key) => {
    const isThere = typeof node === 'object' && node !== null && Object.hasOwn(node, key);
    return isThere ? (node as Record<PropertyKey, unknown>)[key] : undefined;
  }, object);
}

/** Where something must be for `path` to make sense: the object around it, or the item of a list itself. */
export const holderOf = (path: string): string => (path.endsWith(']') ? path : path.replace(/\.?[^.]+$/, ''));

/** Whether something may be at `path`: the object around it is there, and is of a kind that has such an option. */
export function hasPlace(settings: object, path: string, catalog: Catalog): boolean {
  const holder = holderOf(path);
  const around = valueAt(settings, holder);
  if (around === undefined || holder === path) return around !== undefined;
  const key = keysOf(path).at(-1)!;
  const shapes = rulesAt(holder, catalog).flatMap((rule) => shapesOf(rule, catalog, around));
  return shapes.some((rules) => Object.hasOwn(rules, key));
}

/**
 * A copy of `object` with `value` at `path`; null leaves out what is there. Objects on the way that are missing are made, also of the name of a
 * type that stands for one.
 */
export function withValue<T extends object>(object: T, path: string, value: unknown): T {
  const change = (node: unknown, [key, ...keys]: readonly string[]): unknown => {
    if (key === undefined) return value;
    if (Array.isArray(node)) return node.with(Number(key), change(node[Number(key)], keys));
    const whole = (typeof node === 'string' ? { type: node } : node) as Record<string, unknown> | undefined;
    const { [key]: old, ...others } = whole ?? {};
    return value === null && keys.length === 0 ? others : { ...whole, [key]: change(old, keys) };
  };
  return change(object, keysOf(path)) as T;
}

/** The rules of what may be at `path`: several where kinds share an option, none where nothing may be. */
export function rulesAt(path: string, catalog: Catalog): OptionRule[] {
  return keysOf(path).reduce<OptionRule[]>(
    (rules, key) => rules.flatMap((rule) => inside(rule, key, catalog)),
    [{ form: 'object', rules: settingRules }],
  );
}

/** The forms of the values that may be at `path`. */
export function formsAt(path: string, catalog: Catalog): OptionRule['form'][] {
  const formsOf = (rule: OptionRule): OptionRule['form'][] =>
    rule.form === 'anyOf' ? rule.rules.flatMap(formsOf) : [rule.form];
  return rulesAt(path, catalog).flatMap(formsOf);
}

function inside(rule: OptionRule, key: string, catalog: Catalog): OptionRule[] {
  if (rule.form === 'anyOf') return rule.rules.flatMap((choice) => inside(choice, key, catalog));
  if (rule.form === 'list') return /^\d+$/.test(key) ? [rule.item] : [];
  if (rule.form === 'record') return [rule.item];
  return shapesOf(rule, catalog).flatMap((rules) => (Object.hasOwn(rules, key) ? [rules[key]] : []));
}

/** The options of the objects that follow `rule`, or of `value` alone, which does. */
function shapesOf(rule: OptionRule, catalog: Catalog, value?: unknown): OptionRules[] {
  if (rule.form === 'object') return value === undefined || isMeant(rule, value) ? [rule.rules] : [];
  if (rule.form === 'anyOf') return rule.rules.flatMap((choice) => shapesOf(choice, catalog, value));
  if (rule.form !== 'kind') return [];
  const type = typeof value === 'string' ? value : (value as { type?: string } | undefined)?.type;
  const definitions = ((withAllKinds(catalog)[rule.of] ?? []) as readonly AnyFactory[])
    .map(({ definition }) => definition)
    .filter((definition) => value === undefined || definition.type === type);
  return [{ type: oneOf(definitions.map(({ type }) => type)) }, ...definitions.map(({ options }) => options)];
}

/** Which path may have been meant: one that looks alike, or ends alike, as `network.l2` for `l2`. */
export function suggestPath(path: string, catalog: Catalog): string {
  const [first] = keysOf(path);
  // Data and split are the same for all, so no other path was meant.
  const isOfSpec = Object.hasOwn(specRules, first) && !Object.hasOwn(settingRules, first);
  const known = new Set(isOfSpec ? [] : knownPaths('', { form: 'object', rules: settingRules }, catalog, 4));
  const paths = [...known].sort((a, b) => keysOf(a).length - keysOf(b).length);
  const byName = new Map(paths.toReversed().map((known) => [shortPath(known), known]));
  return (
    didYouMean(path, paths) ||
    didYouMean(shortPath(path), [...byName.keys()]).replace(/'(.*)'/, (_, name) => `'${byName.get(name)}'`) ||
    `Paths lead into ${Object.keys(settingRules).join(', ')}, as 'network.l2' and 'training.optimizer.learningRate' do.`
  );
}

/** The paths that lead through `depth` keys at the most, because kinds may hold kinds. */
function knownPaths(path: string, rule: OptionRule, catalog: Catalog, depth: number): string[] {
  if (rule.form === 'list') return [path, ...knownPaths(`${path}[0]`, rule.item, catalog, depth)];
  const shapes = depth > 0 ? shapesOf(rule, catalog) : [];
  const deeper = shapes.flatMap((rules) =>
    Object.entries(rules).flatMap(([key, own]) => knownPaths(path ? `${path}.${key}` : key, own, catalog, depth - 1)),
  );
  return path ? [path, ...deeper] : deeper;
}
