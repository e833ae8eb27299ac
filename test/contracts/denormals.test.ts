// Long training on data that the network fits leaves nothing denormal in any array, with each kind: arithmetic with such
// numbers takes a hundred times as long.
import { describe, expect, test } from 'vitest';
import type { Engine, Tensor } from '../../src/backend/index.ts';
import { sgd } from '../../src/optim/index.ts';
import type { Sequential } from '../../src/train/index.ts';
import { eachEngine } from './engines.ts';
import { allSamples } from './samples.ts';
import { type Training, trainings, withModel } from './training.ts';

const LEAST_NORMAL = 2 ** -126;

/** The engine, and a list of all float32 arrays that are made with it from now on. */
function watched({ backend, ...rest }: Engine): { engine: Engine; arrays: Tensor[] } {
  const arrays: Tensor[] = [];
  const float32 = (length: number) => {
    const tensor = backend.float32(length);
    arrays.push(tensor);
    return tensor;
  };
  return { engine: { ...rest, backend: { ...backend, float32 } }, arrays };
}

function countDenormals(arrays: readonly Tensor[]): number {
  let count = 0;
  for (const { data } of arrays) for (const x of data) if (x !== 0 && Math.abs(x) < LEAST_NORMAL) count++;
  return count;
}

/** Trains on what the network predicts, with weights so great that it is certain from the start. */
async function denormalsOf(run: Training, engine: Engine, size: number): Promise<number> {
  const enlarge = (model: Sequential) =>
    model.setWeights(model.getWeights().map((array) => ({ ...array, data: array.data.map((w) => size * w) })));
  const { x } = run.data;
  const y = await withModel(run, engine, (model) => {
    enlarge(model);
    return model.task === 'classification' ? (model.predict(x) as Int32Array) : run.data.y;
  });
  const { engine: own, arrays } = watched(engine);
  const { validationData: _, ...fit } = run.fit;
  return withModel(run, own, async (model) => {
    enlarge(model);
    let count = 0;
    const onEpochEnd = () => {
      count += countDenormals(arrays);
    };
    await model.fit({ x, y }, { ...fit, epochs: 60, onEpochEnd });
    return count;
  });
}

const kinds = ['layer', 'loss', 'optimizer', 'regularizer', 'constraint'];
const chosen = allSamples.filter(({ kind }) => kinds.includes(kind));

describe.each(eachEngine)('on %s', (_engine, engine) => {
  test.each(chosen)('$kind $title', async ({ kind, description }) => {
    for (const run of trainings(kind, description)) {
      // What these losses make of the outputs are powers of e.
      const sizes = ['poisson', 'gaussianNll'].includes(description.type) ? [1, 3] : [1, 10, 20];
      for (const size of sizes) expect(await denormalsOf(run, engine, size)).toBe(0);
    }
  });

  test('weights that decay to nothing become 0', async () => {
    const [run] = trainings('optimizer', sgd({ learningRate: 0.5, weightDecay: 1 }));
    expect(
      await denormalsOf(
        { ...run, data: { ...run.data, x: { ...run.data.x, data: run.data.x.data.fill(0) } } },
        engine,
        1,
      ),
    ).toBe(0);
  });
});
