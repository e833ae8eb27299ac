// Engines with several threads: the same bits as with one, and no thread that is left.
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Backend, createEngine, type Engine } from '../../src/backend/index.ts';
import { instantiate, instantiateShared, supports } from '../../src/backend/wasm/core.ts';
import { updates } from '../../src/backend/wasm/generated/divided.ts';
import type { SimdLevel } from '../../src/backend/wasm/inlined.ts';
import { type SharedCore, Team } from '../../src/backend/wasm/team.ts';
import { wasmBackend } from '../../src/backend/wasm/wasm.ts';
import { makeClassification } from '../../src/data/index.ts';
import { dense, dropout, l2, relu } from '../../src/nn/index.ts';
import { adam, sgd } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import { values } from '../reference/operations.ts';

const levels = (['simd128', 'relaxed'] as SimdLevel[]).filter(supports);
const teams: Team[] = [];
afterAll(() => {
  for (const team of teams) team.end();
});

/** A backend whose large operations are always divided, and whether each of its other threads has computed some product. */
async function divided(level: SimdLevel, threads: number): Promise<{ backend: Backend; allWorked: () => boolean }> {
  const shared = instantiateShared(level) as SharedCore;
  const workspaces: number[] = [];
  const { allocateWorkspace } = shared.core;
  shared.core.allocateWorkspace = () => {
    workspaces.push(allocateWorkspace());
    return workspaces.at(-1) as number;
  };
  const failed = { error: undefined as unknown };
  const team = new Team(shared, threads, (error) => (failed.error = error), true);
  teams.push(team);
  await expect.poll(() => failed.error ?? team.count, { timeout: 20_000 }).toBe(threads);
  return {
    backend: wasmBackend(shared.core, { ...createEngine().info, simd: level }),
    allWorked: () => workspaces.every((at) => new Float32Array(shared.memory.buffer, at, 64).some(Boolean)),
  };
}

function filled(backend: Backend, numbers: Float32Array) {
  const tensor = backend.float32(numbers.length);
  tensor.data.set(numbers);
  return tensor;
}

describe.each(levels.flatMap((level) => [1, 2, 3, 8].map((threads) => ({ level, threads }))))(
  '$level with $threads threads',
  ({ level, threads }) => {
    const one = wasmBackend(instantiate(level), { ...createEngine().info, simd: level });

    test('products and updates have the bits of one thread', async () => {
      const { backend, allWorked } = await divided(level, threads);
      const size = fc.constantFrom(1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 64, 97, 128, 257, 513, 600);
      const layout = fc.constantFrom('matmul', 'matmulTN', 'matmulNT');
      const same = (run: (backend: Backend) => { data: Float32Array }[]) => {
        const [expected, actual] = [one, backend].map((each) => {
          const tensors = run(each);
          const copies = tensors.map(({ data }) => data.slice());
          for (const tensor of tensors) each.free(tensor as never);
          return copies;
        });
        for (const [i, array] of expected.entries()) {
          const different = array.findIndex((value, j) => !Object.is(value, actual[i][j]));
          expect(different, `array ${i}, first different element`).toBe(-1);
        }
      };
      fc.assert(
        fc.property(layout, fc.tuple(size, size, size), (name, [m, k, n]) => {
          same((each) => {
            const [a, b] = [filled(each, values(m * k, 1)), filled(each, values(k * n, 2))];
            const c = filled(each, new Float32Array(m * n + 8).fill(7));
            each[name](c, a, b, m, k, n);
            return [c, a, b];
          });
        }),
        { numRuns: 60 },
      );
      fc.assert(
        fc.property(fc.tuple(size, size, size), fc.constantFrom(0, 1), ([rows, inputs, outputs], relu) => {
          same((each) => {
            const lengths = [rows * inputs, inputs * outputs, outputs, rows * outputs];
            const [x, w, b, dy] = lengths.map((length, i) => filled(each, values(length, i + 1)));
            const [y, dw, db] = [3, 1, 2].map((i) => filled(each, new Float32Array(lengths[i] + 8).fill(7)));
            each.dense(y, x, w, b, rows, inputs, outputs, relu, 2 ** -8);
            each.denseGradients(dw, db, dy, x, y, rows, inputs, outputs, relu);
            return [y, dw, db, dy, x, w, b];
          });
        }),
        { numRuns: 60 },
      );
      fc.assert(
        fc.property(
          fc.constantFrom(...Object.entries(updates)),
          fc.integer({ min: 0, max: 20_000 }),
          ([name, arrays], n) => {
            same((each) => {
              const tensors = Array.from({ length: arrays }, (_, i) => filled(each, values(n, i + 1).map(Math.abs)));
              const options = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
              (each[name as 'sgd'] as (...args: unknown[]) => void)(...tensors, n, ...options);
              return tensors;
            });
          },
        ),
        { numRuns: 60 },
      );
      // Until each thread has had a part, which takes a moment where there are more of them than cores.
      await expect
        .poll(
          () => {
            const [c, a, b] = [256 * 256, 256 * 256, 256 * 256].map((length) => filled(backend, values(length, 1)));
            for (let i = 0; i < 8; i++) backend.matmul(c, a, b, 256, 256, 256);
            for (const tensor of [a, b, c]) backend.free(tensor);
            return allWorked();
          },
          { timeout: 20_000 },
        )
        .toBe(true);
    });

    test('trainings have the bits of one thread, also where memory grows', async () => {
      const { backend } = await divided(level, threads);
      const data = makeClassification({ nSamples: 600, nFeatures: 40, nClasses: 3, nInformative: 6, randomState: 1 });
      const train = async (on: Backend, optimizer: ReturnType<typeof adam | typeof sgd>) => {
        const engine: Engine = { ...createEngine(), backend: on };
        const layers = [
          dense(300, { kernelRegularizer: l2(1e-3) }),
          relu(),
          dropout(0.3),
          dense(130),
          relu(),
          dense(3),
        ];
        const model = sequential({ inputSize: 40, layers, engine, seed: 5 });
        const history = await model.fit(data, { epochs: 3, batchSize: 130, validationSplit: 0.2, optimizer });
        return {
          history: { ...history, epochSeconds: 0 },
          weights: model.getWeights(),
          predicted: model.predict(data.x),
        };
      };
      for (const optimizer of [adam(), sgd({ learningRate: 0.05, momentum: 0.9 })]) {
        const [expected, actual] = [await train(one, optimizer), await train(backend, optimizer)];
        expect(actual).toEqual(expected);
      }
    });
  },
);
