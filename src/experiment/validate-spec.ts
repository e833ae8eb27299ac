// Checks an experiment spec and reports every problem at once, each with its path.
import * as z from 'zod';
import { catalog as builtIn } from '../catalog/index.ts';
import { type Catalog, checkKeys, definitionOf, ParameterError, withDefaults } from '../errors/index.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import { conflict, earlyStopping, recordedSeries, unrecorded } from '../train/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { kindOf } from './kinds.ts';
import { holderOf, valueAt } from './paths.ts';
import { countTrials, variantPoints } from './plan.ts';
import { broken, type Problem, pathText, problemsIn, problemsOf, where } from './problems.ts';
import { repeated, type SpecSchema, schemaOf } from './schema.ts';
import { type Settings, settingsOf, sweptPaths } from './settings.ts';
import { parametersOf } from './spaces.ts';
import { type ExperimentSpec, MOST_TRIALS, type SweepSpec, type VariantSpec } from './spec.ts';
import { sweepProblems } from './sweep.ts';
import { canJudge, changesLoss, lossOf, recordedMetrics, scoresMeans, taskOf } from './task.ts';
import { pointText } from './trial-name.ts';

/** Options of {@link validateSpec}. */
export interface ValidateOptions {
  /** The kinds that the spec may use; those of the package by default. */
  catalog?: Catalog;
}

/**
 * Checks that `value` is an {@link ExperimentSpec} and returns a copy of it, without `$schema`, with its keys in a fixed order.
 *
 * Every variant is checked at every point of a sweep, so that no trial fails for its parameters alone. Data files are not
 * read.
 *
 * @throws ParameterError that lists all problems, each with its path such as `variants[2].network.l1`.
 * @example
 * ```js
 * import { presets, validateSpec } from 'regulus/experiment';
 * console.log(validateSpec(presets.moons).name); // moons
 * ```
 */
export function validateSpec(value: unknown, options: ValidateOptions = {}): ExperimentSpec {
  checkKeys('validateSpec', options, ['catalog']);
  const { catalog = builtIn } = options;
  const schema = schemaOf(catalog);
  const root = ownCopy(value);
  const { data, error } = schema.spec.safeParse(root, { jitless: true });
  const sweep = schema.sweep.safeParse((root as { sweep?: unknown } | null | undefined)?.sweep, { jitless: true }).data;
  const own = [...problemsIn(error?.issues ?? [], root), ...(sweep ? sweepProblems(sweep, catalog) : [])];
  const problems = data && own.length === 0 ? trialProblems(data, catalog) : own;
  if (!data || problems.length > 0) throw specError(problems);
  const { $schema, ...spec } = data;
  return spec;
}

/** Problems that are told one by one. */
const MOST_TOLD = 20;

function specError(problems: readonly Problem[]): ParameterError {
  const told = problems.slice(0, MOST_TOLD).map((problem) => problem());
  const more = problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} more`] : [];
  const all = `The experiment spec has ${problems.length} problems:\n- ${[...told, ...more].join('\n- ')}`;
  return new ParameterError(problems.length === 1 ? told[0] : all, { code: 'ERR_SPEC' });
}

/**
 * Checks a spec where it is written, with types: `export default defineExperiment({ … })` in `regulus.config.ts`. A spec with
 * `modules` is checked when it is run, because its kinds are not known before.
 *
 * @example
 * ```js
 * import { defineExperiment } from 'regulus/experiment';
 *
 * export default defineExperiment({
 *   name: 'wine',
 *   dataset: { builtin: 'wine' },
 *   split: { testSize: 0.25, validationSize: 0.2, randomState: 1 },
 *   scaling: 'standard',
 *   network: { hiddenUnits: [16] },
 *   training: { epochs: 30, batchSize: 16, optimizer: { type: 'adam' } },
 *   variants: [{ label: 'Plain' }, { label: 'L2', network: { l2: 0.001 } }],
 *   seeds: { count: 3 },
 * });
 * ```
 */
export function defineExperiment(spec: ExperimentSpec): ExperimentSpec {
  return spec?.modules?.length ? spec : validateSpec(spec);
}

/** How deep objects and lists may lie in each other: further than any spec needs, and not too far for the call stack. */
const MOST_LEVELS = 100;

/** As JSON would keep it: own keys only, and none without a value. */
function ownCopy(value: unknown, above: readonly unknown[] = []): unknown {
  // No spec holds itself, so such a value is wrong wherever it stands and need not be copied.
  if (typeof value !== 'object' || value === null || above.includes(value)) return value;
  if (above.length === MOST_LEVELS) {
    throw new ParameterError(`Objects and lists in ${where} must lie at most ${MOST_LEVELS} levels deep. Got more.`, {
      code: 'ERR_SPEC',
    });
  }
  const copy = (item: unknown) => ownCopy(item, [...above, value]);
  if (Array.isArray(value)) return value.map(copy);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, copy(item)]));
}

function trialProblems(spec: ExperimentSpec, catalog: Catalog): Problem[] {
  const count = countTrials(spec, catalog);
  if (count > MOST_TRIALS) {
    const most = `at most ${MOST_TRIALS} are allowed. Take fewer seeds or points.`;
    return [() => `Got ${count} trials from ${where}, and ${most}`];
  }
  // What is wrong with the experiment's own training is told once, and not for each variant that has it.
  const own = [
    ...splitProblems(spec, catalog),
    ...metricProblems(spec, catalog),
    ...trainingProblems(spec, spec.training, catalog),
  ];
  if (own.length > 0) return own;
  return [
    ...('parameters' in (spec.sweep ?? {}) ? Object.keys(parametersOf(spec.sweep)) : []).flatMap((path) =>
      idleProblems(spec, path, catalog),
    ),
    ...spec.variants.flatMap((variant) => variantProblems(spec, variant, catalog)),
  ];
}

/** Only classes have shares that every part can keep. */
function splitProblems({ split: { stratify }, training }: ExperimentSpec, catalog: Catalog): Problem[] {
  const { type, targets } = lossOf(training, catalog);
  if (!stratify || targets === 'classes') return [];
  return [broken(['split', 'stratify'], `false for numbers, which ${type} is for`, stratify)];
}

/** Metrics must make sense for what the loss predicts, and differ in their type, which is their name in results. */
function metricProblems({ metric, metrics = [], training }: ExperimentSpec, catalog: Catalog): Problem[] {
  const task = taskOf(training, catalog);
  const given = [
    ...(metric === undefined || metric === 'dataLoss' ? [] : [{ path: ['metric'], metric }]),
    ...metrics.map((own, i) => ({ path: ['metrics', i], metric: own })),
  ];
  const described = given.map(({ metric }) => kindOf('metric', metric, catalog));
  const texts = described.map((metric) => canonicalJson(withDefaults(metric)));
  const twice = [...repeated(described.map(({ type }) => type))]
    // What decides may be named among the others, too.
    .filter(([i, first]) => given[first].path.length > 1 || texts[i] !== texts[first])
    .map(([i, first]) => {
      const rule = `of another type than ${pathText(given[first].path)}, as results name metrics by it`;
      return broken(given[i].path, rule, given[i].metric);
    });
  const wrong = given.flatMap(({ path, metric }, i) => {
    const { definition } = definitionOf<MetricDefinition>('metric', where, 'metric', described[i]);
    if (definition.tasks.includes(task)) return [];
    const remedy = `${definition.type} is for ${definition.tasks.join(', ')}.`;
    return [broken(path, `a metric for ${task}`, metric, remedy)];
  });
  return [...twice, ...wrong];
}

/** A parameter of the sweep has to concern a variant. */
function idleProblems(spec: ExperimentSpec, path: string, catalog: Catalog): Problem[] {
  if (spec.variants.some((variant) => sweptPaths(spec, variant, catalog).includes(path))) return [];
  const holder = holderOf(path);
  const reasons = spec.variants.map((variant) => {
    if (valueAt(variant, path) !== undefined) return 'a value of its own is set';
    const isThere = valueAt(settingsOf(spec, variant), holder) !== undefined;
    return isThere ? `'${holder}' is of a kind without it` : `there is no '${holder}'`;
  });
  return [() => `The sweep of '${path}' concerns no variant, because in each ${[...new Set(reasons)].join(' or ')}.`];
}

/** Speaks of the first point that goes wrong only: its neighbours mostly go wrong in the same way. */
function variantProblems(spec: ExperimentSpec, variant: VariantSpec, catalog: Catalog): Problem[] {
  const own = `In variant '${variant.label}'`;
  const schema = schemaOf(catalog).settings;
  const problems = problemsOf(z.object(schema), settingsOf(spec, variant));
  if (problems.length > 0) return problems.map((problem) => () => `${own}: ${problem()}`);
  const swept = sweptSettings(spec.sweep, schema);
  for (const { point, settings } of variantPoints(spec, variant, catalog)) {
    const wrong = [...problemsOf(swept, settings), ...trainingProblems(spec, settings.training, catalog)];
    const place = point ? `${own}, at ${pointText(point)}` : own;
    if (wrong.length > 0) return wrong.map((problem) => () => `${place}: ${problem()}`);
  }
  return [];
}

function trainingProblems(spec: ExperimentSpec, training: Settings['training'], catalog: Catalog): Problem[] {
  const at = (key: keyof typeof training, rule: string, remedy?: string) =>
    broken(['training', key], rule, training[key], remedy);
  const [base, own] = [spec.training, training].map((each) => lossOf(each, catalog));
  // All trials are judged by one metric, so their losses must be for the same kind of targets.
  if (base.targets !== own.targets) {
    return [at('loss', `for ${base.targets}, as that of the experiment is (${base.type})`)];
  }
  // By default another metric decides where losses differ.
  if (spec.metric === 'dataLoss' && changesLoss(spec.training, training, catalog)) {
    const remedy =
      "Leave out 'metric', or name one such as 'meanAbsoluteError': values of two losses cannot be compared.";
    return [at('loss', 'that of the experiment, as it decides', remedy)];
  }
  const metrics = recordedMetrics(spec, catalog).map((metric) => kindOf('metric', metric, catalog));
  const judging = metrics.find((metric) => !canJudge(metric, training, catalog));
  const { classWeight, members, earlyStopping: stopping, callbacks = [] } = training;
  const task = taskOf(training, catalog);
  const isWeighted = classWeight !== undefined && task !== 'classification';
  const isMeanless = members !== undefined && !scoresMeans(training, catalog);
  const recorded = recordedSeries(
    metrics.map(({ type }) => type),
    true,
  );
  const watching = [
    ...(stopping ? [{ path: ['training', 'earlyStopping'], callback: earlyStopping(stopping) }] : []),
    ...callbacks.map((json, i) => ({
      path: ['training', 'callbacks', i],
      callback: kindOf('callback', json, catalog),
    })),
  ];
  const unknown = watching.flatMap(({ path, callback }) => {
    const problem = unrecorded(callback, recorded, 'the experiment');
    return problem ? [broken([...path, problem.option], problem.rule, problem.value, problem.remedy)] : [];
  });
  const twice = conflict(watching.map(({ callback }) => callback));
  const onlyLoss = 'It predicts more than a number for each target, so dataLoss alone can decide.';
  return [
    ...(judging ? [at('loss', `one that ${judging.type} can judge`, onlyLoss)] : []),
    ...(isWeighted ? [at('classWeight', `left out for ${task}`)] : []),
    ...(isMeanless ? [at('members', `left out for ${own.type}, which cannot score a mean of predictions`)] : []),
    ...unknown,
    ...(twice ? [at('callbacks', twice.rule, twice.remedy)] : []),
  ];
}

/** Only what a sweep changes need be checked at every point. */
function sweptSettings(sweep: SweepSpec | undefined, schema: SpecSchema['settings']): z.ZodType {
  const names = Object.keys(parametersOf(sweep)).map((path) => path.split(/[.[]/)[0] as keyof typeof schema);
  return z.object(Object.fromEntries(names.map((name) => [name, schema[name]])));
}
