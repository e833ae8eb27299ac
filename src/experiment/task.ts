// What an experiment predicts, and what it is judged by: the loss of its training, and the metrics that are recorded.
import { createEngine, Memory } from '../backend/index.ts';
import { catalog as builtIn } from '../catalog/index.ts';
import { type Catalog, checkCatalog, checkParts, definitionOf, withDefaults } from '../errors/index.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import type { LossDefinition, RunningLoss, TargetFacts, Task } from '../nn/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { kindOf, type NamedKind, withAllKinds } from './kinds.ts';
import type { MetricFacts } from './results.ts';
import { sweptPaths } from './settings.ts';
import { type ExperimentSpec, filled, specRules, trainingRules } from './spec.ts';

/** What a spec's loss says of the data. */
export interface SpecLoss extends Pick<LossDefinition, 'type' | 'targets'> {
  /** The size of the last layer for data. */
  outputs(data: { readonly [N in keyof TargetFacts]-?: TargetFacts[N] | undefined }): number;
}

/** The part of a training that names the loss, by default that of the rules. */
interface LossPart {
  readonly loss?: NamedKind | undefined;
}

const describedLoss = ({ loss = trainingRules.loss.default as NamedKind }: LossPart, catalog: Catalog) =>
  kindOf('loss', loss, catalog);

const lossDefinition = (training: LossPart, catalog: Catalog) =>
  definitionOf<LossDefinition>('loss', 'the experiment spec', 'loss', describedLoss(training, catalog));

/**
 * The loss of a spec's or a trial's training.
 *
 * @hidden
 */
export function lossOf(training: LossPart, catalog: Catalog): SpecLoss {
  checkParts('lossOf', 'training', training);
  const { definition, options } = lossDefinition(training, catalog);
  const { type, targets } = definition;
  const outputs: SpecLoss['outputs'] = ({ classes, columns }) =>
    definition.outputs({ ...(classes && { classes }), ...(columns && { columns }) }, options);
  return { type, targets, outputs };
}

/**
 * The metric that decides: the spec's; else accuracy where the loss is for classes, and where not, the loss without penalty, or
 * `rootMeanSquaredError` where it is not the same loss everywhere.
 *
 * @hidden
 */
export function decidingMetric(spec: ExperimentSpec, catalog: Catalog = builtIn): DecidingMetric {
  checkParts('decidingMetric', 'spec', spec, { training: 'object' });
  checkCatalog('decidingMetric', catalog);
  const name = spec.metric === undefined ? defaultMetric(spec, catalog) : typeOf(spec.metric);
  return { name, ...metricFacts(name, catalog) };
}

/** What the loss of a training is for, as far as a spec says: how many classes or numbers there are, only the data do. */
export const taskOf = (training: LossPart, catalog: Catalog): Task => runningLoss(training, catalog).task;

/** Whether the loss can score means of what several networks predict. */
export function scoresMeans(training: LossPart, catalog: Catalog): boolean {
  const { task, probabilities, values } = runningLoss(training, catalog);
  return task === 'regression' ? values === undefined : probabilities !== undefined;
}

/** Whether the metric can be computed for what the loss predicts; of classes, only the data say how many there are. */
export function canJudge(metric: NamedKind, training: LossPart, catalog: Catalog): boolean {
  const { task, targetSize: targets, outputs } = runningLoss(training, catalog);
  if (task !== 'regression' || outputs === targets) return true;
  const json = kindOf('metric', metric, catalog);
  const { definition, options } = definitionOf<MetricDefinition>('metric', 'the experiment spec', 'metric', json);
  try {
    definition.start(options, { task, classes: 0, outputs, targets });
    return true;
  } catch {
    return false;
  }
}

function runningLoss(training: LossPart, catalog: Catalog): RunningLoss & { outputs: number } {
  const { definition, options } = lossDefinition(training, catalog);
  const outputSize = definition.outputs(definition.targets === 'classes' ? { classes: 2 } : { columns: 1 }, options);
  const { backend } = createEngine({ backend: 'js' });
  const loss = definition.build(options, { outputSize, backend, memory: new Memory(backend) });
  return { ...loss, outputs: outputSize };
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

/** Whether the path of a parameter is that of the loss, or of an option of it. */
export const isOfLoss = (path: string): boolean => /^training\.loss\b/.test(path);

/** Values of two losses cannot be compared. */
function defaultMetric(spec: ExperimentSpec, catalog: Catalog): string {
  const { training, variants = [] } = spec;
  if (lossOf(training, catalog).targets === 'classes') return 'accuracy';
  const differs = variants.some(
    (variant) => changesLoss(training, variant.training, catalog) || sweptPaths(spec, variant, catalog).some(isOfLoss),
  );
  return differs ? 'rootMeanSquaredError' : 'dataLoss';
}

/** Whether a variant's training has another loss than the experiment's. */
export function changesLoss(base: LossPart, own: LossPart | undefined, catalog: Catalog): boolean {
  const text = (training: LossPart) => canonicalJson(withDefaults(describedLoss(training, catalog)));
  return own?.loss !== undefined && text(own) !== text(base);
}

/** What is recorded beside the losses: the default metric, the one that decides, and those that the spec asks for. */
export function recordedMetrics(spec: ExperimentSpec, catalog: Catalog): NamedKind[] {
  const { metric, metrics } = filled(specRules, spec);
  const all = [defaultMetric(spec, catalog), ...(metric === undefined ? [] : [metric]), ...metrics];
  const types = all.map(typeOf);
  return all.filter((_, i) => types[i] !== 'dataLoss' && types.indexOf(types[i]) === i);
}

const typeOf = (kind: NamedKind): string => (typeof kind === 'string' ? kind : kind.type);
