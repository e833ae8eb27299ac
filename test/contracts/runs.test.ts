// Training with each kind: the same seed gives the same bits, from a description, from its JSON, in a worker, interrupted and
// resumed; and what is saved of a model is all that it needs.
import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { type Description, factoryOf, fromJson, type Kind, withDefaults } from '../../src/errors/index.ts';
import type { FitState } from '../../src/train/index.ts';
import { sequential as remote } from '../../src/worker/index.ts';
import { catalog } from '../catalog.ts';
import { threadlessWorker } from '../worker/thread.ts';
import { eachEngine } from './engines.ts';
import { allSamples } from './samples.ts';
import { outcome, type Training, trainings, withModel } from './training.ts';

describe.each(eachEngine)('on %s', (_engine, engine) => {
  const { backend, numerics } = engine.info;

  describe.each(allSamples)('$kind $title', ({ kind, description }) => {
    const runs = trainings(kind, description);

    test('the same seed gives the same bits, another seed others', async () => {
      for (const run of runs) {
        const first = await outcome(run, engine);
        // In an engine of its own, whose memory nobody has used.
        expect(await outcome(run, createEngine({ backend, numerics }))).toEqual(first);
        const other = await outcome({ ...run, model: { ...run.model, seed: 8 } }, engine);
        expect(other.weights).not.toEqual(first.weights);
        expectSound(first, run);
      }
    });

    test('its JSON is the same description, and trains to the same bits', async () => {
      const again = fromJson(kind, JSON.parse(JSON.stringify(description)), catalog) as Description;
      expect(again).toEqual(description);
      expect(JSON.stringify(again)).toBe(JSON.stringify(description));
      expect(Object.isFrozen(again)).toBe(true);
      expect(factoryOf(again)).toBe(factoryOf(description));
      const whole = withDefaults(description);
      expect(withDefaults(fromJson(kind, JSON.parse(JSON.stringify(whole)), catalog))).toEqual(whole);
      const fromWhole = trainings(kind, fromJson(kind, whole, catalog) as Description);
      for (const [i, run] of trainings(kind, again).entries()) {
        const expected = await outcome(runs[i], engine);
        expect(await outcome(run, engine)).toEqual(expected);
        expect(await outcome(fromWhole[i], engine)).toEqual(expected);
      }
    });

    test('a worker gives the same bits', async () => {
      for (const run of runs) {
        const expected = await outcome(run, engine);
        const model = await remote({ ...run.model, engine: { backend, numerics }, worker: threadlessWorker });
        const history = await model.fit(run.data, run.fit);
        expect(history).toEqual(expected.history);
        expect(await model.getWeights()).toEqual(expected.weights);
        expect(await model.evaluate(run.data)).toEqual(expected.evaluation);
        expect(await model.predict(run.data.x)).toEqual(expected.predictions);
        model.dispose();
      }
    });

    test('a fit that goes on from a checkpoint gives the same bits, from every epoch', async () => {
      for (const run of runs) {
        const states: FitState[] = [];
        const save = (state: FitState) => void states.push(deserialize(serialize(state)));
        const expected = await outcome(run, engine, { checkpoint: { save } });
        expect(states.length).toBeGreaterThan(0);
        for (const [i, resume] of states.entries()) {
          const later: FitState[] = [];
          const checkpoint = { save: (state: FitState) => void later.push(deserialize(serialize(state))) };
          expect(await outcome(run, engine, { resume, checkpoint })).toEqual(expected);
          expect(later).toEqual(states.slice(i + 1));
        }
      }
    });

    test('getWeights and setWeights carry all that predictions depend on', async () => {
      for (const run of runs) {
        const { weights, evaluation, predictions } = await outcome(run, engine);
        await withModel({ ...run, model: { ...run.model, seed: 8 } }, engine, (model) => {
          expect(model.evaluate(run.data)).not.toEqual(evaluation);
          model.setWeights(weights);
          expect(model.getWeights()).toEqual(weights);
          expect(model.evaluate(run.data)).toEqual(evaluation);
          expect(model.predict(run.data.x)).toEqual(predictions);
        });
      }
    });
  });
});

/** What holds of every history. */
function expectSound({ history, weights }: Awaited<ReturnType<typeof outcome>>, { fit }: Training): void {
  const { epochs, bestEpoch, stopReason, ...series } = history;
  expect(epochs).toBeGreaterThan(0);
  expect(stopReason).toBe(epochs < fit.epochs ? 'stopped' : 'completed');
  expect(bestEpoch).toBeGreaterThan(0);
  for (const [name, values] of Object.entries(series)) {
    expect(values, name).toHaveLength(epochs);
    expect(values.every(Number.isFinite), name).toBe(true);
  }
  for (const [i, loss] of history.trainLoss.entries()) {
    expect(loss).toBeGreaterThanOrEqual(history.trainDataLoss[i]);
    expect(history.valLoss[i]).toBeGreaterThanOrEqual(history.valDataLoss[i]);
  }
  for (const { data } of weights) expect(data.every(Number.isFinite)).toBe(true);
}

const allKinds = Object.keys(catalog) as Kind[];
test('every kind is trained with', () => {
  expect([...new Set(allSamples.map(({ kind }) => kind))].sort()).toEqual(allKinds.sort());
});
