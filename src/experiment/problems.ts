// Turns what the schema finds wrong into sentences: path, rule, value received, and what was perhaps meant.
import type * as z from 'zod';
import { didYouMean, fail, type ParameterError } from '../errors/index.ts';

export const where = 'the experiment spec';

/**
 * A broken rule as the schema tells it. `message` is the rule ("must be …"); where keys are unknown, the known ones; where
 * a value is of none of several kinds, the kinds (see schema-rules).
 */
export type Issue = z.core.$ZodIssue;

/** What is wrong with `value` by `schema`, one sentence each. */
export function problemsOf(schema: z.ZodType, value: unknown): string[] {
  // Compiled parsers would need `unsafe-eval` where a page has a Content Security Policy.
  return sentences(schema.safeParse(value, { jitless: true }).error?.issues ?? [], value);
}

export function sentences(issues: readonly Issue[], root: unknown): string[] {
  return [...new Set(issues.flatMap((issue) => sentence(issue, root)))];
}

function sentence(issue: Issue, root: unknown): string[] {
  const { path, message } = issue;
  const value = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, message.split(' ')));
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return wrongKind(issue, value, root);
  const choices = message.startsWith('one of ')
    ? Array.from(message.matchAll(/'([^']*)'/g), ([, choice]) => choice)
    : [];
  const remedy = issue.code === 'custom' ? issue.params?.remedy : didYouMean(value, choices);
  return [broken(path, message, value, remedy)];
}

/** The sentence for a broken rule. */
export function broken(path: readonly PropertyKey[], rule: string, value: unknown, remedy = ''): string {
  try {
    return fail(where, pathText(path) || '(whole)', rule, value, remedy);
  } catch (error) {
    // JSON has no `undefined`: there it means that the key is missing.
    return (error as ParameterError).message.replace('Got undefined instead.', 'It is missing.');
  }
}

function unknownKey(key: string, path: readonly PropertyKey[], known: readonly string[]): string {
  return `Unknown option '${key}' of ${pathText(path) || where}. ${didYouMean(key, known) || `Known options: ${known.join(', ')}.`}`;
}

type WrongKind = Extract<Issue, { errors: Issue[][] }>;

/** Speaks of the one kind that was meant, where that can be told. */
function wrongKind({ path, message, errors }: WrongKind, value: unknown, root: unknown): string[] {
  const kinds = message.split(' ');
  const meant = kinds.flatMap((kind, i) => (isOfKind(kind, value) ? [i] : []));
  const inside = ([i]: number[]) =>
    errors[i].flatMap((issue) => sentence({ ...issue, path: [...path, ...issue.path] }, root));
  if (meant.length === 1) return inside(meant);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const keys = kinds.filter((kind) => !(kind in typeRules)).map((key) => `'${key}'`);
  if (!isObject && keys.length === kinds.length) return inside([0]);
  const only = meant.length > 1 ? 'only ' : '';
  const object = `an object with ${only}${keys.length > 1 ? 'one of the keys' : 'the key'} ${keys.join(', ')}`;
  const types = kinds.flatMap((kind) => typeRules[kind] ?? []);
  const hints = isObject && !only ? Object.keys(value).map((key) => didYouMean(key, kinds)) : [];
  return [broken(path, [...types, ...(keys.length > 0 ? [object] : [])].join(' or '), value, hints.find(Boolean))];
}

const typeRules: Readonly<Record<string, string>> = { list: 'a list', number: 'a number', text: 'a text' };

function isOfKind(kind: string, value: unknown): boolean {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'number') return typeof value === 'number';
  return typeof value === 'object' && value !== null && Object.hasOwn(value, kind);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

/** As `variants[2].network.l1`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\w$]+$/.test(String(key))) return `${text}["${String(key)}"]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, '');
}
