// Every kind that is registered is tested: it has samples, they give each of its options a value, and it has a reference.
import { describe, expect, test } from 'vitest';
import { type AnyFactory, factoryOf } from '../../src/errors/index.ts';
import { catalog } from '../catalog.ts';
import { references } from './reference/index.ts';
import { type Kind, samples } from './samples.ts';

const kinds = Object.entries(catalog) as [Kind, readonly AnyFactory[]][];

test('the catalog has every kind', () => {
  expect(Object.keys(catalog).sort()).toEqual(Object.keys(samples).sort());
  for (const [, factories] of kinds) expect(factories.length).toBeGreaterThan(0);
});

describe.each(kinds)('%s', (kind, factories) => {
  const types = factories.map(({ definition }) => definition.type);

  test('types are different, and say what they are', () => {
    expect(new Set(types).size).toBe(types.length);
    for (const factory of factories) {
      expect(factory.kind).toBe(kind);
      expect(factory.name).toBe(factory.definition.type);
      expect(factory.definition.describe, factory.definition.type).toMatch(/\S/);
      for (const [option, { describe: text }] of Object.entries(factory.definition.options)) {
        expect(text, `${factory.definition.type}.${option}`).toMatch(/\S/);
      }
    }
  });

  test('each type has samples and a reference, and nothing else has', () => {
    expect(Object.keys(samples[kind]).sort()).toEqual([...types].sort());
    expect(Object.keys(references[kind]).sort()).toEqual([...types].sort());
  });

  test.each(factories.map((factory) => [factory.definition.type, factory] as const))(
    'the samples of %s are its own and give every option a value',
    (type, factory) => {
      const own = samples[kind][type] ?? [];
      expect(own.length).toBeGreaterThan(0);
      for (const sample of own) expect(factoryOf(sample)).toBe(factory);
      const given = new Set(own.flatMap((sample) => Object.keys(sample)));
      expect(Object.keys(factory.definition.options).filter((option) => !given.has(option))).toEqual([]);
    },
  );
});
