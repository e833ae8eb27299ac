// Shows how far a run is: on a terminal a bar and the running trials, and everywhere one line for each finished trial.
import { type DecidingMetric, type RunEvent, type Trial, trialName } from '../experiment/index.ts';
import { metricWords } from '../report/words.ts';
import { clip } from './cells.ts';
import { printable, type Terminal } from './io.ts';

const barWidth = 24;
const mostRunning = 8;
const redrawMilliseconds = 50;

type TrialEvent = Extract<RunEvent, { trial: Trial }>;

export class Progress {
  readonly #terminal: Terminal;
  readonly #metric: DecidingMetric;
  readonly #running = new Map<number, { trial: Trial; epoch: number; where: string }>();
  #begin = 0;
  #count = 0;
  /** Trials that an earlier run has finished. */
  #earlier = 0;
  #ended = 0;
  /** Number of lines drawn, which the next drawing erases. */
  #drawn = 0;
  #lastDraw = 0;

  /** `metric` is what the lines of finished trials tell. */
  constructor(terminal: Terminal, metric: DecidingMetric) {
    this.#terminal = terminal;
    this.#metric = metric;
  }

  show(event: RunEvent): void {
    if (event.type === 'start') {
      this.#begin = performance.now();
      this.#count = event.count;
      this.#earlier = event.finished;
      if (event.finished > 0) this.#print(`${event.finished} of ${event.count} trials were finished before.`);
    } else if (event.type === 'warning') this.#print(`warning: ${event.message}`);
    else this.#follow(event);
    if (this.#terminal.isTTY && performance.now() - this.#lastDraw >= redrawMilliseconds) this.#draw();
  }

  /** Erases the drawing. */
  clear(): void {
    if (this.#drawn === 0) return;
    this.#terminal.erase(this.#drawn - 1);
    this.#drawn = 0;
  }

  #follow(event: TrialEvent): void {
    const { index, trial } = event;
    const where = this.#running.get(index)?.where ?? '';
    if (event.type === 'trialStart') {
      this.#running.set(index, { trial, epoch: 0, where: event.machine === undefined ? '' : ` on ${event.machine}` });
    } else if (event.type === 'epoch') this.#running.set(index, { trial, epoch: event.epoch.epoch, where });
    else {
      this.#running.delete(index);
      this.#ended += 1;
      const number = `[${this.#earlier + this.#ended}/${this.#count}]`;
      this.#print(`${number} ${trialName(trial)}: ${this.#outcome(event)}${where}`);
    }
  }

  #outcome(event: Extract<TrialEvent, { type: 'trialEnd' | 'trialError' }>): string {
    if (event.type === 'trialError') return 'failed';
    const { epochs, test } = event.result;
    const mean = test[this.#metric.name];
    const { label, value } = metricWords(this.#metric.name, this.#metric, [{ mean }]);
    const trained = `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
    return `test ${label} ${value(mean)}, ${trained}, ${event.seconds.toFixed(1)} s`;
  }

  #print(line: string): void {
    this.clear();
    this.#terminal.write(`${line}\n`);
    this.#lastDraw = 0;
  }

  #draw(): void {
    this.clear();
    const running = [...this.#running.values()];
    const lines = [
      this.#bar(),
      ...running.slice(0, mostRunning).map(({ trial, epoch, where }) => {
        return `  ${trialName(trial)}, epoch ${epoch}/${epochsOf(trial)}${where}`;
      }),
      ...(running.length > mostRunning ? [`  and ${running.length - mostRunning} more`] : []),
    ];
    // A line that wraps would not be erased.
    const text = lines.map((line) => clip(printable(line), this.#terminal.columns - 1)).join('\n');
    this.#terminal.write(text);
    this.#drawn = text.split('\n').length;
    this.#lastDraw = performance.now();
  }

  #bar(): string {
    const parts = [...this.#running.values()].map(({ trial, epoch }) => epoch / epochsOf(trial));
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

/** How many epochs a trial has at the most, those of all its members. */
export const epochsOf = ({ training: { epochs, members = 1 } }: Trial): number => members * epochs;

/** Seconds as text, in the two largest units at the most. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
