// One training run: JSON in, JSON out, the same wherever and in whatever order it runs.
import { createEngine, type Engine } from '../backend/index.ts';
import { catalog as builtIn } from '../catalog/index.ts';
import type { Matrix, TargetKind } from '../data/index.ts';
import { type Catalog, checkKeys, checkParts, type Description, fromJson, NumericError } from '../errors/index.ts';
import { ensemble, saveModel } from '../model/index.ts';
import { average } from '../statistics/index.ts';
import { inTargetUnit, lastLayer, scaled, scalingOf } from '../tables/index.ts';
import { byIndex, type FitOptions, type Sequential, type Series, sequential } from '../train/index.ts';
import { toBase64 } from './base64.ts';
import { canonicalJson } from './canonical-json.ts';
import { dataFiles, type ReadFile } from './data-files.ts';
import { kindOf, withAllKinds } from './kinds.ts';
import { type LoadedDataset, loadDataset } from './load-dataset.ts';
import { type PreparedData, splitData } from './prepare-data.ts';
import { type Probed, pictures, probe, scores } from './probes.ts';
import type { Score, TrialResult } from './results.ts';
import type { Numerics, Trial } from './spec.ts';
import { lossOf } from './task.ts';
import {
  type NetworkSharing,
  networkJobs,
  pooledTemperatureOf,
  type TrainedNetwork,
  trainNetwork,
  trainNetworks,
} from './train-networks.ts';
import { trialKey } from './trial-name.ts';

/** Ways to watch, to stop and to resume a trial, and where its parts are; they do not change its result. */
export interface TrialHooks extends Pick<FitOptions, 'signal' | 'checkpoint' | 'resume' | 'onEpochEnd'> {
  /** Told once why products are not wide where that is asked for. */
  warn?: (message: string) => void;
  /** Never called; it is here so that the hooks of a {@link TrialRunner} can be passed on. */
  onStart?: (machine?: string) => void;
  /** Needed for a trial on data from files. */
  readFile?: ReadFile;
  /** The trial's dataset, where that has been loaded before. */
  loaded?: LoadedDataset;
  /** The kinds that the trial may use; those of the package by default. */
  catalog?: Catalog;
  /** Lets other threads train networks of the trial, which has several with `training.members`. */
  sharing?: NetworkSharing;
}

const hookNames = [
  'signal',
  'checkpoint',
  'resume',
  'onEpochEnd',
  'warn',
  'onStart',
  'readFile',
  'loaded',
  'catalog',
  'sharing',
] as const;

const trialParts = {
  dataset: 'object',
  split: 'object',
  network: 'object',
  training: 'object',
  metrics: 'list',
} as const;

/** The engines of this thread, which are kept because instances of the core are freed late. */
const engines: Partial<Record<Numerics, Engine>> = {};

function engine(numerics: Numerics): Engine {
  engines[numerics] ??= createEngine({ numerics });
  return engines[numerics];
}

/** Whether a trial has warned that there are no wide products. */
let isWideNoted = false;

/** The data of this thread's latest trial, because most trials of an experiment share theirs. */
let latest: { key: string; data: PreparedData } | undefined;

function trialData(trial: Trial, targets: TargetKind, catalog: Catalog, load: () => LoadedDataset): PreparedData {
  const { dataset, split, preprocessing, scaling, fold } = trial;
  // Without their hash, nothing says that files are the same as before.
  if (dataFiles(dataset).length > 0 && !('sha256' in dataset)) return splitData(load(), trial, catalog);
  const key = canonicalJson({ dataset, split, preprocessing, scaling, fold, targets, modules: trial.modules });
  if (latest?.key !== key) latest = { key, data: splitData(load(), trial, catalog) };
  return latest.data;
}

/** Losses that are not finite have ended the training; a metric of the user's own may be 0 / 0. */
function checkFinite(value: number, what: string): void {
  if (Number.isFinite(value)) return;
  throw new NumericError(
    `The metric ${what} must be finite. Got ${value}. Use a metric that has a value on such data.`,
  );
}

/** What the description of a trial stands for: its data, and its networks and how each is trained. */
function prepareTrial(load: (targets: TargetKind) => LoadedDataset, trial: Trial, given: Catalog = builtIn) {
  const catalog = withAllKinds(given);
  const { optimizer, loss: lossJson, augment, callbacks, scaleTarget, members, ...plain } = trial.training;
  const loss = fromJson('loss', lossJson, catalog);
  const { targets, outputs } = lossOf(trial.training, catalog);
  const data = trialData(trial, targets, catalog, () => load(targets));
  const regularizer = trial.network.outputRegularizer;
  const layers = trial.network.layers.map((layer) => fromJson('layer', layer, catalog));
  const outputSize = outputs(data);
  const output = lastLayer(layers, outputSize, {
    ...(regularizer && { kernelRegularizer: fromJson('regularizer', regularizer, catalog) }),
  });
  const scaling = scaleTarget ? scalingOf(data.train.y, loss) : undefined;
  const network = { inputSize: data.train.x.shape[1], layers: [...layers, output], engine: engine(trial.numerics) };
  const metrics = trial.metrics.map((metric): Description<'metric'> => kindOf('metric', metric, catalog));
  const jobs = networkJobs(trial, {
    train: scaled(data.train, scaling),
    validation: scaled(data.validation, scaling),
  });
  const make = (seed: number) => sequential({ ...network, loss: scaling?.loss ?? loss, seed });
  const fit = {
    ...plain,
    classWeight: byIndex(plain.classWeight, data.targetClasses?.map(String)),
    optimizer: fromJson('optimizer', optimizer, catalog),
    ...(augment && { augment: augment.map((each) => fromJson('augmentation', each, catalog)) }),
    targetScaling: scaling,
    metrics,
    callbacks: callbacks.map((callback) => fromJson('callback', callback, catalog)),
  };
  return { data, fit, jobs, loss, make, metrics, network, outputSize, scaling };
}

/**
 * Trains those networks of a trial that nobody else claims, from the last one on, for the thread that runs the trial.
 *
 * @param onTrained - Told of each network that was claimed; without `networks` it could not be trained here.
 */
export async function trainClaimed(
  load: (targets: TargetKind) => LoadedDataset,
  trial: Trial,
  { catalog, signal }: Pick<TrialHooks, 'catalog' | 'signal'>,
  claim: NetworkSharing['claim'],
  onTrained: (index: number, networks?: readonly TrainedNetwork[]) => void,
): Promise<void> {
  const { jobs, make, fit } = prepareTrial(load, trial, catalog);
  for (const [index, job] of [...jobs.entries()].reverse()) {
    if (!signal?.aborted && claim(index)) {
      onTrained(
        index,
        await trainNetwork(job, make, true, { ...fit, ...(signal && { signal }) }).catch(() => undefined),
      );
    }
  }
}

/**
 * Trains one network, or with `training.members` several that predict together, and scores it on the training, validation and test parts.
 *
 * Trials with the same data and split see the same points, and with the same seed and sizes the same initial weights.
 *
 * @throws AbortError when `signal` aborts; NumericError when a loss or a metric is not finite.
 * @example
 * ```js
 * import { expand, presets, runTrial } from 'regulus/experiment';
 *
 * const [trial] = expand({ ...presets.moons, training: { ...presets.moons.training, epochs: 2 } });
 * console.log((await runTrial(trial)).test.accuracy);
 * ```
 */
export async function runTrial(trial: Trial, hooks: TrialHooks = {}): Promise<TrialResult> {
  checkKeys('runTrial', hooks, hookNames);
  checkParts('runTrial', 'trial', trial, trialParts);
  const { readFile, loaded, ...others } = hooks;
  return trainOn((targets) => loaded ?? loadDataset(trial.dataset, { readFile, targets }), trial, others);
}

/**
 * {@link runTrial} on a dataset that has been loaded: what a worker thread runs, which can do without the readers of files.
 *
 * @example
 * ```js
 * import { expand, loadDataset, presets, trainOn } from 'regulus/experiment';
 *
 * const [trial] = expand({ ...presets.moons, training: { ...presets.moons.training, epochs: 2 } });
 * console.log((await trainOn(() => loadDataset(trial.dataset), trial)).test.accuracy);
 * ```
 */
export async function trainOn(
  load: (targets: TargetKind) => LoadedDataset,
  trial: Trial,
  hooks: Omit<TrialHooks, 'readFile' | 'loaded'> = {},
): Promise<TrialResult> {
  checkKeys('trainOn', hooks, hookNames);
  checkParts('trainOn', 'trial', trial, trialParts);
  const { catalog, warn, onStart, sharing, ...watching } = hooks;
  const { jobs, make, fit, ...made } = prepareTrial(load, trial, catalog);
  const { data, loss, metrics, network, outputSize, scaling } = made;
  const trained = await trainNetworks(jobs, make, { ...fit, ...watching }, sharing);
  const { note } = network.engine.wide;
  if (note && !isWideNoted) warn?.(note);
  isWideNoted ||= note !== undefined;
  const { epochs, bestEpoch, stopReason, ...series } = trained[0].history;
  for (const [name, values] of Object.entries(series)) {
    values.forEach((value, i) => void checkFinite(value, `'${name}' of epoch ${i + 1}`));
  }
  const temperature = pooledTemperatureOf(trained);
  const penalty = average(trained.map(({ penalty }) => (scaling?.lossFactor ?? 1) * penalty));
  const models: Sequential[] = [];
  try {
    for (const { seed, trained: progress, weights } of trained) {
      // The last layer gives the targets in their own unit, where they were scaled, and has the temperature in it.
      const final =
        scaling || temperature ? inTargetUnit(weights, scaling, { temperature, outputs: outputSize }) : weights;
      models.push(sequential({ ...network, loss, seed, trained: progress, weights: final }));
    }
    const predictor = models.length > 1 ? ensemble(models) : models[0];
    const probed: Probed = {
      hasProbabilities: predictor.hasProbabilities,
      predict: (x) => predictor.predict(x as Matrix),
      predictProbabilities: (x) => predictor.predictProbabilities(x as Matrix),
      getWeights: () => trained[trained.length - 1].weights,
    };
    const score = (part: 'train' | 'validation' | 'test'): Score => {
      const { penalty: _, ...values } = predictor.evaluate(data[part], { metrics });
      values.loss = values.dataLoss + penalty;
      for (const [name, value] of Object.entries(values)) checkFinite(value, `'${name}' of the ${part} part`);
      return values as Score;
    };
    const figures = trial.figures ? { figures: probe(pictures, probed, data) } : {};
    return {
      ...trialKey(trial),
      history: series as Record<Series, number[]>,
      epochs,
      bestEpoch,
      train: score('train'),
      validation: score('validation'),
      test: score('test'),
      ...probe(scores, probed, data),
      ...figures,
      model: toBase64(saveModel(predictor)),
    };
  } finally {
    for (const model of models) model.dispose();
  }
}
