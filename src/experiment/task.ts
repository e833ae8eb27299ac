// What an experiment predicts, and what it is judged by: the loss of its training, and the metrics that are recorded.
import { createEngine, Memory } from '../backend/index.ts';
import { catalog as builtIn, wholeCatalog } from '../catalog/index.ts';
import {
  type AnyFactory,
  type Catalog,
  checkCatalog,
  checkParts,
  type Description,
  definitionOf,
  extendCatalog,
  fromJson,
  type Kind,
} from '../errors/index.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import type { LossDefinition, RunningLoss, TargetFacts, Task } from '../nn/index.ts';
import { transformers } from '../preprocessing/index.ts';
import type { MetricFacts } from './results.ts';
import { type ExperimentSpec, filled, specRules, type TrainingSpec, trainingRules } from './spec.ts';

/** A kind as a spec has it: a description, or the name of a type. @inline */
export type NamedKind = string | { readonly type: string };

const whole = new WeakMap<Catalog, Catalog>();

/** `catalog` with the layers, metrics and transformers that the core leaves out. */
export function withAllKinds(catalog: Catalog): Catalog {
  const all =
    whole.get(catalog) ?? extendCatalog(wholeCatalog(catalog), transformers as unknown as readonly AnyFactory[]);
  whole.set(catalog, all);
  return all;
}

/** The description of a kind of a spec. */
export function kindOf<K extends Kind>(kind: K, json: NamedKind, catalog: Catalog): Description<K> {
  const description = typeof json === 'string' ? { type: json } : json;
  return fromJson(kind, description, withAllKinds(catalog), 'the experiment spec');
}

/** What a spec's loss says of the data. */
export interface SpecLoss extends Pick<LossDefinition, 'type' | 'targets'> {
  /** The size of the last layer for a dataset. */
  outputs(facts: TargetFacts): number;
}

/**
 * The loss of a spec's or a trial's training.
 *
 * @hidden
 */
export function lossOf(training: { readonly loss?: NamedKind | undefined }, catalog: Catalog): SpecLoss {
  checkParts('lossOf', 'training', training);
  const loss = kindOf('loss', training.loss ?? (trainingRules.loss.default as NamedKind), catalog);
  const { definition, options } = definitionOf<LossDefinition>('loss', 'the experiment spec', 'loss', loss);
  const { type, targets } = definition;
  return { type, targets, outputs: (facts) => definition.outputs(facts, options) };
}

/**
 * The metric that decides: the spec's; else accuracy where the loss is for classes, and the loss without penalty where not.
 *
 * @hidden
 */
export function decidingMetric(spec: ExperimentSpec, catalog: Catalog = builtIn): DecidingMetric {
  checkParts('decidingMetric', 'spec', spec, { training: 'object' });
  checkCatalog('decidingMetric', catalog);
  const { metric, training } = spec;
  const name = metric === undefined ? defaultMetric(training, catalog) : typeOf(metric);
  return { name, ...metricFacts(name, catalog) };
}

/** What the loss of a training is for, as far as a spec says: how many classes or numbers there are, only the data do. */
export const taskOf = (training: { readonly loss?: NamedKind | undefined }, catalog: Catalog): Task =>
  runningLoss(training, catalog).task;

/** Whether the loss can score means of what several networks predict. */
export function scoresMeans(training: { readonly loss?: NamedKind | undefined }, catalog: Catalog): boolean {
  const { task, probabilities, values } = runningLoss(training, catalog);
  return task === 'regression' ? values === undefined : probabilities !== undefined;
}

function runningLoss(training: { readonly loss?: NamedKind | undefined }, catalog: Catalog): RunningLoss {
  const description = kindOf('loss', training.loss ?? (trainingRules.loss.default as NamedKind), catalog);
  const { definition, options } = definitionOf<LossDefinition>('loss', 'the experiment spec', 'loss', description);
  const outputSize = definition.outputs(definition.targets === 'classes' ? { classes: 2 } : { columns: 1 }, options);
  const { backend } = createEngine({ backend: 'js' });
  return definition.build(options, { outputSize, backend, memory: new Memory(backend) });
}

/** A metric, and how it is read. */
export interface DecidingMetric extends MetricFacts {
  /** Where it is in a `Score`. */
  name: string;
}

/** How a metric is read; the losses are none of the catalog's. */
export function metricFacts(name: string, catalog: Catalog): MetricFacts {
  const factory = withAllKinds(catalog).metric?.find(({ definition }) => definition.type === name);
  if (!factory) return { better: 'lower', unit: 'none' };
  const { better, unit } = factory.definition as MetricDefinition;
  return { better, unit };
}

function defaultMetric(training: TrainingSpec, catalog: Catalog): string {
  return lossOf(training, catalog).targets === 'classes' ? 'accuracy' : 'dataLoss';
}

/** What is recorded beside the losses: the default metric, the one that decides, and those that the spec asks for. */
export function recordedMetrics(spec: ExperimentSpec, catalog: Catalog): NamedKind[] {
  const { metric, metrics, training } = filled(specRules, spec);
  const all = [defaultMetric(training, catalog), ...(metric === undefined ? [] : [metric]), ...metrics];
  const types = all.map(typeOf);
  return all.filter((_, i) => types[i] !== 'dataLoss' && types.indexOf(types[i]) === i);
}

const typeOf = (kind: NamedKind): string => (typeof kind === 'string' ? kind : kind.type);
