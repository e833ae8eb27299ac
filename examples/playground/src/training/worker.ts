// A training worker: runs one trial at a time at the pace that the page sets, and shows the model now and then.
import { createEngine, dense, layerFromJson, type Sequential, sequential } from 'regulus';
import { type PreparedData, prepareData, runTrial, type Trial } from 'regulus/experiment';
import { Inspector } from './inspect.ts';
import type { Pace, Snapshot, WorkerCommand, WorkerMessage } from './messages.ts';

/** Milliseconds between two snapshots: more than 16 a second are not seen. */
const SNAPSHOT_MS = 60;

/** How many times as long as a snapshot takes, training goes on before the next one. */
const TRAINING_SHARE = 5;

/** Points of a curve however fast training is: between two points the page draws a straight line. */
const LEAST_POINTS = 50;

/** Milliseconds of training at a stretch, where workers must take turns. */
const MAX_BUSY_MS = 12;

let current: Run | undefined;

/** Shared by all runs: instances of the core are freed late. */
const engine = createEngine();

const post = (message: WorkerMessage) => {
  const transfer: Transferable[] = [];
  if ('snapshot' in message && message.snapshot.field) transfer.push(message.snapshot.field.cells.buffer);
  postMessage(message, { transfer });
};

class Run {
  readonly #run: number;
  readonly #trial: Trial;
  readonly #csv: string | undefined;
  readonly #abort = new AbortController();
  readonly #rate = new Rate();
  #pace: Pace;
  /** Epochs that the page asked for while paused. */
  #steps = 0;
  /** When the next epoch may begin, at a set speed. */
  #due = 0;
  /** Wakes a run that waits for its next epoch. */
  #wake = () => {};
  #nextSnapshot = 0;
  /** When the last sleep ended. */
  #rested = performance.now();

  constructor({ run, trial, csv, pace }: Extract<WorkerCommand, { type: 'run' }>) {
    this.#run = run;
    this.#trial = trial;
    this.#csv = csv;
    this.#pace = pace;
  }

  stop(): void {
    this.#abort.abort();
    this.#wake();
  }

  pace(pace: Pace): void {
    this.#pace = pace;
    this.#due = 0;
    this.#wake();
  }

  step(): void {
    this.#steps += 1;
    this.#wake();
  }

  async start(): Promise<void> {
    try {
      await this.#train();
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      post({ run: this.#run, type: 'error', name, message });
    }
  }

  async #train(): Promise<void> {
    const trial = this.#trial;
    const { epochs, batchSize, callbacks } = trial.training;
    const stopsEarly = callbacks.length > 0;
    const csv = this.#csv;
    const files = csv === undefined ? {} : { readFile: () => new TextEncoder().encode(csv) };
    const data = prepareData(trial, files.readFile);
    const inspector = new Inspector(data, hiddenUnits(trial), batchSize);
    post({ run: this.#run, type: 'data', data: inspector.facts });
    // A model of the page's own, for what is seen before and after training.
    const own = untrained(trial, data);
    try {
      this.#show(() => inspector.snapshot(own, 0, 0, true));
      await this.#turn();
      this.#rate.resume();
      let best = { loss: Number.POSITIVE_INFINITY, weights: own.getWeights() };
      const result = await runTrial(trial, {
        ...files,
        signal: this.#abort.signal,
        onEpochEnd: async ({ epoch, valLoss = 0 }, { model }) => {
          this.#rate.pause(inspector.facts.stepsPerEpoch);
          // The weights that the result is about: those that early stopping goes back to, or the last ones.
          if (stopsEarly ? valLoss < best.loss : epoch === epochs) {
            best = { loss: valLoss, weights: model.getWeights() };
          }
          const paused = !this.#pace.playing;
          if (paused || performance.now() >= this.#nextSnapshot) {
            this.#show(() => inspector.snapshot(model, epoch, this.#rate.value, paused));
          } else if (epoch % Math.max(1, Math.floor(epochs / LEAST_POINTS)) === 0) {
            post({ run: this.#run, type: 'point', point: inspector.point(model, epoch) });
          }
          if (epoch < epochs) await this.#turn();
          this.#rate.resume();
        },
      });
      own.setWeights(best.weights);
      const snapshot = inspector.snapshot(own, result.epochs, this.#rate.value, true);
      post({ run: this.#run, type: 'result', result, engine: own.engine, snapshot });
    } finally {
      own.dispose();
    }
  }

  #show(take: () => Snapshot): void {
    const began = performance.now();
    post({ run: this.#run, type: 'snapshot', snapshot: take() });
    const now = performance.now();
    this.#nextSnapshot = now + Math.max(SNAPSHOT_MS, (now - began) * TRAINING_SHARE);
  }

  /** Waits until the next epoch may begin. */
  async #turn(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const { playing, speed, share } = this.#pace;
      const now = performance.now();
      const busy = now - this.#rested;
      if (!playing && this.#steps > 0) {
        this.#steps -= 1;
        return;
      }
      if (playing && busy >= MAX_BUSY_MS && share < 1) {
        await this.#sleep(busy / share - busy);
        this.#rested = performance.now();
      } else if (playing && (speed === 0 || now >= this.#due)) {
        this.#steps = 0;
        // What was missed is caught up with for a moment only.
        if (speed > 0) this.#due = Math.max(this.#due, now - 50) + 1000 / speed;
        return;
      } else {
        await this.#sleep(playing ? this.#due - now : undefined);
        this.#rested = performance.now();
      }
    }
  }

  /** Until it is woken, or `milliseconds` have passed. */
  #sleep(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (milliseconds !== undefined) setTimeout(resolve, milliseconds);
    });
  }
}

/** Steps per second of the last half second of training; waiting and drawing do not count. */
class Rate {
  #resumed = 0;
  #recent: { steps: number; milliseconds: number }[] = [];

  resume(): void {
    this.#resumed = performance.now();
  }

  pause(steps: number): void {
    this.#recent.push({ steps, milliseconds: performance.now() - this.#resumed });
    while (this.#recent.length > 1 && this.#total('milliseconds') - this.#recent[0].milliseconds > 500) {
      this.#recent.shift();
    }
  }

  get value(): number {
    return (1000 * this.#total('steps')) / Math.max(this.#total('milliseconds'), 0.01);
  }

  #total(key: 'steps' | 'milliseconds'): number {
    return this.#recent.reduce((sum, epoch) => sum + epoch[key], 0);
  }
}

const hiddenUnits = ({ network }: Trial): number[] =>
  network.layers.flatMap((layer) => (layer.type === 'dense' ? [(layer as unknown as { units: number }).units] : []));

/** The trial's network as it is before training: initial weights depend on the seed and the sizes alone. */
function untrained({ network, seed }: Trial, { train, classes = 2 }: PreparedData): Sequential {
  return sequential({
    inputSize: train.x.shape[1],
    layers: [...network.layers.map((layer) => layerFromJson(layer)), dense(classes)],
    seed,
    engine,
  });
}

addEventListener('message', ({ data: command }: MessageEvent<WorkerCommand>) => {
  if (command.type === 'run') {
    current?.stop();
    current = new Run(command);
    void current.start();
  } else if (command.type === 'pace') current?.pace(command.pace);
  else current?.step();
});
