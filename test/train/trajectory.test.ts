// Sixty optimizer steps against PyTorch in float64, for every optimizer and penalty.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { dense, l1l2, relu } from '../../src/nn/index.ts';
import { adam, type Optimizer, sgd } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import { expectClose } from '../reference/close.ts';

interface Trajectory {
  optimizer: { name: string; learningRate: number; momentum?: number };
  penalty: { l1?: number; l2?: number };
  losses: number[];
  weights: number[][];
}

interface Golden {
  widths: [inputs: number, ...units: number[]];
  batchSize: number;
  x: number[];
  y: number[];
  weights: number[][];
  trajectories: Trajectory[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/pytorch/trajectories.json', import.meta.url), 'utf8'),
);

const optimizers: Record<string, (options: Trajectory['optimizer']) => Optimizer> = {
  sgd: ({ learningRate }) => sgd({ learningRate }),
  momentum: ({ learningRate, momentum = 0 }) => sgd({ learningRate, momentum }),
  adam: ({ learningRate }) => adam({ learningRate }),
};
const trajectories = golden.trajectories.filter(({ optimizer }) => optimizer.name in optimizers);

const engines = {
  'wasm reproducible': createEngine({ backend: 'wasm', numerics: 'reproducible' }),
  'wasm fast': createEngine({ backend: 'wasm', numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

// Float32 has unit roundoff u = 6e-8. The first loss passes through three sums of at most eight terms, each rounded some
// 16 times, and in float64 from there on: at most 3 · 16 u = 3e-6, and a third of it for roundings that do not all point
// the same way. Every update rounds the weights again, and the errors of earlier steps carry over; the golden data keep
// away from the kinks of ReLU and |w|, so errors add up and do not jump: the tolerance doubles over 60 steps. PyTorch's
// own float32 strays from its float64 by up to 3e-7 in the losses and 2.3e-6 in the final weights (`deviation` in the
// JSON), a fifth of what is allowed here. One L1 gradient with the wrong sign in one step moves a weight by 1e-3.
const lossTolerance = (step: number) => ({ rtol: 1e-6 * (1 + step / 60) });
const weightTolerance = { atol: 1e-5 };

/** Trains Regulus as the golden trajectory was trained. */
async function run({ optimizer, penalty }: Trajectory, engine: (typeof engines)['js']) {
  const [inputSize, ...units] = golden.widths;
  const kernelRegularizer = l1l2({ l1: 0, l2: 0, ...penalty });
  const layers = units.flatMap((n, i) => [dense(n, { kernelRegularizer }), ...(i < units.length - 1 ? [relu()] : [])]);
  const model = sequential({ inputSize, layers, engine });
  model.setWeights(model.getWeights().map((w, i) => ({ ...w, data: Float32Array.from(golden.weights[i]) })));
  const losses: number[] = [];
  await model.fit(
    { x: { data: Float64Array.from(golden.x), shape: [golden.y.length, inputSize] }, y: Int32Array.from(golden.y) },
    {
      epochs: 15,
      batchSize: golden.batchSize,
      shuffle: false,
      optimizer: optimizers[optimizer.name](optimizer),
      callbacks: [{ onBatchEnd: ({ loss }) => void losses.push(loss) }],
    },
  );
  const weights = model.getWeights().map(({ data }) => data);
  model.dispose();
  return { losses, weights };
}

describe.each(Object.entries(engines))('PyTorch trajectories on %s', (_name, engine) => {
  it('covers every optimizer with and without penalties', () => {
    expect(trajectories).toHaveLength(Object.keys(optimizers).length * 4);
  });

  it.each(trajectories.map((t) => [t.optimizer.name, JSON.stringify(t.penalty), t] as const))(
    '%s, penalty %s',
    async (_optimizer, _penalty, trajectory) => {
      const { losses, weights } = await run(trajectory, engine);
      expect(losses).toHaveLength(60);
      for (const [step, loss] of losses.entries()) expectClose([loss], [trajectory.losses[step]], lossTolerance(step));
      expect(weights).toHaveLength(trajectory.weights.length);
      for (const [i, w] of weights.entries()) expectClose(w, trajectory.weights[i], weightTolerance);
    },
  );
});
