// Shows how far a run is: on a terminal a bar and the running trials, and everywhere one line for each finished trial.
import { type RunEvent, type Trial, trialName } from '../experiment/index.ts';
import type { Output } from './io.ts';
import { percent } from './table.ts';

const barWidth = 24;
const mostRunning = 8;
const redrawMilliseconds = 50;

type TrialEvent = Exclude<RunEvent, { type: 'start' }>;

export class Progress {
  readonly #output: Output;
  readonly #running = new Map<number, { trial: Trial; epoch: number }>();
  #begin = 0;
  #count = 0;
  /** Trials that need not run, because an earlier run has finished them. */
  #earlier = 0;
  #ended = 0;
  /** Lines that are drawn and to be erased again. */
  #drawn = 0;
  #lastDraw = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  show(event: RunEvent): void {
    if (event.type === 'start') {
      this.#begin = performance.now();
      this.#count = event.count;
      this.#earlier = event.finished;
      if (event.finished > 0) this.#print(`${event.finished} of ${event.count} trials are finished already.`);
    } else this.#follow(event);
    if (this.#output.isTTY && performance.now() - this.#lastDraw >= redrawMilliseconds) this.#draw();
  }

  /** Takes the drawing off the terminal. */
  clear(): void {
    if (this.#drawn === 0) return;
    // To the start of the first drawn line, and erase from there.
    this.#output.write(`\r${this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : ''}\x1b[J`);
    this.#drawn = 0;
  }

  #follow(event: TrialEvent): void {
    const { index, trial } = event;
    if (event.type === 'trialStart') this.#running.set(index, { trial, epoch: 0 });
    else if (event.type === 'epoch') this.#running.set(index, { trial, epoch: event.epoch.epoch });
    else {
      this.#running.delete(index);
      this.#ended += 1;
      this.#print(`[${this.#earlier + this.#ended}/${this.#count}] ${trialName(trial)}: ${outcome(event)}`);
    }
  }

  #print(line: string): void {
    this.clear();
    this.#output.write(`${line}\n`);
    this.#lastDraw = 0;
  }

  #draw(): void {
    this.clear();
    const running = [...this.#running.values()];
    const lines = [
      this.#bar(),
      ...running.slice(0, mostRunning).map(({ trial, epoch }) => {
        return `  ${trialName(trial)}, epoch ${epoch}/${trial.training.epochs}`;
      }),
      ...(running.length > mostRunning ? [`  and ${running.length - mostRunning} more`] : []),
    ];
    // A line that wraps would not be erased.
    const width = (this.#output.columns || 80) - 1;
    this.#output.write(lines.map((line) => line.slice(0, width)).join('\n'));
    this.#drawn = lines.length;
    this.#lastDraw = performance.now();
  }

  #bar(): string {
    const parts = [...this.#running.values()].map(({ trial, epoch }) => epoch / trial.training.epochs);
    const worked = parts.reduce((sum, part) => sum + part, this.#ended);
    const share = (this.#earlier + worked) / this.#count;
    const bar = '#'.repeat(Math.floor(barWidth * share)).padEnd(barWidth, '-');
    const elapsed = (performance.now() - this.#begin) / 1000;
    const left = (elapsed / worked) * (this.#count - this.#earlier - worked);
    // The first moments say little about the rest.
    const estimate = worked > 0 && elapsed >= 1 ? `, ${duration(left)} left` : '';
    return `[${bar}] ${this.#earlier + this.#ended}/${this.#count}${estimate}`;
  }
}

function outcome(event: Extract<TrialEvent, { type: 'trialEnd' | 'trialError' }>): string {
  if (event.type === 'trialError') return 'failed';
  const { epochs, test } = event.result;
  return `test accuracy ${percent(test.accuracy)}, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${event.seconds.toFixed(1)} s`;
}

/** Seconds as text, in the two largest units at the most. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
