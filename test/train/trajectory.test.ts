// A hundred optimizer steps against PyTorch in float64: every optimizer with every penalty, dropout, proximal steps and clipping.

import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../src/backend/index.ts';
import type { Description } from '../../src/errors/index.ts';
import { dense, dropout, l1l2, relu } from '../../src/nn/index.ts';
import { adam, adamW, rmsprop, type SgdOptions, sgd } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import trajectories from '../golden/pytorch/trajectories.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

type Clipping = Pick<SgdOptions, 'clipValue' | 'clipNorm' | 'globalClipNorm'>;

interface Trajectory {
  optimizer: { name: string; learningRate: number; momentum?: number; weightDecay?: number; rho?: number };
  variant: { l1?: number; l2?: number; dropout?: number[]; proximal?: boolean; clip?: Clipping };
  problem: number;
  losses: number[];
  weights: number[][];
}

interface Golden {
  widths: [inputs: number, ...units: number[]];
  batchSize: number;
  modelSeed: number;
  steps: number;
  problems: Record<number, { x: number[]; y: number[]; weights: number[][] }>;
  trajectories: Trajectory[];
}

const golden = trajectories as unknown as Golden;

type Options = Omit<Trajectory['optimizer'], 'name'> & { proximal: boolean } & Clipping;

const optimizers: Record<string, (options: Options) => Description<'optimizer'>> = {
  sgd,
  momentum: sgd,
  nesterov: (options) => sgd({ ...options, nesterov: true }),
  adam,
  adamW,
  rmsprop,
  rmspropMomentum: rmsprop,
};

const engines = {
  'wasm reproducible': createEngine({ backend: 'wasm', numerics: 'reproducible' }),
  'wasm fast': createEngine({ backend: 'wasm', numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

// Float32 has unit roundoff u = 6e-8. The first loss passes through three sums of at most eight terms, each rounded some
// 16 times, and in float64 from there on: at most 3 · 16 u = 3e-6, and a third of it for roundings that do not all point
// the same way. Every update rounds the weights again, and the errors of earlier steps carry over; the golden data keep
// away from the kinks of ReLU and |w|, so errors add up and do not jump: the tolerance doubles over 60 steps, with a
// floor where the loss itself comes close to 0. PyTorch's own float32 strays from its float64 by up to 3.2e-6 in the
// losses and 5e-6 in the final weights (`deviation` in the JSON); the worst of Regulus is 1.3e-6 and 4.9e-6. One L1
// gradient with the wrong sign in one step moves a weight by 1e-3, a decay that is left out by 2e-4.
const lossTolerance = (step: number) => ({ rtol: 1e-6 * (1 + step / 60), atol: 3e-7 });
const weightTolerance = { atol: 1e-5 };

/** Trains Regulus as the golden trajectory was trained. */
async function run({ optimizer: { name, ...options }, variant, problem }: Trajectory, engine: Engine) {
  const [inputSize, ...units] = golden.widths;
  const { l1 = 0, l2 = 0, dropout: rates, proximal = false, clip } = variant;
  const kernelRegularizer = l1l2({ l1, l2 });
  const layers = units.flatMap((n, i) => {
    const layer = dense(n, { kernelRegularizer });
    if (i === units.length - 1) return [layer];
    return [layer, relu(), ...(rates ? [dropout(rates[i])] : [])];
  });
  const { x, y, weights: initial } = golden.problems[problem];
  using model = sequential({ inputSize, layers, engine, seed: golden.modelSeed });
  model.setWeights(model.getWeights().map((w, i) => ({ ...w, data: Float32Array.from(initial[i]) })));
  const losses: number[] = [];
  await model.fit(
    { x: { data: Float64Array.from(x), shape: [y.length, inputSize] }, y: Int32Array.from(y) },
    {
      epochs: golden.steps / Math.ceil(y.length / golden.batchSize),
      batchSize: golden.batchSize,
      shuffle: false,
      optimizer: optimizers[name]({ ...options, proximal, ...clip }),
      callbacks: [{ onBatchEnd: ({ loss }) => void losses.push(loss) }],
    },
  );
  return { losses, weights: model.getWeights().map(({ data }) => data) };
}

describe.each(Object.entries(engines))('PyTorch trajectories on %s', (_name, engine) => {
  it('cover every optimizer, with a batch remainder', () => {
    const plain = golden.trajectories.filter(({ variant }) => !variant.clip);
    const clipped = golden.trajectories.filter(({ variant }) => variant.clip);
    const names = plain.map(({ optimizer }) => optimizer.name);
    for (const name of Object.keys(optimizers)) expect(names.filter((other) => other === name)).toHaveLength(8);
    for (const name of ['momentum', 'adam', 'rmsprop']) {
      const clips = clipped.filter(({ optimizer }) => optimizer.name === name).map(({ variant }) => variant.clip);
      expect(clips.flatMap((clip) => Object.keys(clip as Clipping))).toEqual([
        'clipValue',
        'clipNorm',
        'globalClipNorm',
      ]);
    }
    expect(golden.steps).toBeGreaterThanOrEqual(100);
    for (const { y } of Object.values(golden.problems)) expect(y.length % golden.batchSize).toBeGreaterThan(0);
  });

  it.each(golden.trajectories.map((t) => [t.optimizer.name, JSON.stringify(t.variant), t] as const))(
    '%s %s',
    async (_optimizer, _variant, trajectory) => {
      const { losses, weights } = await run(trajectory, engine);
      expect(losses).toHaveLength(golden.steps);
      for (const [step, loss] of losses.entries()) expectClose([loss], [trajectory.losses[step]], lossTolerance(step));
      expect(weights).toHaveLength(trajectory.weights.length);
      for (const [i, w] of weights.entries()) {
        expectClose(w, trajectory.weights[i], weightTolerance);
        // Proximal steps give the same exact zeros.
        expect(Array.from(w, (v) => v === 0)).toEqual(trajectory.weights[i].map((v) => v === 0));
      }
    },
  );
});
