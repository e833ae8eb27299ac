// The plan of an experiment: a valid spec becomes trials, one for every variant at every point of the sweep that concerns
// it, on every fold and with every seed.
import { catalog as builtIn } from '../catalog/index.ts';
import {
  type Catalog,
  checkKeys,
  checkOption,
  checkParts,
  type Description,
  type Kind,
  withDefaults,
} from '../errors/index.ts';
import {
  batchNormalization,
  dense,
  expandLayers,
  l1l2,
  maxNorm,
  l1 as onlyL1,
  l2 as onlyL2,
  type Task,
} from '../nn/index.ts';
import { canScaleTargets, presetLayers } from '../tables/index.ts';
import { conflict, earlyStopping as stopEarly } from '../train/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { kindOf, type NamedKind } from './kinds.ts';
import { withValue } from './paths.ts';
import { type Settings, settingsOf, sweptPaths } from './settings.ts';
import {
  completed,
  type ExperimentSpec,
  type FoldSpec,
  filled,
  type ModuleFile,
  type NetworkSpec,
  type Numerics,
  perceptron,
  type SweepPoint,
  specRules,
  type Trial,
  trainingRules,
  type VariantSpec,
} from './spec.ts';
import { countPoints, points } from './sweep.ts';
import { recordedMetrics, taskOf } from './task.ts';

/** Options of {@link expand} and {@link trials}. */
export interface ExpandOptions {
  /** Default `'reproducible'`. */
  numerics?: Numerics;
  /** The kinds that the spec may use; those of the package by default. */
  catalog?: Catalog;
}

/**
 * Trials of a valid spec, made one by one: variant by variant, within each point by point, fold by fold, and seeds in
 * order. The first trial of each point also asks for the figures' numbers.
 *
 * @example
 * ```js
 * import { presets, trials } from 'regulus/experiment';
 *
 * for (const { variant, seed } of trials(presets.moons)) console.log(variant, seed);
 * ```
 */
export function* trials(spec: ExperimentSpec, options: ExpandOptions = {}): Generator<Trial> {
  checkKeys('trials', options, ['numerics', 'catalog']);
  checkSpec('trials', spec);
  const { numerics = 'reproducible', catalog = builtIn } = options;
  const seeds = seedList(spec.seeds);
  const { dataset, split } = spec;
  const modules = spec.modules as readonly ModuleFile[] | undefined;
  const describe = describer(catalog);
  const metrics = recordedMetrics(spec, catalog).map((metric) => describe('metric', metric));
  for (const variant of spec.variants) {
    for (const { point, settings } of variantPoints(spec, variant, catalog)) {
      const resolved = resolve(settings, catalog);
      let figures = true;
      for (const fold of folds(spec)) {
        for (const seed of seeds) {
          yield {
            variant: variant.label,
            ...(point && { point }),
            ...(fold && { fold }),
            seed,
            ...(modules?.length && { modules }),
            dataset,
            split,
            ...resolved,
            metrics,
            numerics,
            figures,
          };
          figures = false;
        }
      }
    }
  }
}

/**
 * All {@link trials} at once.
 *
 * @example
 * ```js
 * import { expand, presets } from 'regulus/experiment';
 * console.log(expand({ ...presets.moons, seeds: [1, 2] }).length); // 10: five variants with two seeds
 * ```
 */
export function expand(spec: ExperimentSpec, options: ExpandOptions = {}): Trial[] {
  return [...trials(spec, options)];
}

/**
 * How many {@link trials} there are, without making them.
 *
 * @example
 * ```js
 * import { countTrials, presets } from 'regulus/experiment';
 * console.log(countTrials({ ...presets.moons, seeds: { count: 100 } })); // 500
 * ```
 */
export function countTrials(spec: ExperimentSpec, catalog: Catalog = builtIn): number {
  checkSpec('countTrials', spec);
  const seeds = Array.isArray(spec.seeds) ? spec.seeds.length : (spec.seeds as { count: number }).count;
  const settings = spec.variants.map((variant) =>
    spec.sweep ? countPoints(spec.sweep, sweptPaths(spec, variant, catalog), catalog) : 1,
  );
  return settings.reduce((sum, count) => sum + count, 0) * folds(spec).length * seeds;
}

/**
 * The seeds of a spec, one by one.
 *
 * @example
 * ```js
 * import { seedList } from 'regulus/experiment';
 * console.log(seedList({ start: 7, count: 3 })); // [7, 8, 9]
 * ```
 */
export function seedList(seeds: ExperimentSpec['seeds']): readonly number[] {
  const checked = checkOption('seedList', 'seeds', seeds, specRules.seeds) as ExperimentSpec['seeds'];
  if (Array.isArray(checked)) return checked;
  const { start, count } = completed(specRules.seeds, checked) as { start: number; count: number };
  return Array.from({ length: count }, (_, i) => start + i);
}

/** A spec that is not valid, which `validateSpec` would explain, is refused by the first of its parts that is missing. */
function checkSpec(where: string, spec: unknown): void {
  const remedy = 'Call validateSpec first, which says all that is wrong with a spec.';
  checkParts(where, 'spec', spec, { dataset: 'object', split: 'object', training: 'object', variants: 'list' }, remedy);
}

/**
 * The settings of a variant at a point of the sweep.
 *
 * @hidden
 */
export function settingsAt(spec: ExperimentSpec, variant: VariantSpec, point: SweepPoint = {}): Settings {
  checkSpec('settingsAt', spec);
  checkParts('settingsAt', 'variant', variant);
  checkParts('settingsAt', 'point', point);
  const base = settingsOf(spec, variant);
  return Object.entries(point).reduce((settings, [path, value]) => withValue(settings, path, value), base);
}

/** The settings of a variant at every point of the sweep that concerns it; once without a sweep. */
export function* variantPoints(
  spec: ExperimentSpec,
  variant: VariantSpec,
  catalog?: Catalog,
): Generator<{ point?: SweepPoint; settings: Settings }> {
  const paths = sweptPaths(spec, variant, catalog);
  if (!spec.sweep || paths.length === 0) yield { settings: settingsOf(spec, variant) };
  else {
    for (const point of points(spec.sweep, paths, catalog)) yield { point, settings: settingsAt(spec, variant, point) };
  }
}

/** Makes descriptions of kinds, with all their defaults. */
const describer =
  (catalog: Catalog) =>
  <K extends Kind>(kind: K, json: NamedKind): Description<K> =>
    withDefaults(kindOf(kind, json, catalog));

/** The settings of a trial, every kind as a description. */
function resolve({ preprocessing, scaling, network, training }: Settings, catalog: Catalog) {
  const describe = describer(catalog);
  const { optimizer, loss, augment, earlyStopping, callbacks, scaleTarget, ...plain } = filled(trainingRules, training);
  const { layers, outputRegularizer } = networkOf(network, () => taskOf(training, catalog));
  const described = describe('loss', loss);
  const own = [...(earlyStopping ? [stopEarly(earlyStopping)] : []), ...callbacks].map((callback) =>
    kindOf('callback', callback, catalog),
  );
  return {
    ...(preprocessing && { preprocessing: preprocessing.map((each) => describe('transformer', each)) }),
    scaling,
    network: {
      layers: expandLayers(layers.map((layer) => kindOf('layer', layer, catalog))).map(withDefaults),
      ...(outputRegularizer && { outputRegularizer }),
    },
    training: {
      ...plain,
      optimizer: describe('optimizer', optimizer),
      loss: described,
      ...(scaleTarget && canScaleTargets(described) && { scaleTarget }),
      ...(augment && { augment: augment.map((each) => describe('augmentation', each)) }),
      callbacks: (plain.members === undefined ? own : keepingBest(own, plain.epochs)).map(withDefaults),
    },
  };
}

/** The callbacks of members: each keeps its best epoch, unless there is early stopping or another callback that decides which weights are kept. */
function keepingBest(callbacks: Description<'callback'>[], epochs: number): Description<'callback'>[] {
  const best = stopEarly({ patience: epochs, monitor: 'valDataLoss' });
  const isDecided = callbacks.some(({ type }) => type === best.type) || conflict([...callbacks, best]) !== undefined;
  return isDecided ? callbacks : [...callbacks, best];
}

function networkOf(
  network: NetworkSpec,
  taskOf: () => Task,
): {
  layers: readonly NamedKind[];
  outputRegularizer?: Description<'regularizer'> | undefined;
} {
  if ('layers' in network) return network;
  if ('preset' in network) {
    const { preset, ...options } = network;
    return { layers: presetLayers(preset, { ...options, task: taskOf() }) };
  }
  const { hiddenUnits, activation, l1, l2, dropout: rate, ...more } = filled(perceptron, network);
  const { dropConnect, batchNormalization: isNormalized, maxNorm: norm, residual: survival } = more;
  const regularizer = penalty(l1, l2);
  const layers = hiddenUnits.flatMap((units) => {
    const hidden = [
      dense(units, {
        kernelRegularizer: regularizer,
        ...(dropConnect > 0 && { dropConnect }),
        ...(norm !== undefined && { kernelConstraint: maxNorm(norm) }),
      }),
      ...(isNormalized ? [batchNormalization()] : []),
      activation,
      ...(rate !== 0 ? [{ type: 'dropout', rate }] : []),
    ];
    if (survival === undefined) return hidden;
    return [{ type: 'residual', layers: hidden, survivalProbability: survival, projection: true }];
  });
  return { layers, outputRegularizer: regularizer };
}

function penalty(l1: number, l2: number): Description<'regularizer'> | undefined {
  if (l1 > 0 && l2 > 0) return l1l2({ l1, l2 });
  if (l1 > 0) return onlyL1(l1);
  return l2 > 0 ? onlyL2(l2) : undefined;
}

/**
 * What identifies a trial: everything that its numbers depend on, as one text. Its label and point, whether figures are
 * wanted and where files are do not count; equal settings that are written in two ways do.
 *
 * @example
 * ```js
 * import { expand, presets, trialIdentity } from 'regulus/experiment';
 *
 * const [trial] = expand(presets.moons);
 * console.log(trialIdentity({ ...trial, variant: 'Another name' }) === trialIdentity(trial)); // true
 * console.log(trialIdentity({ ...trial, seed: 7 }) === trialIdentity(trial)); // false
 * ```
 */
export function trialIdentity(trial: Trial): string {
  checkParts('trialIdentity', 'trial', trial, { dataset: 'object', split: 'object' });
  const { variant, point, figures, dataset, split, ...rest } = trial;
  return canonicalJson({
    ...rest,
    dataset: completed(specRules.dataset, dataset),
    split: completed(specRules.split, split),
  });
}

/** The folds of every variant; one that is undefined where the split has none. */
export function folds({ split }: ExperimentSpec): (FoldSpec | undefined)[] {
  if (!('folds' in split)) return [undefined];
  return Array.from({ length: split.folds }, (_, index) => ({ index, of: split.folds }));
}
