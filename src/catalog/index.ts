// The lists of all kinds, for those who look types up: specs, worker threads, files. Models and training do not need it.
import { type Catalog, type Description, extendCatalog, fromJson, type Kind } from '../errors/index.ts';
import { coreMetrics, metrics } from '../metrics/index.ts';
import { constraints, initializers, layers, losses, regularizers, tableLayers } from '../nn/index.ts';
import { optimizers, schedules } from '../optim/index.ts';
import { augmentations, callbacks } from '../train/index.ts';

export { described } from './described.ts';

/**
 * The kinds of the entry `regulus`. Of metrics these are accuracy and macro F1; the others are the list `metrics` of
 * `regulus/metrics`, which `extendCatalog(catalog, Object.values(metrics))` adds, and more layers are `tableLayers` of `regulus/tables`.
 *
 * @example
 * ```js
 * import { catalog } from 'regulus';
 * for (const [kind, factories] of Object.entries(catalog)) console.log(kind, factories.map(({ name }) => name));
 * ```
 */
export const catalog: Catalog = {
  layer: layers,
  loss: losses,
  metric: coreMetrics,
  regularizer: regularizers,
  constraint: constraints,
  initializer: initializers,
  optimizer: optimizers,
  schedule: schedules,
  callback: callbacks,
  augmentation: augmentations,
};

/**
 * `known` with those further metrics and layers: for specs, and for other threads, which are sent JSON.
 *
 * @hidden
 */
export const wholeCatalog = (known: Catalog): Catalog =>
  extendCatalog(known, [...Object.values(metrics), ...tableLayers]);

/** Makes a description of one kind from JSON, by the kinds that are `known`: those of the core by default. */
export type FromJson<K extends Kind> = (json: unknown, known?: Catalog) => Description<K>;

/* @__NO_SIDE_EFFECTS__ */
function reader<K extends Kind>(kind: K): FromJson<K> {
  return (json, known = catalog) => fromJson(kind, json, known);
}

/**
 * The layer that `json` describes, such as `{ type: 'dense', units: 4 }`: a description that `sequential` takes. So do its
 * siblings for the other kinds. `known` are the kinds to look types up in, with `extendCatalog` those of your own too.
 *
 * @throws ParameterError for an unknown type, and for what the layer's factory refuses.
 * @example
 * ```js
 * import { layerFromJson, sequential } from 'regulus';
 *
 * const json = '[{ "type": "dense", "units": 4 }, { "type": "relu" }, { "type": "dense", "units": 2 }]';
 * console.log(sequential({ inputSize: 2, layers: JSON.parse(json).map((layer) => layerFromJson(layer)) }).summary());
 * ```
 */
export const layerFromJson: FromJson<'layer'> = reader('layer');
/**
 * As {@link layerFromJson}, for losses.
 *
 * @example
 * ```js
 * import { lossFromJson } from 'regulus';
 * console.log(lossFromJson({ type: 'binaryCrossEntropy' }));
 * ```
 */
export const lossFromJson: FromJson<'loss'> = reader('loss');
/**
 * As {@link layerFromJson}, for metrics; those of `regulus/metrics` have to be in `known`.
 *
 * @example
 * ```js
 * import { metricFromJson } from 'regulus';
 * console.log(metricFromJson({ type: 'macroF1' }));
 * ```
 */
export const metricFromJson: FromJson<'metric'> = reader('metric');
/**
 * As {@link layerFromJson}, for regularizers.
 *
 * @example
 * ```js
 * import { regularizerFromJson } from 'regulus';
 * console.log(regularizerFromJson({ type: 'l2', l2: 0.01 }));
 * ```
 */
export const regularizerFromJson: FromJson<'regularizer'> = reader('regularizer');
/**
 * As {@link layerFromJson}, for constraints.
 *
 * @example
 * ```js
 * import { constraintFromJson } from 'regulus';
 * console.log(constraintFromJson({ type: 'maxNorm', maxValue: 3 }));
 * ```
 */
export const constraintFromJson: FromJson<'constraint'> = reader('constraint');
/**
 * As {@link layerFromJson}, for initializers.
 *
 * @example
 * ```js
 * import { initializerFromJson } from 'regulus';
 * console.log(initializerFromJson({ type: 'glorotUniform' }));
 * ```
 */
export const initializerFromJson: FromJson<'initializer'> = reader('initializer');
/**
 * As {@link layerFromJson}, for optimizers.
 *
 * @example
 * ```js
 * import { optimizerFromJson } from 'regulus';
 * console.log(optimizerFromJson({ type: 'adam', learningRate: 0.01 }));
 * ```
 */
export const optimizerFromJson: FromJson<'optimizer'> = reader('optimizer');
/**
 * As {@link layerFromJson}, for schedules.
 *
 * @example
 * ```js
 * import { scheduleFromJson } from 'regulus';
 * console.log(scheduleFromJson({ type: 'cosineDecay', initialLearningRate: 0.1, decaySteps: 1000 }));
 * ```
 */
export const scheduleFromJson: FromJson<'schedule'> = reader('schedule');
/**
 * As {@link layerFromJson}, for callbacks.
 *
 * @example
 * ```js
 * import { callbackFromJson } from 'regulus';
 * console.log(callbackFromJson({ type: 'earlyStopping', patience: 5 }));
 * ```
 */
export const callbackFromJson: FromJson<'callback'> = reader('callback');
/**
 * As {@link layerFromJson}, for augmentations.
 *
 * @example
 * ```js
 * import { augmentationFromJson } from 'regulus';
 * console.log(augmentationFromJson({ type: 'mixup', alpha: 0.4 }));
 * ```
 */
export const augmentationFromJson: FromJson<'augmentation'> = reader('augmentation');
