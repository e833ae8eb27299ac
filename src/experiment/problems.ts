// Turns what the schema finds wrong into sentences: path, rule, value received, and what was perhaps meant.
import type * as z from 'zod';
import { didYouMean, fail, type ParameterError, shorten } from '../errors/index.ts';
import { valueAt } from './paths.ts';

export const where = 'the experiment spec';

/**
 * A broken rule as the schema tells it. `message` is the rule ("must be …"), with what to do instead on a second line; where
 * keys are unknown, the known ones, then a line for each unknown one; where a value has none of several forms, what
 * distinguishes the forms.
 */
export type Issue = z.core.$ZodIssue;

/** Something that is wrong, as a function that writes its sentence: there may be thousands, and only the first are shown. */
export type Problem = () => string;

/** What is wrong with `value` by `schema`. */
export function problemsOf(schema: z.ZodType, value: unknown): Problem[] {
  // Compiled parsers would need `unsafe-eval` where a page has a Content Security Policy.
  return problemsIn(schema.safeParse(value, { jitless: true }).error?.issues ?? [], value);
}

/** The problems behind the issues that a schema has found in `root`, or in what is `at` a path of it. */
export function problemsIn(issues: readonly Issue[], root: unknown, at: readonly PropertyKey[] = []): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue({ ...issue, path: [...at, ...issue.path] }, root));
}

function problemsOfIssue(issue: Issue, root: unknown): Problem[] {
  const { path, message } = issue;
  const value = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    const [known, ...hints] = message.split('\n');
    return issue.keys.map((key, i) => () => unknownKey(key, path, known.split(' '), hints[i]));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return wrongKind(issue, value, root);
  const [rule, remedy] = message.split('\n');
  const choices = rule.startsWith('one of ') ? Array.from(rule.matchAll(/'([^']*)'/g), ([, choice]) => choice) : [];
  return [broken(path, rule, value, didYouMean(value, choices) || remedy)];
}

/** The problem that `value` breaks a rule. */
export const broken =
  (path: readonly PropertyKey[], rule: string, value: unknown, remedy = ''): Problem =>
  () => {
    try {
      return fail(where, pathText(path) || '(whole)', rule, value, remedy);
    } catch (error) {
      // JSON has no `undefined`: there it means that the key is missing.
      return (error as ParameterError).message.replace('Got undefined instead.', 'It is missing.');
    }
  };

function unknownKey(key: string, path: readonly PropertyKey[], known: readonly string[], hint: string): string {
  const remedy = hint || didYouMean(key, known) || `Known options: ${known.join(', ')}.`;
  return `Unknown option '${shorten(key)}' of ${pathText(path) || where}. ${remedy}`;
}

type WrongKind = Extract<Issue, { errors: Issue[][] }>;

/** Speaks of the one kind that was meant, where that can be told. */
function wrongKind({ path, message, errors }: WrongKind, value: unknown, root: unknown): Problem[] {
  const kinds = message.split(' ');
  const meant = kinds.flatMap((kind, i) => (isOfKind(kind, value) ? [i] : []));
  const inside = ([i]: number[]) => problemsIn(errors[i], root, path);
  if (meant.length === 1) return inside(meant);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const keys = kinds.filter((kind) => !(kind in typeRules)).map((key) => `'${key}'`);
  if (!isObject && keys.length === kinds.length) return inside([0]);
  const only = meant.length > 1 ? 'only ' : '';
  const object = `an object with ${only}${keys.length > 1 ? 'one of the keys' : 'the key'} ${keys.join(', ')}`;
  const types = kinds.flatMap((kind) => typeRules[kind] ?? []);
  const hints = isObject && !only ? Object.keys(value).map((key) => didYouMean(key, kinds)) : [];
  const rule = [...types, ...(keys.length > 0 ? [object] : [])].join(' or ');
  return [broken(path, rule, value, hints.find(Boolean))];
}

const typeRules: Readonly<Record<string, string>> = {
  list: 'a list',
  number: 'a number',
  text: 'a text',
  object: 'an object',
};

function isOfKind(kind: string, value: unknown): boolean {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'number') return typeof value === 'number';
  if (typeof value !== 'object' || value === null) return false;
  return kind === 'object' ? !Array.isArray(value) : Object.hasOwn(value, kind);
}

/** As `variants[2].network.l1`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = shorten(String(key));
    if (!/^[\w$]+$/.test(name)) return `${text}["${name}"]`;
    return text ? `${text}.${name}` : name;
  }, '');
}
