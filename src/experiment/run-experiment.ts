// Runs an experiment's trials one after another in this thread and sums them up.
import { createEngine } from '../backend/index.ts';
import { AbortError, RegulusError } from '../errors/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { expand } from './expand.ts';
import { scatter } from './figure-numbers.ts';
import { prepareData } from './prepare-data.ts';
import type { FigureData, Outcome, Results, Timing, TrialResult, VariantSummary } from './results.ts';
import { runTrial } from './run-trial.ts';
import type { ExperimentSpec, Numerics, Trial } from './spec.ts';
import { estimate } from './statistics.ts';
import { validateSpec } from './validate-spec.ts';

/** Progress. `index` counts trials from 0 to `count` − 1. */
export type RunEvent = { index: number; count: number; trial: Trial } & (
  | { type: 'trialStart' }
  | { type: 'epoch'; epoch: EpochEnd }
  | { type: 'trialEnd'; result: TrialResult; seconds: number }
);

export interface RunOptions {
  /** Default `'reproducible'`. */
  numerics?: Numerics;
  signal?: AbortSignal;
  onEvent?: (event: RunEvent) => void;
}

type Finished = { result: TrialResult; seconds: number };

/**
 * Runs every trial of `spec` in order.
 *
 * @throws ParameterError for an invalid spec, AbortError when `signal` aborts, and whatever a trial throws. When trials
 * had finished by then, {@link partialOutcome} gives what they found.
 */
export async function runExperiment(spec: unknown, options: RunOptions = {}): Promise<Outcome> {
  const { numerics = 'reproducible', signal, onEvent } = options;
  const valid = validateSpec(spec);
  const trials = expand(valid, { numerics });
  const count = trials.length;
  const finished: Finished[] = [];
  const start = performance.now();
  const outcome = (): Outcome => {
    const results = finished.map(({ result }) => result);
    return {
      results: summarize(valid, numerics, results),
      figures: figureData(valid, results),
      timing: timing(start, finished),
    };
  };
  try {
    for (const [index, trial] of trials.entries()) {
      if (signal?.aborted) throw new AbortError('The experiment was stopped.');
      onEvent?.({ type: 'trialStart', index, count, trial });
      const trialStart = performance.now();
      const result = await runTrial(trial, {
        ...(signal && { signal }),
        onEpochEnd: (epoch) => onEvent?.({ type: 'epoch', index, count, trial, epoch }),
      }).catch((error: unknown) => {
        throw locate(error, trial);
      });
      const seconds = secondsSince(trialStart);
      finished.push({ result, seconds });
      onEvent?.({ type: 'trialEnd', index, count, trial, result, seconds });
    }
  } catch (error) {
    if (finished.length > 0 && error instanceof Error) Object.assign(error, { partial: outcome() });
    throw error;
  }
  return outcome();
}

/** What had finished when {@link runExperiment} threw `error`, or undefined when nothing had. */
export function partialOutcome(error: unknown): Outcome | undefined {
  return error instanceof Error ? (error as { partial?: Outcome }).partial : undefined;
}

/** Adds to the message of an error which trial it comes from. */
function locate(error: unknown, { variant, seed }: Trial): unknown {
  if (error instanceof RegulusError && !(error instanceof AbortError)) {
    error.message = `In variant '${variant}', seed ${seed}: ${error.message}`;
  }
  return error;
}

function summarize(spec: ExperimentSpec, numerics: Numerics, results: TrialResult[]): Results {
  const summary = spec.variants.flatMap(({ label }): VariantSummary[] => {
    const own = results.filter(({ variant }) => variant === label);
    return own.length > 0 ? [{ variant: label, testAccuracy: estimate(own.map(({ test }) => test.accuracy)) }] : [];
  });
  const best = summary.reduce((a, b) => (b.testAccuracy.mean > a.testAccuracy.mean ? b : a));
  return {
    version: 1,
    name: spec.name,
    engine: createEngine({ numerics }).info,
    spec,
    trials: results.map(({ figures, ...result }) => result),
    summary,
    best: best.variant,
  };
}

function figureData(spec: ExperimentSpec, results: TrialResult[]): FigureData {
  return {
    scatter: scatter(prepareData(spec)),
    featureNames: ['Feature 1', 'Feature 2'],
    variants: results.flatMap(({ variant, seed, figures }) => (figures ? [{ variant, seed, ...figures }] : [])),
  };
}

function timing(start: number, finished: Finished[]): Timing {
  return {
    total: secondsSince(start),
    trials: finished.map(({ result: { variant, seed }, seconds }) => ({ variant, seed, seconds })),
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
