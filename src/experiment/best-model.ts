// The model that an experiment leaves: the best variant on the validation data, all of its seeds as one ensemble.
import { isTable, matrixFromTable } from '../data/index.ts';
import { type Catalog, checkParts } from '../errors/index.ts';
import { sha256 } from '../hash/index.ts';
import { type AnyNetwork, ensemble, loadModel, saveModel } from '../model/index.ts';
import { ColumnTransformer, Pipeline, SimpleImputer, type Transformer } from '../preprocessing/index.ts';
import { average } from '../statistics/index.ts';
import { type ColumnSchema, predictorFromJson } from '../tables/index.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Results, TrialKey } from './results.ts';
import { isChosen, isSameTrial } from './summarize.ts';

/** What {@link keptModel} returns. */
export interface KeptModel extends Pick<TrialKey, 'variant' | 'point'> {
  seeds: number[];
  /** How many folds they were trained on. */
  folds?: number;
  /** Means of the metric that decides over these trials. */
  validation: number;
  test: number;
  trials: Results['trials'];
}

/**
 * The trials whose networks a run keeps: of the variant (with a sweep, at its chosen point) with the best mean of the deciding
 * metric on the validation part, those of all seeds, and of all folds.
 *
 * @example
 * ```js
 * import { keptModel, presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const { results } = await runExperiment({ ...moons, training: { ...moons.training, epochs: 2 } });
 * console.log(keptModel(results).variant);
 * ```
 */
export function keptModel(results: Results): KeptModel {
  checkParts('keptModel', 'results', results, { trials: 'list', metrics: 'object' });
  const { trials, metric, metrics, sweep } = results;
  const chosen = trials.filter(({ variant, point }) => isChosen(sweep, variant, point));
  const sign = metrics[metric]?.better === 'higher' ? 1 : -1;
  const groups = [...new Set(chosen.map(({ variant }) => variant))].map((variant) => {
    const own = chosen.filter((trial) => trial.variant === variant);
    return { variant, own, validation: average(own.map(({ validation }) => validation[metric])) };
  });
  const { variant, own, validation } = groups.reduce((a, b) => (sign * b.validation > sign * a.validation ? b : a));
  const [{ point, fold }] = own;
  return {
    variant,
    ...(point && { point }),
    ...(fold && { folds: fold.of }),
    seeds: [...new Set(own.map(({ seed }) => seed))],
    validation,
    test: average(own.map(({ test }) => test[metric])),
    trials: own,
  };
}

/** Whether a trial is one of those that are kept. */
export const isKept = ({ trials }: KeptModel, trial: TrialKey): boolean =>
  trials.some((kept) => isSameTrial(kept, trial));

/** A network that is kept, and its data: those of its fold. */
export interface KeptMember {
  file: Uint8Array;
  data: PreparedData;
}

/** The model file of the networks of the trials that are kept. */
export function bestModel(
  results: Results,
  { trials: _, ...kept }: KeptModel,
  members: readonly KeptMember[],
  catalog: Catalog,
): Uint8Array {
  const { spec, name: experiment, metric, engine } = results;
  // A trial of a snapshot ensemble has left several networks.
  const all = members.flatMap(({ file, data }) => {
    const network = loadModel<AnyNetwork>(file, { catalog });
    return ('models' in network ? network.models : [network]).map((model) => ({ model, data }));
  });
  const models = all.map(({ model }) => model);
  try {
    // Without probabilities there is nothing to average for classes.
    const joins = models[0].task === 'regression' || models[0].hasProbabilities;
    const parts = joins ? all : all.slice(0, 1);
    const sources = [...new Set(parts.map(({ data }) => data))];
    const transformers = sources.map((data) => {
      const transformer = joined(data);
      return 'csv' in spec.dataset ? withoutHoles(transformer, data) : transformer;
    });
    const { transformer, features } = sideBySide(transformers, sources);
    const ranges = sources.length > 1 ? parts.map(({ data }) => features[sources.indexOf(data)]) : undefined;
    const network: AnyNetwork = parts.length > 1 ? ensemble(models, { features: ranges }) : models[0];
    const data256 = 'sha256' in spec.dataset ? { data: spec.dataset.sha256 } : {};
    const origin = { experiment, ...kept, metric, spec: sha256(canonicalJson(spec)), ...data256, engine };
    const preprocessing = transformer.toJSON();
    const [{ target, targetClasses, missingValues }] = sources;
    const classes = targetClasses && { classes: targetClasses };
    const json = { task: network.task, target, ...classes, columns: columnsOf(sources), missingValues, preprocessing };
    return saveModel(predictorFromJson(json, network, catalog.transformer as never), { origin });
  } finally {
    for (const model of models) model.dispose();
  }
}

/** The columns that any of the folds uses: one that is empty in a training part is left out there. */
const columnsOf = (sources: readonly PreparedData[]): ColumnSchema[] => [
  ...new Map(sources.flatMap(({ inputs }) => inputs.map((column) => [column.name, column]))).values(),
];

/** The preprocessing of all folds in one, and where the features of each are. */
function sideBySide(transformers: readonly Transformer[], sources: readonly PreparedData[]) {
  let end = 0;
  const features = transformers.map((transformer): [start: number, end: number] => {
    const start = end;
    end += transformer.getFeatureNamesOut().length;
    return [start, end];
  });
  if (transformers.length === 1) return { transformer: transformers[0], features };
  const parts = transformers.map((transformer, i) => [
    `fold${i + 1}`,
    transformer.toJSON(),
    sources[i].inputs.map(({ name }) => name),
  ]);
  const json = { type: 'ColumnTransformer', options: { transformers: parts }, state: { transformers: parts } };
  return { transformer: ColumnTransformer.fromJSON(json), features };
}

/** New rows of a table may have holes where the training data have none: they are filled with medians where nothing else is done to them. */
function withoutHoles(transformer: Transformer, { inputs, train }: PreparedData): Transformer {
  if (!inputs.every(({ type }) => type === 'number')) return transformer;
  const holes = inputs.map(({ name, type }) => ({ name, type, values: Float64Array.of(Number.NaN) }));
  const made = transformer.transform({ columns: holes, shape: [1, inputs.length] });
  const { data } = isTable(made) ? matrixFromTable('bestModel', made) : made;
  if (!data.some(Number.isNaN)) return transformer;
  const fill = new SimpleImputer({ strategy: 'median' }).fit(train.x);
  return new Pipeline({
    steps: [
      ['features', transformer],
      ['fill', fill],
    ],
  });
}

/** All that is done to the features, as one transformer. */
function joined({ preprocessing, inputs }: PreparedData): Transformer {
  if (preprocessing.length === 1) return preprocessing[0];
  if (preprocessing.length > 1) {
    return new Pipeline({ steps: preprocessing.map((step, i) => [`step${i + 1}`, step]) });
  }
  const none = new ColumnTransformer({ transformers: [], remainder: 'passthrough', verboseFeatureNamesOut: false });
  const columns = inputs.map(({ name }) => ({ name, type: 'number' as const, values: Float64Array.of(0) }));
  return none.fit({ columns, shape: [1, columns.length] });
}
