// Models as files: arrays and a description of what they belong to, in one safetensors file.
import type { Engine } from '../backend/index.ts';
import { catalog } from '../catalog/index.ts';
import {
  type Catalog,
  checkKeys,
  fail,
  formatError,
  fromJson,
  isTypedArray,
  NumericError,
  ParameterError,
  show,
  toBytes,
} from '../errors/index.ts';
import { sha256 } from '../hash/index.ts';
import type { AnyTransformer } from '../preprocessing/index.ts';
import { predictorFromJson } from '../tables/index.ts';
import {
  type AnySequential,
  type Ensemble,
  type EnsembleOptions,
  ensemble,
  type FitState,
  type Predictions,
  type Sequential,
  type SequentialJson,
  sequential,
  type Weights,
} from '../train/index.ts';
import { checkFitState, pack, unpack } from './fit-state.ts';
import {
  type AnyModel,
  type AnyNetwork,
  type AnyPredictor,
  checkModel,
  completeInfo,
  infoKeys,
  isPredictor,
  type ModelInfo,
  networkOf,
  savedCatalog,
  setModelInfo,
} from './info.ts';
import { isObject, parseJson } from './parse-json.ts';
import { bytesOf, dataType, type FileTensor, readSafetensors, writeSafetensors } from './safetensors.ts';

/** Options of {@link saveModel}; those of {@link ModelInfo} are by default what was known when the model was loaded. */
export interface SaveOptions extends ModelInfo {
  /**
   * The state of a fit, as its `checkpoint` has been given it: the file then holds the arrays of that state, and training
   * goes on from it.
   */
  readonly optimizerState?: FitState;
}

/** Options of {@link loadModel}. */
export interface LoadOptions {
  /** The kinds to look types up in; with `extendCatalog` those of your own, too. */
  readonly catalog?: Catalog;
  /** What the model computes with; a shared, reproducible engine by default. */
  readonly engine?: Engine;
}

/** The version of the description in the metadata. */
const VERSION = 1;

/** What the names of arrays begin with that belong to the state of a fit. */
const STATE = 'optimizerState';

/** The keys of the metadata: the description, and the SHA-256 of it and of the arrays. */
const DESCRIPTION = 'regulus';
const CHECKSUM = 'regulus.sha256';

/**
 * A model as a safetensors file, which other programs read, too: its arrays under the names that `getWeights` gives them, in
 * an ensemble behind `model1.`, `model2.` and so on; and in the metadata, under `regulus`, JSON with all that is needed to make it
 * again: layers, loss, seed, how far it was trained, and the {@link ModelInfo}; for a predictor, which reads the rows of a table,
 * also the fitted preprocessing, and what it knows of the columns.
 *
 * @throws ParameterError for an unknown option, names whose number is wrong, or a state of another model.
 * @example
 * ```js
 * import { writeFileSync } from 'node:fs';
 * import { dense, makeMoons, relu, sequential } from 'regulus';
 * import { saveModel } from 'regulus/model';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * await model.fit(makeMoons({ noise: 0.1 }), { epochs: 20 });
 * writeFileSync('moons.safetensors', saveModel(model, { classNames: ['upper', 'lower'] }));
 * ```
 */
export function saveModel(model: AnyModel, options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
  const where = 'saveModel';
  checkKeys(where, options, ['optimizerState', ...infoKeys]);
  checkModel(where, model);
  const { optimizerState, ...info } = options;
  const tensors: FileTensor[] = [];
  let description: object;
  const network = networkOf(model);
  if ('models' in network) {
    if (optimizerState !== undefined)
      fail(where, 'optimizerState', 'left out for an ensemble', optimizerState, 'Save its models one by one.');
    network.models.forEach((member, i) => {
      for (const array of member.getWeights()) tensors.push({ ...array, name: memberPrefix(i) + array.name });
    });
    const { features, weights } = network;
    description = {
      models: network.models.map((member) => member.toJSON()),
      ...(features && { features }),
      ...(weights && { weights }),
    };
  } else {
    tensors.push(...network.getWeights());
    description = { ...network.toJSON(), ...(optimizerState && withState(where, optimizerState, tensors)) };
  }
  const text = JSON.stringify({
    version: VERSION,
    ...description,
    ...completeInfo(where, model, info),
    ...(isPredictor(model) && tableOf(where, model, info)),
  });
  const metadata = new Map([
    [DESCRIPTION, text],
    [CHECKSUM, checksum(text, tensors)],
  ]);
  return writeSafetensors({ metadata, tensors });
}

/** What a predictor knows beside its network, preprocessing as for any model. */
function tableOf(where: string, model: AnyPredictor, { origin, ...given }: ModelInfo): object {
  const [own] = Object.keys(given);
  if (own) fail(where, own, 'left out for a predictor, which knows it', given[own as keyof typeof given]);
  const { preprocessing, ...table } = model.toJSON();
  return { table };
}

const memberPrefix = (i: number) => `model${i + 1}.`;

/** Puts the arrays of the state into `tensors`, the model's own in the place of those that are there. */
function withState(where: string, given: unknown, tensors: FileTensor[]): object {
  const state = checkFitState(where, given);
  if (
    state.weights.length !== tensors.length ||
    state.weights.some(({ length }, i) => length !== tensors[i].data.length)
  ) {
    fail(
      where,
      'optimizerState',
      'a state of this model',
      given,
      'Give what its own fit has handed to checkpoint.save.',
    );
  }
  const weights = state.weights.map((data, i) => {
    tensors[i].data = data;
    return { $tensor: tensors[i].name };
  });
  const { steps, epochs } = state.counters;
  const { weights: _, ...rest } = state;
  return { trained: { steps, epochs }, [STATE]: { weights, ...(pack(rest, STATE, tensors) as object) } };
}

/** Over the description and the arrays by name, not over the file as it is: another program may write it in another order. */
export function checksum(text: string, tensors: readonly FileTensor[]): string {
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sha256(
    text,
    ...sorted.flatMap(({ name, shape, data }) => [JSON.stringify([name, dataType(data), shape]), bytesOf(data)]),
  );
}

/**
 * The model that `saveModel` made a file of: a `Sequential`, an `Ensemble`, or a `TablePredictor`. For TypeScript, `M` names
 * which: `loadModel<Ensemble>(bytes)`.
 *
 * @throws ParameterError for a file that is damaged, of a newer version, or of no model; and for a type of a layer or a loss
 * that is not in the catalog: `loadModel(bytes, { catalog: extendCatalog(catalog, [myLayer]) })` makes it known.
 * @throws NumericError for NaN and Infinity in its arrays.
 * @example
 * ```js
 * import { dense, sequential } from 'regulus';
 * import { loadModel, saveModel } from 'regulus/model';
 *
 * const bytes = saveModel(sequential({ inputSize: 2, layers: [dense(3)] }));
 * console.log(loadModel(bytes).predict({ data: Float64Array.of(1, 2), shape: [1, 2] }));
 * ```
 */
export function loadModel<M extends AnyModel = Sequential>(
  bytes: Uint8Array | ArrayBuffer,
  options: LoadOptions = {},
): M {
  const where = 'loadModel';
  checkKeys(where, options, ['catalog', 'engine']);
  const { description, tensors } = readModelFile(where, bytes);
  const weights = tensors.filter(({ name }) => !name.startsWith(`${STATE}.`)) as Weights;
  for (const { name, data } of weights) {
    if (!isTypedArray(data, 'Float32Array')) throw damaged(`its array ${show(name)} is a ${show(data)}`);
  }
  const { models } = description;
  if (models !== undefined && !Array.isArray(models)) throw damaged(`its 'models' are ${show(models)}`);
  const network = Array.isArray(models)
    ? makeEnsemble(models, description, weights, options)
    : makeModel(description, weights, options);
  const known = infoKeys.filter((key) => description[key] !== undefined);
  try {
    setModelInfo(
      network,
      completeInfo(where, network, Object.fromEntries(known.map((key) => [key, description[key]]))),
    );
    return makePredictor(network, description, options) as M;
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The predictor that was saved, where the file is of one. */
function makePredictor(network: AnyNetwork, { table, preprocessing }: Record<string, unknown>, options: LoadOptions) {
  if (table === undefined) return network;
  if (!isObject(table)) throw damaged(`its 'table' is ${show(table)}`);
  const own = (options.catalog ?? catalog).transformer as readonly AnyTransformer[] | undefined;
  return predictorFromJson({ ...table, preprocessing }, network, own);
}

function makeEnsemble(
  models: unknown[],
  { features, weights: shares }: EnsembleOptions,
  weights: Weights,
  options: LoadOptions,
): Ensemble<Predictions> {
  const made: AnySequential[] = [];
  try {
    for (const [i, json] of models.entries()) {
      const prefix = memberPrefix(i);
      const own = weights.filter(({ name }) => name.startsWith(prefix));
      const arrays = own.map((array) => ({ ...array, name: array.name.slice(prefix.length) }));
      made.push(makeModel(json, arrays, options));
    }
    return ensemble(made, { features, weights: shares });
  } catch (error) {
    for (const model of made) model.dispose();
    throw error;
  }
}

function makeModel(json: unknown, weights: Weights, options: LoadOptions): AnySequential {
  if (!isObject(json)) throw damaged(`a model in it is ${show(json)}`);
  const { inputSize, layers, loss, seed, classes, trained } = json as unknown as SequentialJson;
  if (!Array.isArray(layers)) throw damaged(`its 'layers' are ${show(layers)}`);
  const known = savedCatalog(options.catalog ?? catalog);
  return sequential({
    inputSize,
    layers: layers.map((layer, i) => fromJson('layer', layer, known, 'loadModel', `layers[${i}]`)),
    loss: fromJson('loss', loss, known, 'loadModel'),
    seed,
    ...(classes && { classes }),
    trained,
    weights,
    ...(options.engine && { engine: options.engine }),
  });
}

/**
 * The state of a fit in a file that was saved with `optimizerState`, for `fit({ resume })` of the model in the same file.
 *
 * @throws ParameterError and NumericError as `loadModel`, and for a file without a state.
 * @example
 * ```js
 * import { dense, makeMoons, sequential } from 'regulus';
 * import { loadModel, loadOptimizerState, saveModel } from 'regulus/model';
 *
 * const data = makeMoons();
 * const model = sequential({ inputSize: 2, layers: [dense(2)] });
 * let bytes;
 * const save = (state) => { bytes = saveModel(model, { optimizerState: state }); };
 * await model.fit(data, { epochs: 5, checkpoint: { save } });
 *
 * const loaded = loadModel(bytes); // perhaps another day
 * await loaded.fit(data, { epochs: 10, resume: loadOptimizerState(bytes) }); // epochs 6 to 10
 * ```
 */
export function loadOptimizerState(bytes: Uint8Array | ArrayBuffer): FitState {
  const where = 'loadOptimizerState';
  const { description, tensors } = readModelFile(where, bytes);
  if (description[STATE] === undefined) {
    throw new ParameterError("This model file has no state of a fit. Give saveModel an 'optimizerState' to keep one.");
  }
  const state = checkFitState(
    where,
    unpack(description[STATE], new Map(tensors.map(({ name, data }) => [name, data]))),
  );
  for (const array of [...state.weights, ...state.optimizer.tensors]) {
    if (!array.every(Number.isFinite))
      throw new NumericError('The arrays of a model file must be finite. Got NaN or Infinity.');
  }
  return state;
}

/** The description and the arrays of a file, which its checksum agrees with. */
function readModelFile(where: string, given: unknown) {
  const remedy = 'Give the content of the file: readFileSync(path), or await response.arrayBuffer().';
  const bytes = toBytes(where, 'bytes', given, remedy);
  const { metadata, tensors } = readSafetensors('This model file', bytes);
  const text = metadata.get(DESCRIPTION);
  if (text === undefined)
    throw formatError("This safetensors file holds arrays, but no model of Regulus: its metadata have no 'regulus'.");
  const description = parseJson("The 'regulus' in the metadata of this model file", text);
  if (!isObject(description)) throw damaged(`its description is ${show(description)}`);
  const { version } = description;
  if (!Number.isInteger(version)) throw damaged(`its version is ${show(version)}`);
  if (Number(version) > VERSION) {
    throw formatError(
      `This model file has version ${version}, and this Regulus reads files up to version ${VERSION}. Update Regulus.`,
    );
  }
  if (metadata.get(CHECKSUM) !== checksum(text, tensors))
    throw damaged('its checksum is not that of its content', 'ERR_CHECKSUM');
  return { description, tensors };
}

const damaged = (detail: string, code: 'ERR_FORMAT' | 'ERR_CHECKSUM' = 'ERR_FORMAT') =>
  new ParameterError(`This model file is damaged: ${detail}. Save or copy it again.`, { code });
