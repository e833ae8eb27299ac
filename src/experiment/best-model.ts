// The model that an experiment leaves: the best variant on the validation data, all of its seeds as one ensemble.
import { isTable, matrixFromTable } from '../data/index.ts';
import { type Catalog, checkParts } from '../errors/index.ts';
import { sha256 } from '../hash/index.ts';
import { type AnyNetwork, type AnySequential, ensemble, loadModel, saveModel } from '../model/index.ts';
import { ColumnTransformer, Pipeline, SimpleImputer, type Transformer } from '../preprocessing/index.ts';
import { average } from '../statistics/index.ts';
import { predictorFromJson } from '../tables/index.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Results, TrialKey } from './results.ts';
import { isChosen, isSameTrial } from './summarize.ts';

/** What {@link keptModel} returns. */
export interface KeptModel extends Pick<TrialKey, 'variant' | 'point'> {
  seeds: number[];
  /** Means of the metric that decides over these trials. */
  validation: number;
  test: number;
  trials: Results['trials'];
}

/**
 * The trials whose networks a run keeps: of the variant (with a sweep, at its chosen point) with the best mean of the deciding
 * metric on the validation part, those of all seeds; with folds, those of the first fold, because each has preprocessing of its own.
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
  const { variant, own } = groups.reduce((a, b) => (sign * b.validation > sign * a.validation ? b : a));
  const kept = own.filter(({ fold }) => !fold || fold.index === 0);
  return {
    variant,
    ...(own[0].point && { point: own[0].point }),
    seeds: kept.map(({ seed }) => seed),
    validation: average(kept.map(({ validation }) => validation[metric])),
    test: average(kept.map(({ test }) => test[metric])),
    trials: kept,
  };
}

/** Whether a trial is one of those that are kept. */
export const isKept = ({ trials }: KeptModel, trial: TrialKey): boolean =>
  trials.some((kept) => isSameTrial(kept, trial));

/** The model file of the networks of the trials that are kept, on their data. */
export function bestModel(
  results: Results,
  { trials: _, ...kept }: KeptModel,
  files: readonly Uint8Array[],
  data: PreparedData,
  catalog: Catalog,
): Uint8Array {
  const { spec, name: experiment, metric, engine } = results;
  const members = files.map((bytes) => loadModel<AnySequential>(bytes, { catalog }));
  // Without probabilities there is nothing to average for classes.
  const joins = members[0].task === 'regression' || members[0].hasProbabilities;
  const network: AnyNetwork = members.length > 1 && joins ? ensemble(members) : members[0];
  const data256 = 'sha256' in spec.dataset ? { data: spec.dataset.sha256 } : {};
  const origin = { experiment, ...kept, metric, spec: sha256(canonicalJson(spec)), ...data256, engine };
  const preprocessing = ('csv' in spec.dataset ? withoutHoles(joined(data), data) : joined(data)).toJSON();
  try {
    if (network.task === 'multiLabel' || (network.task === 'regression' && network.outputSize > 1)) {
      return saveModel(network, { preprocessing, origin });
    }
    const { inputs: columns, target, targetClasses, missingValues } = data;
    const classes = targetClasses && { classes: targetClasses };
    const json = { task: network.task, target, ...classes, columns, missingValues, preprocessing };
    return saveModel(predictorFromJson(json, network, catalog.transformer as never), { origin });
  } finally {
    for (const member of members) member.dispose();
  }
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
