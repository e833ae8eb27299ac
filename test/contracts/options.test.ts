// Options of every kind: each refuses what its rule does not allow, with the option's name, the rule and the value.
import { describe, expect, test } from 'vitest';
import { type AnyFactory, fromJson, ParameterError, show } from '../../src/errors/index.ts';
import { catalog } from '../catalog.ts';
import { badValues } from './bad-values.ts';
import { type Kind, samples } from './samples.ts';

const all = (Object.entries(catalog) as [Kind, readonly AnyFactory[]][]).flatMap(([kind, factories]) =>
  factories.map((factory) => [`${kind} ${factory.definition.type}`, kind, factory] as const),
);

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isJson = (value: unknown) =>
  isObject(value) || Array.isArray(value) || value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The error that `make` throws. */
function errorOf(make: () => unknown): Error {
  try {
    const made = make();
    throw new Error(`There was no error, but ${show(made)}.`);
  } catch (error) {
    return error as Error;
  }
}

describe.each(all)('%s', (_title, kind, factory) => {
  const { type, options, shorthand } = factory.definition;
  const { type: _, ...good } = samples[kind][type][0] as { type: string } & Record<string, unknown>;

  test.each(Object.keys(options))('%s', (option) => {
    const bad = badValues(options[option]);
    expect(bad.length).toBeGreaterThan(5);
    for (const { value, rule, item = '' } of bad) {
      const named = show(item ? (value as unknown[])[0] : value);
      const start = `The '${option}${item}' parameter of ${type} must be ${rule}`;
      const makers = [() => factory({ ...good, [option]: value })];
      const isOptions = isObject(value) && !('type' in (value as object));
      if (shorthand === option && !isOptions) makers.push(() => factory(value));
      for (const make of makers) {
        const error = errorOf(make);
        expect(error, named).toBeInstanceOf(ParameterError);
        expect(error.message.startsWith(start), `${error.message} ≠ ${start}`).toBe(true);
        expect(error.message).toContain(`Got ${named} instead.`);
      }
    }
  });

  test('a missing or unknown option, and what are no options', () => {
    for (const [option, rule] of Object.entries(options)) {
      const { [option]: __, ...without } = good;
      if ('default' in rule || rule.optional) {
        expect(() => factory(without)).not.toThrow();
        expect(factory({ ...without, [option]: undefined })).toEqual(factory(without));
      } else {
        const error = errorOf(() => factory(without));
        expect(error).toBeInstanceOf(ParameterError);
        expect(error.message).toMatch(new RegExp(`^The '${option}' parameter of ${type} must be .* Got undefined`));
      }
      const misspelt = `${option}s`;
      expect(errorOf(() => factory({ ...good, [misspelt]: 1 })).message).toBe(
        `Unknown option '${misspelt}' of ${type}. Did you mean '${option}'?`,
      );
      if (shorthand !== undefined) {
        expect(errorOf(() => factory(good[shorthand], { [misspelt]: 1 }))).toBeInstanceOf(ParameterError);
      }
    }
    for (const options of [[], ...(shorthand === undefined ? ['text', 3, true, null] : [])]) {
      expect(errorOf(() => factory(options))).toBeInstanceOf(ParameterError);
    }
    expect(errorOf(() => factory(good, {})).message).toMatch(new RegExp(`^The options of ${type} must be an object`));
    expect(errorOf(() => fromJson(kind, { type, nothing: 1 }, catalog)).message).toMatch(
      new RegExp(`^Unknown option 'nothing' of ${type}\\.`),
    );
  });

  test('JSON is refused with the same words', () => {
    for (const [option, rule] of Object.entries(options)) {
      if (rule.form === 'kind' || (rule.form === 'list' && rule.item.form === 'kind')) continue;
      const lookedUp = rule.form === 'anyOf' && rule.rules.some(({ form }) => form === 'kind');
      for (const { value, rule: text, item = '' } of badValues(rule)) {
        if (!isJson(value) || (lookedUp && (typeof value === 'string' || isObject(value)))) continue;
        const error = errorOf(() => fromJson(kind, { type, ...good, [option]: value }, catalog));
        expect(error).toBeInstanceOf(ParameterError);
        expect(
          error.message.startsWith(`The '${option}${item}' parameter of ${type} must be ${text}`),
          error.message,
        ).toBe(true);
      }
    }
  });
});

test.each(Object.keys(catalog) as Kind[])('a %s of an unknown type is named, with what to do', (kind) => {
  const { type } = Object.values(samples[kind])[0][0];
  expect(errorOf(() => fromJson(kind, { type: `${type}s` }, catalog)).message).toBe(
    `Unknown ${kind} '${type}s' of ${kind}FromJson. Did you mean '${type}'? ` +
      `Name the module of your own ${kind} in 'modules', or add it with extendCatalog.`,
  );
  for (const json of [null, undefined, 3, 'text', [], {}, { type: 3 }]) {
    const error = errorOf(() => fromJson(kind, json, catalog));
    expect(error).toBeInstanceOf(ParameterError);
    expect(error.message).toMatch(
      new RegExp(`^The '${kind}' parameter of ${kind}FromJson must be an? ${kind} with a 'type'`),
    );
  }
});
