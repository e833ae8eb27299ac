// The examples: valid for the editor and for Regulus, and they run.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../src/cli/load-spec.ts';
import { type ExperimentSpec, expand, runExperiment, specJsonSchema } from '../../src/experiment/index.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const names = readdirSync(folder).filter((name) => /\.(json|ts)$/.test(name));
const valid = new Ajv({ strictTuples: false, allowUnionTypes: true }).compile(specJsonSchema());

/** The example with one epoch and one seed. */
function shortened(spec: ExperimentSpec): ExperimentSpec {
  const variants = spec.variants.map(({ training, ...own }) => ({ ...own, training: { ...training, epochs: 1 } }));
  return { ...spec, variants, seeds: [1] };
}

describe.each(names)('examples/%s', (name) => {
  it('is valid', async () => {
    const { spec } = await loadSpec(folder + name);
    expect(valid(spec), JSON.stringify(valid.errors)).toBe(true);
    if (!name.endsWith('.json')) return;
    const written = JSON.parse(readFileSync(folder + name, 'utf8'));
    expect(written.$schema).toBe('../dist/regulus.schema.json');
    expect(valid(written), JSON.stringify(valid.errors)).toBe(true);
  });

  it('runs', async () => {
    const spec = shortened((await loadSpec(folder + name)).spec);
    const { results } = await runExperiment(spec);
    expect(results.trials).toHaveLength(expand(spec).length);
    for (const { test } of results.trials) expect(test.accuracy).toBeGreaterThan(0);
  });
});

it('there are examples of folds, of both sweeps and of a module', () => {
  expect(names.toSorted()).toEqual([
    'breast-cancer.json',
    'circles.json',
    'dropout-random.json',
    'l2-grid.json',
    'regulus.config.ts',
  ]);
});
