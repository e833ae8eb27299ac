// Runs an experiment's trials, some at a time, keeps what they find, and sums it up.
import { createEngine } from '../backend/index.ts';
import { AbortError, checkInteger, fail, NumericError, RegulusError, WorkerError } from '../errors/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { pinFiles, type ReadFile } from './data-files.ts';
import { countTrials, trials } from './expand.ts';
import { scatter } from './figure-numbers.ts';
import { prepareData } from './prepare-data.ts';
import type { FigureData, Outcome, TrialResult } from './results.ts';
import { runTrial } from './run-trial.ts';
import type { ExperimentSpec, Numerics, Trial } from './spec.ts';
import { summarize } from './summarize.ts';
import { trialName } from './trial-name.ts';
import type { FinishedTrial, TrialStore } from './trial-store.ts';
import { validateSpec } from './validate-spec.ts';

/**
 * Progress. First `start`, with the number of trials that the store had already; then the events of the trials, which
 * overlap when several run at a time. `index` is a trial's place among all `count`, from 0.
 */
export type RunEvent =
  | { type: 'start'; count: number; finished: number }
  | ({ index: number; count: number; trial: Trial } & (
      | { type: 'trialStart' }
      | { type: 'epoch'; epoch: EpochEnd }
      | { type: 'trialEnd'; result: TrialResult; seconds: number }
      | { type: 'trialError'; error: Error }
    ));

/** Runs one trial; it must give what {@link runTrial} gives. */
export type TrialRunner = (
  trial: Trial,
  hooks: { signal: AbortSignal; onEpochEnd: (epoch: EpochEnd) => void },
) => Promise<TrialResult>;

/** Options of {@link runExperiment}. */
export interface RunOptions {
  /** Default `'reproducible'`. */
  numerics?: Numerics;
  /** Stops the experiment. */
  signal?: AbortSignal;
  /** Hears of the progress. */
  onEvent?: (event: RunEvent) => void;
  /** How many trials run at a time. Default 1, in Node one per core. More than one need `run`, except in Node. */
  workers?: number;
  /** Runs a trial elsewhere, in a Web Worker for example. Default: in this thread, in Node in a pool of worker threads. */
  run?: TrialRunner;
  /** Keeps finished trials; those that it has already are not run. Default: in memory, for this run. */
  store?: TrialStore;
  /** Reads the data files that the spec names, if it does. Default: none, in Node `readFileSync`. */
  readFile?: ReadFile;
}

/**
 * Runs every trial of `spec`. The results are the same for any number of workers and whatever the store has already.
 *
 * A trial whose loss stops being finite, or whose worker crashes, lets the others run on; its error is thrown when they
 * have finished. Any other error ends the experiment at once. While trials run, memory holds those results alone that a
 * store has not taken.
 *
 * @throws ParameterError for an invalid spec, AbortError when `signal` aborts, and what a trial or the store throws. When
 * trials had finished by then, {@link partialOutcome} gives what they found.
 */
export async function runExperiment(spec: unknown, options: RunOptions = {}): Promise<Outcome> {
  const { numerics = 'reproducible', signal, readFile, run } = options;
  const workers = checkInteger('runExperiment', 'workers', options.workers ?? 1, 1);
  if (workers > 1 && !run) {
    fail('runExperiment', 'workers', '1 where all trials run in this thread', workers, "Give 'run' to use others.");
  }
  const valid = pinFiles(validateSpec(spec), readFile);
  const begin = performance.now();
  const trials = new TrialRun(valid, numerics, options);
  const outcome = async (): Promise<Outcome | undefined> => {
    const finished = await trials.finished();
    if (finished.length === 0) return undefined;
    const results = finished.map(({ result }) => result);
    return {
      results: summarize(valid, createEngine({ numerics }).info, results),
      figures: figureData(valid, results, readFile),
      timing: {
        total: secondsSince(begin),
        trials: finished.map(({ result: { variant, point, fold, seed }, seconds }) => ({
          variant,
          ...(point && { point }),
          ...(fold && { fold }),
          seed,
          seconds,
        })),
      },
    };
  };
  try {
    await trials.execute(workers, signal);
    return (await outcome()) as Outcome;
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { [partial]: outcome }) : error;
  }
}

const partial = Symbol('partial outcome');

/** What had finished when {@link runExperiment} threw `error`, or undefined when nothing had. */
export async function partialOutcome(error: unknown): Promise<Outcome | undefined> {
  return (error as { [partial]?: () => Promise<Outcome | undefined> } | undefined)?.[partial]?.();
}

/** The trials of one experiment while they run. They are made when they are needed, so that any number fits in memory. */
class TrialRun {
  readonly #spec: ExperimentSpec;
  readonly #numerics: Numerics;
  readonly #count: number;
  readonly #run: TrialRunner;
  readonly #store: TrialStore | undefined;
  readonly #onEvent: (event: RunEvent) => void;
  /** Results that no store has, by index. */
  readonly #kept = new Map<number, FinishedTrial>();
  /** Trials that failed by themselves, by index. */
  readonly #failures = new Map<number, { trial: Trial; error: Error }>();

  constructor(spec: ExperimentSpec, numerics: Numerics, { run, store, onEvent, readFile }: RunOptions) {
    this.#spec = spec;
    this.#numerics = numerics;
    this.#count = countTrials(spec);
    this.#run = run ?? ((trial, hooks) => runTrial(trial, { ...hooks, ...(readFile && { readFile }) }));
    this.#store = store;
    this.#onEvent = onEvent ?? (() => {});
  }

  *#plan(): Generator<[index: number, trial: Trial]> {
    let index = 0;
    for (const trial of trials(this.#spec, { numerics: this.#numerics })) yield [index++, trial];
  }

  /** Runs what the store does not have, `workers` at a time. */
  async execute(workers: number, signal?: AbortSignal): Promise<void> {
    const stored = new Set<number>();
    if (this.#store) for (const [index, trial] of this.#plan()) if (await this.#store.get(trial)) stored.add(index);
    this.#onEvent({ type: 'start', count: this.#count, finished: stored.size });
    const stop = new AbortController();
    const abort = () => stop.abort(new AbortError('The experiment was stopped.'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    let left = this.#count - stored.size;
    const plan = this.#plan();
    const lane = async () => {
      // Not `for … of`, which would close the plan for the other lanes.
      for (let next = plan.next(); !next.done && !stop.signal.aborted; next = plan.next()) {
        const [index, trial] = next.value;
        if (stored.has(index)) continue;
        await this.#one(index, trial, stop.signal);
        left -= 1;
      }
    };
    // Of several errors the first counts; the others are what it did to the other lanes.
    const lanes = Array.from({ length: Math.min(workers, left) }, () => lane().catch((error) => stop.abort(error)));
    await Promise.all(lanes);
    signal?.removeEventListener('abort', abort);
    if (left > 0) throw stop.signal.reason;
    if (this.#failures.size > 0) throw this.#failure();
  }

  async #one(index: number, trial: Trial, signal: AbortSignal): Promise<void> {
    const common = { index, count: this.#count, trial };
    this.#onEvent({ type: 'trialStart', ...common });
    const begin = performance.now();
    const hooks = { signal, onEpochEnd: (epoch: EpochEnd) => this.#onEvent({ type: 'epoch', ...common, epoch }) };
    let result: TrialResult;
    try {
      result = await this.#run(trial, hooks);
    } catch (error) {
      if (error instanceof RegulusError && !(error instanceof AbortError)) {
        error.message = `In ${place(trial)}: ${error.message}`;
      }
      if (!(error instanceof NumericError || error instanceof WorkerError)) throw error;
      this.#failures.set(index, { trial, error });
      this.#onEvent({ type: 'trialError', ...common, error });
      return;
    }
    const finished = { result, seconds: secondsSince(begin) };
    try {
      if (this.#store) await this.#store.put(trial, finished);
      else this.#kept.set(index, finished);
    } catch (error) {
      this.#kept.set(index, finished);
      if (error instanceof Error) error.message += ` The result of ${place(trial)} was not kept.`;
      throw error;
    }
    this.#onEvent({ type: 'trialEnd', ...common, ...finished });
  }

  /** The error of the first trial that failed, with the names of the others. */
  #failure(): Error {
    const [[, { error }], ...others] = [...this.#failures].sort(([a], [b]) => a - b);
    const names = others.slice(0, 5).map(([, { trial }]) => place(trial));
    const rest = others.length > names.length ? ` and ${others.length - names.length} more` : '';
    if (names.length > 0) error.message += ` Other trials failed, too: ${names.join('; ')}${rest}.`;
    return error;
  }

  /** All finished trials, in the order of the plan. */
  async finished(): Promise<FinishedTrial[]> {
    const all: FinishedTrial[] = [];
    for (const [index, trial] of this.#plan()) {
      const finished = this.#kept.get(index) ?? (await this.#store?.get(trial));
      if (finished) all.push(finished);
    }
    return all;
  }
}

const place = (trial: Trial) => trialName({ ...trial, variant: `variant '${trial.variant}'` });

function figureData(spec: ExperimentSpec, results: TrialResult[], readFile?: ReadFile): FigureData {
  const data = prepareData(spec, readFile);
  return {
    ...(data.mappable && { scatter: scatter(data) }),
    featureNames: data.featureNames,
    variants: results.flatMap(({ variant, point, fold, seed, figures }) =>
      figures ? [{ variant, ...(point && { point }), ...(fold && { fold }), seed, ...figures }] : [],
    ),
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
