// The training of all variants side by side, each in a worker of its own; what views draw from.

import type { EngineInfo } from 'regulus';
import {
  type ExperimentSpec,
  expand,
  pinFiles,
  type Results,
  summarize,
  type TrialResult,
  validateSpec,
} from 'regulus/experiment';
import { toSpec } from './spec.ts';
import { type Metric, metrics, type State } from './state.ts';
import type { DataFacts, Pace, Point, Snapshot, WorkerCommand, WorkerMessage } from './training/messages.ts';

/** Points of a curve at the most; then every second one is dropped. */
const mostPoints = 1200;

/** Curves over epochs: without penalty and with dropout off, so that variants can be compared. */
export interface Curves {
  epoch: number[];
  train: Record<Metric, number[]>;
  validation: Record<Metric, number[]>;
}

/** One variant in training. */
export interface VariantRun {
  label: string;
  snapshot: Snapshot | undefined;
  curves: Curves;
  result: TrialResult | undefined;
}

export type Status = 'loading' | 'ready' | 'playing' | 'paused' | 'finished' | 'failed';

const emptyExtent = (): Record<Metric, [low: number, high: number]> => ({ loss: [0, 0], accuracy: [1, 1] });

const emptyCurves = (): Curves => ({
  epoch: [],
  train: { loss: [], accuracy: [] },
  validation: { loss: [], accuracy: [] },
});

export class Session {
  status: Status = 'loading';
  error = '';
  data: DataFacts | undefined;
  runs: VariantRun[] = [];
  results: Results | undefined;
  spec: ExperimentSpec | undefined;
  /** Snapshots that have arrived, for measurements. */
  received = 0;
  #workers: Worker[] = [];
  #run = 0;
  #speed = 0;
  #engine: EngineInfo | undefined;
  readonly #listeners = new Set<() => void>();
  #frame = 0;
  /** The least and the greatest value of all curves, for axes that can be compared. */
  extent = emptyExtent();

  /** Calls `listener` in an animation frame after something has changed. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts anew with this state, at epoch 0. */
  reset(state: State, play: boolean): void {
    this.#run += 1;
    this.#speed = state.speed;
    this.data = undefined;
    this.results = undefined;
    this.error = '';
    this.status = play ? 'playing' : 'loading';
    this.runs = [];
    this.extent = emptyExtent();
    try {
      this.#start(state, play);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
    this.#changed();
  }

  #start(state: State, play: boolean): void {
    const csv = state.data === 'csv' ? (state.csv?.text ?? '') : undefined;
    const valid = validateSpec(toSpec(state));
    this.spec = csv === undefined ? valid : pinFiles(valid, () => new TextEncoder().encode(csv));
    const trials = expand(this.spec);
    this.runs = trials.map(({ variant: label }) => ({
      label,
      snapshot: undefined,
      curves: emptyCurves(),
      result: undefined,
    }));
    while (this.#workers.length < trials.length) this.#workers.push(this.#startWorker(this.#workers.length));
    for (const worker of this.#workers.splice(trials.length)) worker.terminate();
    for (const [i, trial] of trials.entries()) {
      const pace = this.#pace(play);
      this.#send(i, { type: 'run', run: this.#run, trial, pace, ...(csv !== undefined && { csv }) });
    }
  }

  play(): void {
    if (this.status === 'finished' || this.status === 'failed') return;
    this.status = 'playing';
    this.#setPace();
  }

  pause(): void {
    if (this.status !== 'playing') return;
    this.status = 'paused';
    this.#setPace();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#setPace();
  }

  /** Trains one epoch. */
  step(): void {
    if (this.status === 'playing') this.pause();
    if (this.status === 'ready') this.status = 'paused';
    for (const i of this.runs.keys()) this.#send(i, { type: 'step' });
    this.#changed();
  }

  /** The latest epoch of all runs. */
  get epoch(): number {
    return Math.max(0, ...this.runs.map(({ snapshot }) => snapshot?.epoch ?? 0));
  }

  #setPace(): void {
    const pace = this.#pace(this.status === 'playing');
    for (const i of this.runs.keys()) this.#send(i, { type: 'pace', pace });
    this.#changed();
  }

  #pace(playing: boolean): Pace {
    const share = Math.max(0.5, navigator.hardwareConcurrency - 1) / this.runs.length;
    return { playing, speed: this.#speed, share: Math.min(1, share) };
  }

  #send(worker: number, command: WorkerCommand): void {
    // After a failure there are no workers until the next reset.
    this.#workers[worker]?.postMessage(command);
  }

  #startWorker(index: number): Worker {
    const worker = new Worker(new URL('./training/worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => this.#onMessage(index, data));
    worker.addEventListener('error', ({ message }) => this.#fail(`A training worker failed: ${message}`));
    return worker;
  }

  #onMessage(index: number, message: WorkerMessage): void {
    if (message.run !== this.#run || this.status === 'failed') return;
    const run = this.runs[index];
    // Diverging is a variant's own; what is wrong with the data is so for all.
    if (message.type === 'error')
      this.#fail(message.name === 'NumericError' ? `${run.label}: ${message.message}` : message.message);
    else if (message.type === 'data') {
      // All runs have the same data.
      if (index === 0) this.data = message.data;
    } else if (message.type === 'point') this.#record(run, message.point);
    else {
      this.received += 1;
      run.snapshot = message.snapshot;
      this.#record(run, message.snapshot);
      if (message.type === 'result') {
        run.result = message.result;
        this.#engine = message.engine;
        this.#finish();
      } else if (this.status === 'loading') this.status = 'ready';
    }
    this.#changed();
  }

  #record(run: VariantRun, point: Point): void {
    const { curves } = run;
    // The snapshot of a result can be of an epoch that has been before.
    if (point.epoch <= (curves.epoch.at(-1) ?? -1)) return;
    curves.epoch.push(point.epoch);
    for (const part of ['train', 'validation'] as const) {
      for (const metric of metrics) {
        const value = point[part][metric];
        curves[part][metric].push(value);
        // Untrained networks may be wrong by far more than trained ones, whose curves would then be flat.
        if (point.epoch === 0) continue;
        const [low, high] = this.extent[metric];
        this.extent[metric] = [Math.min(low, value), Math.max(high, value)];
      }
    }
    if (curves.epoch.length > mostPoints) run.curves = thinned(curves);
  }

  #finish(): void {
    const found = this.runs.flatMap(({ result }) => result ?? []);
    if (found.length < this.runs.length) return;
    this.results = summarize(this.spec!, this.#engine!, found);
    this.status = 'finished';
  }

  /** Workers that have failed are of no use any more. */
  #fail(message: string): void {
    for (const worker of this.#workers.splice(0)) worker.terminate();
    this.status = 'failed';
    this.error = message;
    this.#changed();
  }

  #changed(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      for (const listener of this.#listeners) listener();
    });
  }
}

function thinned({ epoch, train, validation }: Curves): Curves {
  const half = (values: number[]) => values.filter((_, i) => i % 2 === 0);
  const both = (series: Curves['train']) => ({ loss: half(series.loss), accuracy: half(series.accuracy) });
  return { epoch: half(epoch), train: both(train), validation: both(validation) };
}
