// The paths that a sweep can change, such as `network.l2` or `network.layers[1].rate`, found in the schema.
import * as z from 'zod';
import { didYouMean, ParameterError } from '../errors/index.ts';
import { where } from './problems.ts';
import { sections } from './schema.ts';
import { shortPath } from './trial-name.ts';

/** Not swept: files are pinned before trials are planned, and every trial of an experiment has the same folds. */
const fixed = /^(split\.folds|dataset\.(csv|npy|npz|sha256)\b)/;

/** Rules of the value at a path; several where kinds share a key. Indices are written `[0]`. */
let rules: Map<string, z.ZodType[]> | undefined;

function parameterRules(): Map<string, z.ZodType[]> {
  if (!rules) {
    const found = new Map<string, z.ZodType[]>();
    for (const [name, section] of Object.entries(sections)) collect(section, name, found);
    rules = found;
  }
  return rules;
}

function collect(schema: z.core.$ZodType, path: string, found: Map<string, z.ZodType[]>): void {
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional) collect(schema.unwrap(), path, found);
  else if (schema instanceof z.ZodUnion) for (const option of schema.options) collect(option, path, found);
  else if (schema instanceof z.ZodArray) collect(schema.element, `${path}[0]`, found);
  else if (schema instanceof z.ZodObject) {
    for (const [key, value] of Object.entries(schema.shape)) collect(value, `${path}.${key}`, found);
  } else if (!(schema instanceof z.ZodBoolean || schema instanceof z.ZodTuple || fixed.test(path))) {
    // What is left holds a number or a text, as the values of points do.
    found.set(path, [...(found.get(path) ?? []), schema as z.ZodType]);
  }
}

/** Which path may have been meant: one that looks alike, or ends alike, as `network.l2` for `l2`. */
export function suggestPath(path: string): string {
  const paths = [...parameterRules().keys()];
  const byName = new Map(paths.toReversed().map((known) => [shortPath(known), known]));
  return (
    didYouMean(path, paths) ||
    didYouMean(shortPath(path), [...byName.keys()]).replace(/'(.*)'/, (_, name) => `'${byName.get(name)}'`) ||
    "Paths lead to one number or text, as 'network.l2' or 'training.optimizer.learningRate' do."
  );
}

/** Whether a sweep can change what is at `path`. */
export function isParameter(path: string): boolean {
  return rulesAt(path).length > 0;
}

/** The rule that `value` breaks at `path`, or undefined. */
export function brokenRule(path: string, value: unknown): string | undefined {
  const [first, ...others] = rulesAt(path).map((rule) => rule.safeParse(value, { jitless: true }));
  return [first, ...others].some(({ success }) => success) ? undefined : first.error?.issues[0].message;
}

/** Whether the values at `path` are integers. */
export function isInteger(path: string): boolean {
  return rulesAt(path).every((rule) => rule instanceof z.ZodNumber && rule.isInt);
}

function rulesAt(path: string): z.ZodType[] {
  return parameterRules().get(path.replace(/\[\d+\]/g, '[0]')) ?? [];
}

/** A copy of `object` with `value` at `path`; objects on the way are copied, or made where they are missing. */
export function withValue<T extends object>(object: T, path: string, value: unknown): T {
  const keys = path.split(/[.[\]]+/).filter(Boolean);
  const change = (node: unknown, depth: number): unknown => {
    if (depth === keys.length) return value;
    const key = keys[depth];
    if (!/^\d+$/.test(key)) {
      const parent = node as Record<string, unknown> | undefined;
      return { ...parent, [key]: change(parent?.[key], depth + 1) };
    }
    const index = Number(key);
    if (!Array.isArray(node) || index >= node.length) {
      throw new ParameterError(`A sweep cannot add an item: there is none at '${path}' in ${where}.`);
    }
    return node.with(index, change(node[index], depth + 1));
  };
  return change(object, 0) as T;
}
