// One training run: JSON in, JSON out, the same wherever and in whatever order it runs.
import { createEngine, type Engine } from '../backend/index.ts';
import { type DenseOptions, dense, dropout, type LayerSpec, l1l2, relu } from '../nn/index.ts';
import { adam, adamW, type Optimizer, sgd } from '../optim/index.ts';
import { type EpochEnd, earlyStopping, type FitOptions, sequential, type TrainContext } from '../train/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { dataFiles, type ReadFile } from './data-files.ts';
import { trialFigures } from './figure-numbers.ts';
import type { LoadedDataset } from './load-dataset.ts';
import { type PreparedData, prepareData } from './prepare-data.ts';
import type { Score, TrialResult } from './results.ts';
import { calibration, confusion, sparsity } from './score-predictions.ts';
import type { NetworkLayerSpec, NetworkSpec, Numerics, OptimizerSpec, Trial } from './spec.ts';

/** Ways to watch, to stop and to resume a trial; they do not change its result. */
export interface TrialHooks extends Pick<FitOptions, 'signal' | 'checkpoint' | 'resume'> {
  /** May look at the model of the context. A promise is awaited. */
  onEpochEnd?: (epoch: EpochEnd, context: TrainContext) => void;
  /** Needed for a trial on data from files. */
  readFile?: ReadFile;
  /** The trial's dataset, where that has been loaded before. */
  loaded?: LoadedDataset;
}

/** One a thread, because instances of the core are freed late. */
const engines: Partial<Record<Numerics, Engine>> = {};

function engine(numerics: Numerics): Engine {
  engines[numerics] ??= createEngine({ numerics });
  return engines[numerics];
}

/** What the latest trial of this thread saw, since most trials of an experiment see the same. */
let latest: { key: string; data: PreparedData } | undefined;

function trialData(trial: Trial, readFile?: ReadFile, loaded?: LoadedDataset): PreparedData {
  const { dataset, split, scaling, fold } = trial;
  // Without their hash, nothing says that files are the same as before.
  if (dataFiles(dataset).length > 0 && !('sha256' in dataset)) return prepareData(trial, readFile, loaded);
  const key = canonicalJson({ dataset, split, scaling, fold });
  if (latest?.key !== key) latest = { key, data: prepareData(trial, readFile, loaded) };
  return latest.data;
}

/**
 * Trains one network and scores it on the training and test parts.
 *
 * Trials with the same data and split see the same points, and with the same seed and sizes the same initial weights.
 *
 * @throws AbortError when `signal` aborts; NumericError when the loss stops being a number.
 */
export async function runTrial(trial: Trial, { readFile, loaded, ...hooks }: TrialHooks = {}): Promise<TrialResult> {
  const data = trialData(trial, readFile, loaded);
  const { epochs, batchSize, optimizer, earlyStopping: stopping } = trial.training;
  const model = sequential({
    inputSize: data.train.x.shape[1],
    layers: layers(trial.network, data.classes),
    seed: trial.seed,
    engine: engine(trial.numerics),
  });
  try {
    const history = await model.fit(data.train, {
      epochs,
      batchSize,
      optimizer: makeOptimizer(optimizer),
      validationData: data.validation,
      callbacks: stopping ? [earlyStopping({ ...stopping, monitor: 'valLoss', restoreBestWeights: true })] : [],
      ...hooks,
    });
    const { trainLoss, trainAccuracy, valLoss, valAccuracy } = history;
    const { x, y } = data.test;
    const predicted = model.predict(x);
    const validation = model.evaluate(data.validation);
    return {
      variant: trial.variant,
      ...(trial.point && { point: trial.point }),
      ...(trial.fold && { fold: trial.fold }),
      seed: trial.seed,
      history: { trainLoss, trainAccuracy, valLoss, valAccuracy },
      epochs: history.epochs,
      bestEpoch: history.bestEpoch,
      train: score(model.evaluate(data.train)),
      test: score(model.evaluate(data.test)),
      validation: { ...score(validation), dataLoss: validation.dataLoss },
      confusion: confusion(y, predicted, data.classes),
      calibration: calibration(y, predicted, model.predictProbabilities(x)),
      sparsity: sparsity(model.getWeights()[0].data),
      ...(trial.figures && { figures: trialFigures(model, data) }),
    };
  } finally {
    model.dispose();
  }
}

function layers(network: NetworkSpec, classes: number): LayerSpec[] {
  if ('layers' in network) return [...network.layers.map(layer), dense(classes)];
  const { hiddenUnits, dropout: rate = 0 } = network;
  const options = penalty(network);
  const hidden = hiddenUnits.flatMap((units) => [dense(units, options), relu(), ...(rate ? [dropout(rate)] : [])]);
  return [...hidden, dense(classes, options)];
}

function layer(spec: NetworkLayerSpec): LayerSpec {
  if (spec.type === 'dense') return dense(spec.units, penalty(spec));
  return spec.type === 'relu' ? relu() : dropout(spec.rate);
}

function penalty({ l1 = 0, l2 = 0 }: { l1?: number; l2?: number }): DenseOptions {
  return l1 || l2 ? { kernelRegularizer: l1l2({ l1, l2 }) } : {};
}

function makeOptimizer({ type, ...options }: OptimizerSpec): Optimizer {
  return { adam, adamW, sgd }[type](options);
}

function score({ loss, accuracy }: Score): Score {
  return { loss, accuracy };
}
