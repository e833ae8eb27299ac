// Whole training steps through `model.fit` as cases: shuffle, gather, forward, loss, backward, update, metrics.
import type { Backend, Engine } from '../src/backend/index.ts';
import { adam } from '../src/optim/index.ts';
import type { FitState } from '../src/train/index.ts';
import { crossEntropy } from '../test/reference/network.ts';
import { type CaseDefinition, checkWithin, type OpenCase, type Timed } from './case.ts';
import { makeData, makeModel, type Regularization, referenceLogits, type Sizes, trainingFlop } from './models.ts';

export interface Step extends CaseDefinition {
  sizes: Sizes;
  batchSize: number;
  regularization: Regularization;
  /** Whether there is an order to draw for every epoch. */
  shuffle: boolean;
}

/** What is special about the data and the time when a step is timed. */
interface Moment {
  shuffle?: boolean;
  /** Steps before those that are timed, on data that the network fits. */
  stepsBefore?: number;
}

function step(
  sizes: Sizes,
  batchSize: number,
  stepsPerEpoch: number,
  timedEpochs: number,
  variant: string,
  regularization: Regularization = {},
  { shuffle = true, stepsBefore }: Moment = {},
): Step {
  const optimizer = adam(stepsBefore === undefined ? {} : { learningRate: 0.01 });
  const open = async (engine: Engine): Promise<OpenCase> => {
    const data = makeData(batchSize * stepsPerEpoch, sizes, stepsBefore === undefined ? 0 : 0.5);
    const model = makeModel(engine, sizes, regularization);
    const initial = model.getWeights();
    checkInitialLoss();
    const { trainLoss } = await model.fit(data, { epochs: 2, batchSize, shuffle, optimizer: adam() });
    const epochsBefore = stepsBefore ? stepsBefore / stepsPerEpoch : 0;
    const before = epochsBefore > 0 ? await train(epochsBefore) : undefined;

    /** The state that so many epochs lead to, with a rate at which the loss soon vanishes. */
    async function train(epochs: number): Promise<FitState | undefined> {
      model.setWeights(initial);
      let state: FitState | undefined;
      const save = (taken: FitState) => {
        state = taken;
      };
      await model.fit(data, { epochs, batchSize, shuffle, optimizer, checkpoint: { every: epochs, save } });
      return state;
    }

    function checkInitialLoss(): void {
      if (isIdle(engine)) return;
      const rows = Math.min(128, data.y.length);
      const x = data.x.data.subarray(0, rows * sizes[0]);
      const y = data.y.subarray(0, rows);
      const expected = crossEntropy(referenceLogits(model, x, rows), y);
      const { dataLoss } = model.evaluate({ x: { data: x, shape: [rows, sizes[0]] }, y });
      checkWithin(`loss of ${sizes.join('-')} before training`, dataLoss, expected, 1e-5 * expected);
    }

    /** Every run starts from the initial weights; the first epoch, with what `fit` does once, is not timed. */
    async function run(): Promise<Timed> {
      model.setWeights(initial);
      const ends: number[] = [];
      const onEpochEnd = () => {
        ends.push(performance.now());
      };
      const epochs = epochsBefore + 1 + timedEpochs;
      await model.fit(data, { epochs, batchSize, shuffle, optimizer, onEpochEnd, ...(before && { resume: before }) });
      return { milliseconds: ends[timedEpochs] - ends[0], count: timedEpochs * stepsPerEpoch };
    }

    return {
      work: batchSize * trainingFlop(sizes),
      unit: 'flop',
      run,
      ...(!isIdle(engine) && { outcome: trainLoss[1] }),
      close: () => model.dispose(),
    };
  };
  return { name: `${sizes.join('-')} batch ${batchSize}${variant}`, sizes, batchSize, regularization, shuffle, open };
}

/** Variants of one network; the first is the plain one, which the others are compared with. */
export const stepGroups: Step[][] = [
  [
    step([20, 128, 64, 2], 64, 20, 5, ''),
    step([20, 128, 64, 2], 64, 20, 5, ' dropout', { dropout: 0.5 }),
    step([20, 128, 64, 2], 64, 20, 5, ' L1+L2', { l1l2: 1e-3 }),
  ],
  [step([784, 512, 512, 10], 128, 4, 2, '')],
  [step([2, 16, 2], 64, 20, 25, ''), step([2, 16, 2], 64, 20, 25, ' unshuffled', {}, { shuffle: false })],
  [step([2, 16, 2], 10, 128, 8, '')],
  [step([2, 16, 2], 1, 1280, 1, '')],
  [
    step([20, 32, 2], 32, 20, 25, ' separable', {}, { stepsBefore: 0 }),
    step([20, 32, 2], 32, 20, 25, ' separable, after 20 000 steps', {}, { stepsBefore: 20_000 }),
  ],
];

const idle = new WeakSet<Engine>();

function isIdle(engine: Engine): boolean {
  return idle.has(engine);
}

/** What of a backend hands out memory: all else but `info` and `free` are operations. */
export const allocating = ['float32', 'int32', 'join', 'part'];

/** `engine` with operations that do nothing: a step on it takes what the package spends outside kernels. */
export function withoutKernels({ backend, ...own }: Engine): Engine {
  const kept = ['info', 'free', ...allocating];
  const entries = Object.entries(backend).map(([name, value]) => [name, kept.includes(name) ? value : () => 0.5]);
  const empty = Object.fromEntries(entries) as Backend;
  const engine = { ...own, backend: empty };
  idle.add(engine);
  return engine;
}
