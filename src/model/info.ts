// What is known of a model beside its layers and its arrays, which its file keeps.

import { catalog } from '../catalog/index.ts';
import type { Matrix } from '../data/index.ts';
import {
  type AnyFactory,
  type Catalog,
  checkOption,
  extendCatalog,
  factoryOf,
  fail,
  list,
  text,
} from '../errors/index.ts';
import { TablePredictor, tableLayers } from '../tables/index.ts';
import type { AnySequential, Ensemble, Predictions } from '../train/index.ts';

/** A model of numbers: one network, or several. */
export type AnyNetwork = AnySequential | Ensemble<Predictions>;

/** A model of the rows of a table, as `fitTable` makes it. */
export type AnyPredictor = TablePredictor<AnyNetwork>;

/** What can be saved and exported. */
export type AnyModel = AnyNetwork | AnyPredictor;

/** Whether a model is one of the rows of a table. */
export const isPredictor = (model: unknown): model is AnyPredictor => model instanceof TablePredictor;

/** What computes the predictions of a model. */
export const networkOf = (model: AnyModel): AnyNetwork => (isPredictor(model) ? model.model : model);

/** What is known of a model beside its layers and its arrays. */
export interface ModelInfo {
  /** The names of the classes or labels, in the order of the probabilities. */
  readonly classNames?: readonly string[];
  /** The names of the features, in the order of the columns. */
  readonly featureNames?: readonly string[];
  /** What is done to data before the model sees them: a fitted transformer, or several as JSON. */
  readonly preprocessing?: unknown;
  /** Where the model came from, as JSON: hashes of spec and data, scores. */
  readonly origin?: unknown;
}

const infos = new WeakMap<object, ModelInfo>();

/**
 * What is known of a model beside its layers and its arrays: what `loadModel` has read, or a predictor knows; empty for others.
 *
 * @example
 * ```js
 * import { dense, sequential } from 'regulus';
 * import { loadModel, modelInfo, saveModel } from 'regulus/model';
 *
 * const bytes = saveModel(sequential({ inputSize: 1, layers: [dense(2)] }), { classNames: ['no', 'yes'] });
 * console.log(modelInfo(loadModel(bytes)).classNames); // ['no', 'yes']
 * ```
 */
export function modelInfo(model: AnyModel): ModelInfo {
  const known = infos.get(networkOf(model)) ?? {};
  if (!isPredictor(model)) return known;
  const { classNames, featureNames, preprocessing } = model;
  return { ...known, ...(classNames && { classNames }), featureNames, preprocessing };
}

/** Keeps what is known of a model. */
export function setModelInfo(model: AnyModel, info: ModelInfo): void {
  infos.set(networkOf(model), info);
}

/** The names of {@link ModelInfo}'s options. */
export const infoKeys = ['classNames', 'featureNames', 'preprocessing', 'origin'] as const;

/** What is known of `model`: what is `given` now, else what was known already; checked, and as JSON. */
export function completeInfo(where: string, model: AnyModel, given: ModelInfo): ModelInfo {
  const all: ModelInfo = { ...modelInfo(model), ...given };
  const info: Record<string, unknown> = {};
  for (const key of infoKeys) {
    // As JSON, which a fitted transformer turns itself into.
    if (all[key] !== undefined) info[key] = asJson(where, key, all[key]);
  }
  const { hasProbabilities, inputSize, task } = networkOf(model);
  // A loss of one's own may have classes without probabilities, whose number nobody knows then.
  const [fewest, most] = task === 'regression' ? [0, 0] : [1, Number.POSITIVE_INFINITY];
  const classes = hasProbabilities && networkOf(model).predictProbabilities(noRows(inputSize)).shape[1];
  const sizes = { classNames: [classes || fewest, classes || most], featureNames: [inputSize, inputSize] };
  for (const [name, [minLength, maxLength]] of Object.entries(sizes)) {
    if (info[name] !== undefined) checkOption(where, name, info[name], list(text(), { minLength, maxLength }));
  }
  return info;
}

function asJson(where: string, name: string, value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return fail(where, name, 'what JSON can hold', value);
  }
}

const noRows = (columns: number): Matrix => ({ data: new Float32Array(0), shape: [0, columns] });

/** Checks that `model` is one, and that its types say which kinds it is of. */
export function checkModel(where: string, model: unknown): void {
  const { getWeights, models } = (model ?? {}) as { getWeights?: unknown; models?: unknown };
  if (!isPredictor(model) && typeof getWeights !== 'function' && !Array.isArray(models)) {
    fail(where, 'model', 'a model or an ensemble', model, 'Use what sequential(), ensemble() or fitTable() returns.');
  }
  const network = networkOf(model as AnyModel);
  const networks = 'models' in network ? network.models : [network];
  // In a file or an export, a kind of the user's own with the type of one of the package would be taken for that.
  extendCatalog(
    savedCatalog(catalog),
    networks.flatMap((each) => [...factoriesOf(each.toJSON())]),
  );
}

/** The kinds that a file may hold. */
export const savedCatalog = (known: Catalog): Catalog => extendCatalog(known, tableLayers);

/** What the descriptions in `value` are made by. */
function* factoriesOf(value: unknown): Generator<AnyFactory> {
  if (typeof value !== 'object' || value === null) return;
  const factory = factoryOf(value);
  if (factory) yield factory;
  for (const part of Object.values(value)) yield* factoriesOf(part);
}
