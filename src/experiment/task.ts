// What an experiment predicts, and what it is judged by: the loss of its training, and the metrics that are recorded.
import { catalog as builtIn } from '../catalog/index.ts';
import { type AnyFactory, type Catalog, type Description, factoryOf, fromJson, type Kind } from '../errors/index.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import type { LossDefinition } from '../nn/index.ts';
import { transformers } from '../preprocessing/index.ts';
import type { MetricFacts } from './results.ts';
import { type ExperimentSpec, filled, specRules, type TrainingSpec, trainingRules } from './spec.ts';

/** A kind as a spec has it: a description, or the name of a type. */
export type NamedKind = string | { readonly type: string };

/** `catalog` with the transformers, which the core's lists leave out because models need none. */
export function withTransformers(catalog: Catalog): Catalog {
  const all = [...(transformers as unknown as readonly AnyFactory<'transformer'>[]), ...(catalog.transformer ?? [])];
  return { ...catalog, transformer: all };
}

/** The description of a kind of a spec. */
export function kindOf<K extends Kind>(kind: K, json: NamedKind, catalog: Catalog): Description<K> {
  const known = kind === 'transformer' ? withTransformers(catalog) : catalog;
  return fromJson(kind, typeof json === 'string' ? { type: json } : json, known, 'the experiment spec');
}

/**
 * The loss of a spec's or a trial's training.
 *
 * @hidden
 */
export function lossOf(training: { readonly loss?: NamedKind | undefined }, catalog: Catalog): LossDefinition {
  const loss = training.loss ?? (trainingRules.loss.default as NamedKind);
  return (factoryOf(kindOf('loss', loss, catalog)) as unknown as { definition: LossDefinition }).definition;
}

/**
 * The metric that decides: the spec's; else accuracy where the loss is for classes, and the loss without penalty where not.
 *
 * @hidden
 */
export function decidingMetric({ metric, training }: ExperimentSpec, catalog: Catalog = builtIn): DecidingMetric {
  const name = metric === undefined ? defaultMetric(training, catalog) : typeOf(metric);
  return { name, ...metricFacts(name, catalog) };
}

/** A metric, and how it is read. */
export interface DecidingMetric extends MetricFacts {
  /** Where it is in a `Score`. */
  name: string;
}

/** How a metric is read; the losses are none of the catalog's. */
export function metricFacts(name: string, catalog: Catalog): MetricFacts {
  const factory = catalog.metric?.find(({ definition }) => definition.type === name);
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
