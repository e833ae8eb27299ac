// One training run: JSON in, JSON out, the same wherever and in whatever order it runs.
import { createEngine } from '../backend/index.ts';
import { dense, dropout, type LayerSpec, l1, l1l2, l2, relu } from '../nn/index.ts';
import { adam, type Optimizer, sgd } from '../optim/index.ts';
import { type EpochEnd, earlyStopping, sequential } from '../train/index.ts';
import { trialFigures } from './figure-numbers.ts';
import { prepareData } from './prepare-data.ts';
import type { Score, TrialResult } from './results.ts';
import type { NetworkSpec, OptimizerSpec, Trial } from './spec.ts';

/** Ways to watch and to stop a trial; they do not change its result. */
export interface TrialHooks {
  signal?: AbortSignal;
  onEpochEnd?: (epoch: EpochEnd) => void;
}

/**
 * Trains one network and scores it on the training and test parts.
 *
 * Trials with the same data and split see the same points, and with the same seed and sizes the same initial weights.
 *
 * @throws AbortError when `signal` aborts; NumericError when the loss stops being a number.
 */
export async function runTrial(trial: Trial, { signal, onEpochEnd }: TrialHooks = {}): Promise<TrialResult> {
  const data = prepareData(trial);
  const { epochs, batchSize, optimizer, earlyStopping: stopping } = trial.training;
  const model = sequential({
    inputSize: data.train.x.shape[1],
    layers: layers(trial.network, data.classes),
    seed: trial.seed,
    engine: createEngine({ numerics: trial.numerics }),
  });
  try {
    const history = await model.fit(data.train, {
      epochs,
      batchSize,
      optimizer: makeOptimizer(optimizer),
      validationData: data.validation,
      callbacks: stopping ? [earlyStopping({ ...stopping, monitor: 'valLoss', restoreBestWeights: true })] : [],
      ...(signal && { signal }),
      ...(onEpochEnd && { onEpochEnd }),
    });
    const { trainLoss, trainAccuracy, valLoss, valAccuracy } = history;
    return {
      variant: trial.variant,
      seed: trial.seed,
      history: { trainLoss, trainAccuracy, valLoss, valAccuracy },
      epochs: history.epochs,
      bestEpoch: history.bestEpoch,
      train: score(model.evaluate(data.train)),
      test: score(model.evaluate(data.test)),
      ...(trial.figures && { figures: trialFigures(model, data) }),
    };
  } finally {
    model.dispose();
  }
}

function layers(network: NetworkSpec, classes: number): LayerSpec[] {
  const { hiddenUnits, l1: a = 0, l2: b = 0, dropout: rate = 0 } = network;
  const penalty = a && b ? l1l2({ l1: a, l2: b }) : a ? l1(a) : b ? l2(b) : undefined;
  const options = penalty ? { kernelRegularizer: penalty } : {};
  const hidden = hiddenUnits.flatMap((units) => [dense(units, options), relu(), ...(rate ? [dropout(rate)] : [])]);
  return [...hidden, dense(classes, options)];
}

function makeOptimizer({ type, ...options }: OptimizerSpec): Optimizer {
  return type === 'adam' ? adam(options) : sgd(options);
}

function score({ loss, accuracy }: Score): Score {
  return { loss, accuracy };
}
