// A small training run that any kind can be put into.
import { createEngine, type Engine, type EngineInfo, Memory } from '../../src/backend/index.ts';
import type { Dataset, Matrix } from '../../src/data/index.ts';
import { type Definition, type Description, definitionOf, type Kind } from '../../src/errors/index.ts';
import type { MetricDefinition } from '../../src/metrics/index.ts';
import {
  dense,
  type LossDefinition,
  l1l2,
  meanSquaredError,
  type RunningLoss,
  relu,
  softmaxCrossEntropy,
} from '../../src/nn/index.ts';
import { adam, sgd } from '../../src/optim/index.ts';
import { type FitOptions, type Sequential, type SequentialOptions, sequential } from '../../src/train/index.ts';
import { values } from '../reference/operations.ts';

const ROWS = 41;
const FEATURES = 4;

/** A model and how to train it. */
export interface Training {
  model: Omit<SequentialOptions, 'engine'>;
  fit: Omit<FitOptions, 'callbacks' | 'onEpochEnd'> & { callbacks?: readonly Description<'callback'>[] };
  data: Dataset;
}

/** Training runs that use `description`: several for a loss, one for each size of the last layer that it can have. */
export function trainings(kind: Kind, description: Description): Training[] {
  if (kind === 'loss')
    return lossSizes(description as Description<'loss'>).map((size) => training(kind, description, size));
  // A metric of real targets needs a loss for them.
  const { definition } = definitionOf<MetricDefinition | Definition>(kind, 'test', kind, description);
  const ofNumbers = 'tasks' in definition && !definition.tasks.includes('classification');
  return [training(kind, description, 2, ofNumbers ? meanSquaredError() : undefined)];
}

/** The sizes of the last layer for three classes, one number a sample and three numbers. */
export function lossSizes(loss: Description<'loss'>): number[] {
  const { definition, options } = definitionOf<LossDefinition>('loss', 'test', 'loss', loss);
  return [
    ...new Set([{ classes: 3 }, { columns: 1 }, { columns: 3 }].map((facts) => definition.outputs(facts, options))),
  ];
}

function training(kind: Kind, description: Description, outputs: number, other?: Description<'loss'>): Training {
  const own = { [kind]: description } as { readonly [K in Kind]?: Description<K> };
  const {
    loss = other ?? softmaxCrossEntropy(),
    regularizer = l1l2({ l1: 1e-3, l2: 1e-3 }),
    metric,
    callback,
    schedule,
  } = own;
  const hidden = dense(6, {
    kernelInitializer: own.initializer,
    kernelRegularizer: regularizer,
    kernelConstraint: own.constraint,
    biasRegularizer: own.regularizer,
  });
  return {
    model: { inputSize: FEATURES, seed: 7, layers: [hidden, own.layer ?? relu(), dense(outputs)], loss },
    data: dataset(loss, outputs, 1),
    fit: {
      epochs: 4,
      batchSize: 16,
      optimizer: own.optimizer ?? (schedule ? sgd({ learningRate: schedule }) : adam({ learningRate: 0.02 })),
      validationData: dataset(loss, outputs, 2),
      ...(metric && { metrics: [metric] }),
      ...(own.augmentation && { augment: [own.augmentation] }),
      ...(callback && { callbacks: [callback] }),
    },
  };
}

/** Samples with targets as the loss takes them. */
export function dataset(loss: Description<'loss'>, outputs: number, salt: number, rows = ROWS): Dataset {
  const x: Matrix = { data: Float64Array.from(values(rows * FEATURES, salt)), shape: [rows, FEATURES] };
  return { x, y: targets(startLoss(loss, outputs), rows, salt + 50) };
}

/** The loss at work, to ask it what it is. */
export function startLoss(
  loss: Description<'loss'>,
  outputSize: number,
  { backend }: Engine = createEngine(),
): RunningLoss {
  const { definition, options } = definitionOf<LossDefinition>('loss', 'test', 'loss', loss);
  return definition.build(options, { outputSize, backend, memory: new Memory(backend) });
}

/** Targets that a loss takes. */
export function targets(
  { task, classes = 0, targetSize, targetRule }: RunningLoss,
  rows: number,
  salt: number,
): Dataset['y'] {
  const raw = values(rows * targetSize, salt);
  if (task === 'classification') return Int32Array.from(raw, (value) => Math.floor(((value + 1) / 2) * classes));
  const isCount = task === 'regression' && targetRule?.(-1) !== undefined;
  const data = Float64Array.from(raw, (value) =>
    task === 'multiLabel' ? Number(value > 0) : isCount ? Math.floor(4 * Math.abs(value)) : value,
  );
  return targetSize === 1 ? data : { data, shape: [rows, targetSize] };
}

/** What `work` returns for the model, which is disposed of after it. */
export async function withModel<T>(
  { model: options }: Training,
  engine: Engine,
  work: (model: Sequential) => T | Promise<T>,
): Promise<T> {
  const model = sequential({ ...options, engine });
  try {
    return await work(model);
  } finally {
    model.dispose();
  }
}

/** Everything that a training run leaves behind. */
export async function outcome(training: Training, engine: Engine, fit: Partial<FitOptions> = {}) {
  return withModel(training, engine, async (model) => ({
    history: await model.fit(training.data, { ...training.fit, ...fit }),
    weights: model.getWeights(),
    evaluation: model.evaluate(training.data),
    predictions: model.predict(training.data.x),
  }));
}

/** The options that `createEngine` made an engine of. */
export const optionsOfEngine = ({ backend, numerics }: EngineInfo) => ({ backend, numerics });
