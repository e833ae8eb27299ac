// examples/custom-layer.mjs: kinds that are defined outside the package work wherever its own do.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { type AnyFactory, extendCatalog, factoriesIn, fromJson, type Kind } from '../../src/errors/index.ts';
import { type ExperimentSpec, prepareData } from '../../src/experiment/index.ts';
import { accuracy } from '../../src/metrics/index.ts';
import { dense, relu } from '../../src/nn/index.ts';
import { sequential } from '../../src/train/index.ts';
import { sequential as remote } from '../../src/worker/index.ts';
import { catalog } from '../catalog.ts';
import { packageFolder } from '../runner/own-kinds.ts';
import { toyData } from '../train/data.ts';
import { threadlessWorker } from '../worker/thread.ts';

const file = new URL('../../examples/custom-layer.mjs', import.meta.url);
const own = factoriesIn(Object.values(await import(/* @vite-ignore */ file.href)));
const make = (kind: Kind) => (own as AnyFactory[]).find((factory) => factory.kind === kind)?.() as never;

test('the script has fewer than 60 lines, and gives the same bits in the main thread and in a worker', () => {
  expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThan(60);
  const output = execFileSync(process.execPath, [fileURLToPath(file)], { encoding: 'utf8' });
  const lines = output
    .trim()
    .split('\n')
    .map((line) => /^(main thread|worker) ([0-9a-f]{64}) (\d+)$/.exec(line));
  expect(lines.map((line) => line?.[1])).toEqual(['main thread', 'worker']);
  expect(lines[1]?.[2]).toBe(lines[0]?.[2]);
  expect(lines[1]?.[3]).toBe(lines[0]?.[3]);
  // It learns: of 100 samples, few are still wrong.
  expect(Number(lines[0]?.[3])).toBeLessThan(25);
});

test('it exports a layer, a loss, a metric and an optimizer, and trains nothing when it is imported', () => {
  expect(own.map(({ kind }) => kind).sort()).toEqual(['layer', 'loss', 'metric', 'optimizer']);
});

describe('its kinds', () => {
  const options = () => ({
    inputSize: 4,
    seed: 2,
    layers: [dense(6), make('layer'), relu(), dense(1)],
    loss: make('loss'),
  });
  const fit = () => ({
    epochs: 3,
    optimizer: make('optimizer'),
    metrics: [make('metric')],
    validationData: toyData(30, 4, 1),
  });

  test('train to the same bits in a worker that is told of the module', async () => {
    using here = sequential(options());
    using there = await remote({ ...options(), modules: [file], worker: threadlessWorker });
    const history = await here.fit(toyData(50), fit());
    expect(history.valErrors).toHaveLength(3);
    expect(await there.fit(toyData(50), fit())).toEqual(history);
    expect(await there.getWeights()).toEqual(here.getWeights());
    expect(await there.predict(toyData(50).x)).toEqual(here.predict(toyData(50).x));
    const metrics = [make('metric'), accuracy()];
    expect(await there.evaluate(toyData(50), { metrics })).toEqual(here.evaluate(toyData(50), { metrics }));
  });

  test('train to the same bits through `regulus run` with `modules`', async () => {
    const folder = packageFolder();
    const spec: ExperimentSpec = {
      name: 'own',
      modules: [fileURLToPath(file)],
      dataset: { generator: 'makeMoons', parameters: { nSamples: 100, noise: 0.1 } },
      split: { testSize: 0.2, validationSize: 0.2, randomState: 1 },
      scaling: 'standard',
      network: { layers: [{ type: 'dense', units: 8 }, { type: 'square' }] },
      training: {
        epochs: 5,
        batchSize: 16,
        optimizer: { type: 'signDescent', learningRate: 0.01 },
        loss: 'squaredHinge',
      },
      metric: 'errors',
      variants: [{ label: 'Own' }],
      seeds: [3],
    };
    writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
    execFileSync(process.execPath, ['dist/cli.js', 'run', join(folder, 'spec.json'), '--out', folder, '--quiet']);
    const [trial] = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).trials;

    const known = extendCatalog(catalog, own);
    const { train, validation, test } = prepareData(spec, undefined, known);
    using model = sequential({
      inputSize: 2,
      seed: 3,
      layers: [dense(8), make('layer'), dense(1)],
      loss: make('loss'),
    });
    const optimizer = fromJson('optimizer', spec.training.optimizer, known);
    const metrics = [make('metric')];
    const { epochs, bestEpoch, stopReason, ...series } = await model.fit(train, {
      epochs: 5,
      batchSize: 16,
      optimizer,
      metrics,
      validationData: validation,
    });
    expect([trial.epochs, trial.bestEpoch]).toEqual([epochs, bestEpoch]);
    expect(stopReason).toBe('completed');
    expect(trial.history).toMatchObject(series);
    expect(trial.test.errors).toBe(model.evaluate(test, { metrics }).errors);
  });

  test('are found by an address that is relative to the page', async () => {
    vi.stubGlobal('document', { baseURI: new URL('page.html', file).href });
    try {
      using model = await remote({ ...options(), modules: ['./custom-layer.mjs'], worker: threadlessWorker });
      expect(await model.summary()).toContain('square');
      await expect(remote({ ...options(), modules: './a.mjs' as never, worker: threadlessWorker })).rejects.toThrow(
        'The \'modules\' parameter of sequential must be a list of addresses. Got "./a.mjs" instead.',
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('are unknown to a worker that is not', async () => {
    await expect(remote({ ...options(), worker: threadlessWorker })).rejects.toThrow(
      `Unknown layer 'square' of sequential's layers[1]. Known: ${catalog.layer!.map(({ name }) => name).join(', ')}. ` +
        "Name the module of your own layer in 'modules', or add it with extendCatalog.",
    );
  });

  test('are found in a catalog that has them, and only once', () => {
    const known = extendCatalog(catalog, own);
    for (const factory of own) {
      const description = factory();
      expect(fromJson(factory.kind, JSON.parse(JSON.stringify(description)), known)).toEqual(description);
      expect(() => fromJson(factory.kind, { ...description }, catalog)).toThrow(`Unknown ${factory.kind}`);
    }
    expect(extendCatalog(known, own)).toEqual(known);
  });
});
