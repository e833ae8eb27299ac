// Runs an experiment's trials, some at a time, keeps what they find, and sums it up.
import { createEngine } from '../backend/index.ts';
import { catalog as builtIn } from '../catalog/index.ts';
import {
  AbortError,
  type Catalog,
  checkKeys,
  checkOption,
  checkSignal,
  EnvironmentError,
  fail,
  type HostSignal,
  integer,
  NumericError,
  oneOf,
  RegulusError,
  WorkerError,
} from '../errors/index.ts';
import { average } from '../statistics/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { fromBase64 } from './base64.ts';
import { bestModel, isKept, type KeptMember, keptModel } from './best-model.ts';
import { canonicalJson } from './canonical-json.ts';
import { pinFiles, type ReadFile } from './data-files.ts';
import { countTrials, folds, trials } from './plan.ts';
import type { PreparedData } from './prepare-data.ts';
import { scatter } from './probes.ts';
import { referencesOf } from './references.ts';
import type { FigureData, Outcome, Results, TrialResult } from './results.ts';
import { runTrial } from './run-trial.ts';
import type { ExperimentSpec, Numerics, Trial } from './spec.ts';
import { type Splits, splitsOf } from './splits.ts';
import { isChosen, summarize } from './summarize.ts';
import { decidingMetric } from './task.ts';
import { trialKey, trialName } from './trial-name.ts';
import { validateSpec } from './validate-spec.ts';

/**
 * Progress. First `start`, with the number of trials that the store had already; then the events of the trials, which
 * overlap when several run at a time. `index` is a trial's place among all `count`, from 0. A trial that runs on another
 * machine names it, and starts again where that machine was lost. A `warning` says what was found damaged and is done again,
 * what the run waits for, and at the end, which rows and columns of a table were left out.
 */
export type RunEvent =
  | { type: 'start'; count: number; finished: number }
  | { type: 'warning'; message: string }
  | ({ index: number; count: number; trial: Trial } & (
      | { type: 'trialStart'; machine?: string }
      | { type: 'epoch'; epoch: EpochEnd }
      | { type: 'trialEnd'; result: TrialResult; seconds: number }
      | { type: 'trialError'; error: Error }
    ));

/** What a {@link TrialRunner} is given with each trial. */
export interface RunnerHooks {
  signal: HostSignal;
  /** For a runner with `workers`: says that the trial starts now, and on which machine. */
  onStart: (machine?: string) => void;
  /** To be called after every epoch of the trial. */
  onEpochEnd: (epoch: EpochEnd) => void;
  /** Reports what was damaged and is done again, and what the runner waits for. */
  warn: (message: string) => void;
  readFile?: ReadFile;
}

/** Runs one trial; it must give what {@link runTrial} gives. */
export interface TrialRunner {
  (trial: Trial, hooks: RunnerHooks): Promise<TrialResult>;
  /** How many trials it takes at a time: the default of `workers`. Such a runner lets trials wait, and calls `onStart`. */
  readonly workers?: number;
  /** Called before the first trial: the name of the experiment, and how many trials there are to run. */
  begin?(name: string, count: number): void;
  /** Called at the end, however it comes. */
  close?(): Promise<void>;
}

/** A trial's result, and how long it took in seconds. */
export interface FinishedTrial {
  result: TrialResult;
  seconds: number;
}

/**
 * Keeps finished trials. One that outlives the process, such as a folder or IndexedDB, makes experiments resumable. Trials
 * are equal when their `trialIdentity` is: label, point and figures do not count.
 */
export interface TrialStore {
  /** What was put for a trial that is equal to this one, if anything. `warn` reports what is there but damaged. */
  get(trial: Trial, warn: (message: string) => void): FinishedTrial | undefined | Promise<FinishedTrial | undefined>;
  /** Keeps a trial. A rejection ends the experiment. */
  put(trial: Trial, finished: FinishedTrial): void | Promise<void>;
}

/** Options of {@link runExperiment}. */
export interface RunOptions {
  /** Default `'reproducible'`. */
  numerics?: Numerics;
  /** Stops the experiment. */
  signal?: HostSignal;
  /** Called with the progress. A promise that is rejected ends the experiment. */
  onEvent?: (event: RunEvent) => unknown;
  /** How many trials run at a time. Default: as `run` says, else 1, in Node one per core. More than one need `run`, except in Node. */
  workers?: number;
  /** Runs a trial elsewhere, in a Web Worker for example. Default: in this thread, in Node in a pool of worker threads. */
  run?: TrialRunner;
  /** Keeps finished trials; those that it has already are not run. Default: in memory, for this run. */
  store?: TrialStore;
  /** Reads a data file that the spec names. Needed for such specs, except in Node. */
  readFile?: ReadFile;
  /** The kinds that the spec may use; those of the package by default. */
  catalog?: Catalog;
}

const where = 'runExperiment';

/**
 * Runs every trial of `spec`. The results are the same for any number of workers and whatever the store has already.
 *
 * When the loss of a trial stops being finite, or its worker crashes, the other trials go on, and its error is thrown when
 * they have finished. Any other error ends the experiment at once. While trials run, only results that are not in a store
 * are kept in memory.
 *
 * @throws ParameterError for an invalid spec, AbortError when `signal` aborts, and what a trial or the store throws. When
 * trials had finished by then, {@link partialOutcome} gives what they found.
 * @example
 * ```js
 * import { presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const { results } = await runExperiment({ ...moons, training: { ...moons.training, epochs: 2 } });
 * console.log(results.metric, results.summary.map(({ variant, testAccuracy }) => [variant, testAccuracy.mean]));
 * ```
 */
export async function runExperiment(spec: unknown, options: RunOptions = {}): Promise<Outcome> {
  checkRunOptions(options);
  const { numerics = 'reproducible', signal, readFile, run: runner, catalog = builtIn } = options;
  const { workers = runner?.workers ?? 1 } = options;
  if (workers > 1 && !runner) {
    fail(where, 'workers', '1 where all trials run in this thread', workers, "Give 'run' to use others.");
  }
  const valid = pinFiles(validateSpec(spec, { catalog }), readFile);
  const begin = performance.now();
  const run = trialRun(valid, numerics, catalog, options);
  const splits = splitsOf(valid, catalog, readFile);
  const [first] = trials(valid, { numerics, catalog });
  const references = referencesOf(first, splits, catalog);
  const outcome = async (complete = false): Promise<Outcome | undefined> => {
    const finished = await run.finished(complete);
    if (finished.length === 0) return undefined;
    const all = finished.map(({ result }) => result);
    const data = splits.of(valid);
    if (complete) for (const message of data.warnings) options.onEvent?.({ type: 'warning', message });
    const { classNames } = data;
    const summary = summarize(valid, createEngine({ numerics }).info, all, catalog);
    const trained = new Set(all.map(({ fold }) => fold?.index));
    const reached = await references(folds(valid).filter((fold) => trained.has(fold?.index)));
    const results = {
      ...summary,
      ...(classNames && { classNames }),
      ...(reached.length > 0 && { references: reached }),
    };
    return {
      results,
      ...(complete && { model: await run.modelOf(results, splits) }),
      figures: await run.figures(results, data),
      timing: {
        total: secondsSince(begin),
        trials: finished.map(({ result, seconds }) => ({ ...trialKey(result), seconds })),
      },
    };
  };
  try {
    // While the last trials run in other threads, this one does what needs no results.
    const prepare = () => void references(folds(valid)).catch(() => {});
    await run.execute(workers, signal, runner && prepare);
    return (await outcome(true)) as Outcome;
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { [partial]: () => outcome() }) : error;
  } finally {
    await runner?.close?.();
  }
}

/**
 * Checks the options of {@link runExperiment}, and that there are none but those and `others`.
 *
 * @hidden
 */
export function checkRunOptions(options: RunOptions, others: readonly string[] = []): void {
  const known = ['numerics', 'signal', 'onEvent', 'workers', 'run', 'store', 'readFile', 'catalog'];
  if (!Array.isArray(others)) fail('checkRunOptions', 'others', 'a list of names', others);
  checkKeys(where, options, [...known, ...others]);
  const { numerics, signal, workers, store, catalog } = options;
  if (numerics !== undefined) checkOption(where, 'numerics', numerics, oneOf(['reproducible', 'fast']));
  if (workers !== undefined) checkOption(where, 'workers', workers, integer(1));
  checkSignal(where, signal);
  for (const name of ['onEvent', 'run', 'readFile'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function')
      fail(where, name, 'a function', options[name]);
  }
  if (store !== undefined && (typeof store?.get !== 'function' || typeof store.put !== 'function')) {
    fail(where, 'store', 'an object with the methods get and put', store);
  }
  if (catalog !== undefined && !Array.isArray(catalog?.layer)) {
    fail(where, 'catalog', 'lists of kinds', catalog, 'Use extendCatalog(catalog, […]).');
  }
}

const partial = Symbol('partial outcome');

/**
 * What had finished when {@link runExperiment} threw `error`, or undefined when nothing had.
 *
 * @example
 * ```js
 * import { partialOutcome, presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const controller = new AbortController();
 * try {
 *   await runExperiment(
 *     { ...moons, training: { ...moons.training, epochs: 2 } },
 *     { workers: 1, signal: controller.signal, onEvent: ({ type }) => type === 'trialEnd' && controller.abort() },
 *   );
 * } catch (error) {
 *   const { results } = await partialOutcome(error);
 *   console.log(results.trials.length); // 1
 * }
 * ```
 */
export async function partialOutcome(error: unknown): Promise<Outcome | undefined> {
  return (error as { [partial]?: () => Promise<Outcome | undefined> } | undefined)?.[partial]?.();
}

/** The trials of one experiment while they run. They are made when they are needed, so that any number fits in memory. */
function trialRun(spec: ExperimentSpec, numerics: Numerics, catalog: Catalog, options: RunOptions) {
  const { store, onEvent, readFile } = options;
  const run: TrialRunner = options.run ?? ((trial, hooks) => runTrial(trial, { ...hooks, catalog }));
  const count = countTrials(spec, catalog);
  const deciding = decidingMetric(spec, catalog);
  const { sweep, ...plain } = spec;
  /** Trials of the same settings: seeds times folds. */
  const repeats = countTrials({ ...plain, variants: spec.variants.slice(0, 1) }, catalog);
  /** Aborted by the first error, and by the caller's signal. */
  const stop = new AbortController();
  /** Results that no store has, by index. */
  const kept = new Map<number, FinishedTrial>();
  /** Which of them are of the same settings, by variant and point: their models are kept while they may be the best. */
  const settings = new Map<string, number[]>();
  /** Those with the best mean on the validation data so far. */
  let best: { indices: readonly number[]; value: number } | undefined;
  /** Trials that failed by themselves, by index. */
  const failures = new Map<number, { trial: Trial; error: Error }>();
  return { execute, finished, modelOf, figures };

  function* plan(): Generator<[index: number, trial: Trial]> {
    let index = 0;
    for (const trial of trials(spec, { numerics, catalog })) yield [index++, trial];
  }

  /** Runs what the store does not have, `workers` at a time. `onLast` is called soon after the last trial has begun. */
  async function execute(workers: number, signal?: HostSignal, onLast?: () => void): Promise<void> {
    const before = new Set<number>();
    const warnings: string[] = [];
    for (const [index, trial] of store ? plan() : []) {
      const found = await stored(trial, (message) => warnings.push(message));
      // It may have run before without figures.
      if (found && (!trial.figures || found.result.figures)) before.add(index);
    }
    emit({ type: 'start', count, finished: before.size });
    for (const message of warnings) emit({ type: 'warning', message });
    const abort = () => stop.abort(new AbortError('The experiment was stopped.'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    let left = count - before.size;
    let waiting = left;
    run.begin?.(spec.name, left);
    const all = plan();
    const work = async () => {
      // Not `for … of`, which would close the plan for the other loops.
      for (let next = all.next(); !next.done && !stop.signal.aborted; next = all.next()) {
        const [index, trial] = next.value;
        if (before.has(index)) continue;
        waiting -= 1;
        if (waiting === 0 && onLast) setTimeout(onLast);
        await one(index, trial, stop.signal);
        left -= 1;
      }
    };
    // Of several errors the first counts; the others are what it did to the other loops.
    const loops = Array.from({ length: Math.min(workers, left) }, () => work().catch((error) => stop.abort(error)));
    await Promise.all(loops);
    signal?.removeEventListener('abort', abort);
    if (left > 0 || (stop.signal.aborted && !signal?.aborted)) throw stop.signal.reason;
    if (failures.size > 0) throw failure();
  }

  function emit(event: RunEvent): void {
    const returned: unknown = onEvent?.(event);
    if (returned instanceof Promise) returned.catch((error) => stop.abort(error));
  }

  /** What the store has for a trial, under its label and point: equal settings may have run under others. */
  async function stored(trial: Trial, warn: (message: string) => void = () => {}): Promise<FinishedTrial | undefined> {
    const finished = await store?.get(trial, warn);
    if (!finished) return undefined;
    const { variant, point, ...result } = finished.result;
    return { ...finished, result: { variant: trial.variant, ...(trial.point && { point: trial.point }), ...result } };
  }

  async function one(index: number, trial: Trial, signal: HostSignal): Promise<void> {
    const common = { index, count, trial };
    let begin = performance.now();
    let started = false;
    const onStart = (machine?: string) => {
      begin = performance.now();
      started = true;
      emit({ type: 'trialStart', ...common, ...(machine !== undefined && { machine }) });
    };
    if (run.workers === undefined) onStart();
    const hooks = {
      signal,
      onStart,
      onEpochEnd: (epoch: EpochEnd) => emit({ type: 'epoch', ...common, epoch }),
      warn: (message: string) => emit({ type: 'warning', message }),
      ...(readFile && { readFile }),
    };
    let result: TrialResult;
    try {
      result = await run(trial, hooks);
    } catch (error) {
      if (error instanceof RegulusError && !(error instanceof AbortError)) {
        error.message = `In ${place(trial)}: ${error.message}`;
      }
      if (!(error instanceof NumericError || error instanceof WorkerError)) throw error;
      failures.set(index, { trial, error });
      emit({ type: 'trialError', ...common, error });
      return;
    }
    if (!started) onStart();
    const finished = { result, seconds: secondsSince(begin) };
    try {
      if (store) await store.put(trial, finished);
      else keep(index, finished);
    } catch (error) {
      kept.set(index, finished);
      if (error instanceof Error) error.message += ` The result of ${place(trial)} was not kept.`;
      throw error;
    }
    emit({ type: 'trialEnd', ...common, ...finished });
  }

  /** Keeps a result, and its model as long as no other settings are better: models of all trials would fill the memory. */
  function keep(index: number, finished: FinishedTrial): void {
    kept.set(index, finished);
    const { variant, point } = finished.result;
    const key = canonicalJson([variant, point ?? null]);
    const indices = [...(settings.get(key) ?? []), index];
    settings.set(key, indices);
    if (indices.length < repeats) return;
    const { name, better } = deciding;
    const value = average(indices.map((i) => kept.get(i)?.result.validation[name] as number));
    const isBetter = !best || (better === 'higher' ? value > best.value : value < best.value);
    for (const i of isBetter ? (best?.indices ?? []) : indices) {
      const { result, seconds } = kept.get(i) as FinishedTrial;
      const { model, ...rest } = result;
      kept.set(i, { result: rest, seconds });
    }
    if (isBetter) best = { indices, value };
  }

  /** The error of the first trial that failed, with the names of the others. */
  function failure(): Error {
    const [[, { error }], ...others] = [...failures].sort(([a], [b]) => a - b);
    const names = others.slice(0, 5).map(([, { trial }]) => place(trial));
    const rest = others.length > names.length ? ` and ${others.length - names.length} more` : '';
    if (names.length > 0) error.message += ` Other trials failed, too: ${names.join('; ')}${rest}.`;
    return error;
  }

  /** The trials that are `wanted`, in the order of the plan, each with what was kept of it. */
  async function* planned(
    wanted: (trial: Trial) => boolean = () => true,
  ): AsyncGenerator<[trial: Trial, finished: FinishedTrial | undefined]> {
    for (const [index, trial] of plan()) {
      if (wanted(trial)) yield [trial, kept.get(index) ?? (await stored(trial))];
    }
  }

  /**
   * All finished trials, in the order of the plan, without their figures.
   *
   * @throws EnvironmentError where all trials must be there and one is not.
   */
  async function finished(complete: boolean): Promise<FinishedTrial[]> {
    const all: FinishedTrial[] = [];
    for await (const [trial, found] of planned()) {
      if (!found && complete) {
        throw new EnvironmentError(
          `The result of ${place(trial)} was kept, and now it is gone or damaged. Run again to train what is missing.`,
          { code: 'ERR_FILE' },
        );
      }
      if (!found) continue;
      const { figures, model, ...result } = found.result;
      all.push({ ...found, result });
    }
    return all;
  }

  /** The model file of the best variant. */
  async function modelOf(results: Results, splits: Splits): Promise<Uint8Array> {
    const chosen = keptModel(results);
    const members: KeptMember[] = [];
    for await (const [trial, found] of planned((trial) => isKept(chosen, trial))) {
      // What does not keep models gives its numbers again, and the model with them.
      const { model } = found?.result.model
        ? found.result
        : await runTrial(trial, { catalog, loaded: splits.loaded() });
      members.push({ file: fromBase64(model as string), data: splits.of(trial) });
    }
    return bestModel(results, chosen, members, catalog);
  }

  /** What the figures show: of each variant, the trial with figures that stands for it. */
  async function figures({ sweep }: Results, data: PreparedData): Promise<FigureData> {
    const { mappable, featureNames } = data;
    const variants: FigureData['variants'] = [];
    const isShown = ({ figures, variant, point }: Trial) => figures && isChosen(sweep, variant, point);
    for await (const [, found] of planned(isShown)) {
      if (found) variants.push({ ...trialKey(found.result), ...found.result.figures });
    }
    return { ...(mappable && { scatter: scatter(data) }), featureNames, variants };
  }
}

const place = (trial: Trial) => trialName({ ...trial, variant: `variant '${trial.variant}'` });

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
