// Shows how far a run is: a bar on a terminal, and everywhere one line for each finished trial.
import type { RunEvent } from '../experiment/index.ts';
import type { Output } from './io.ts';
import { percent } from './table.ts';

const barWidth = 24;
const redrawMilliseconds = 50;
/** Back to the start of the line, and erase it. */
const eraseLine = '\r\x1b[2K';

export class Progress {
  readonly #output: Output;
  #drawn = false;
  #lastDraw = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  show(event: RunEvent): void {
    if (event.type === 'trialEnd') {
      this.clear();
      this.#output.write(`${finishedLine(event)}\n`);
    } else if (this.#output.isTTY && performance.now() - this.#lastDraw >= redrawMilliseconds) {
      const width = (this.#output.columns || 80) - 1;
      this.#output.write(eraseLine + barLine(event).slice(0, width));
      this.#drawn = true;
      this.#lastDraw = performance.now();
    }
  }

  /** Takes the bar off the terminal. */
  clear(): void {
    if (this.#drawn) this.#output.write(eraseLine);
    this.#drawn = false;
  }
}

function barLine(event: Exclude<RunEvent, { type: 'trialEnd' }>): string {
  const { index, count, trial } = event;
  const { epochs } = trial.training;
  const epoch = event.type === 'epoch' ? event.epoch.epoch : 0;
  const filled = Math.floor((barWidth * (index + epoch / epochs)) / count);
  const bar = '#'.repeat(filled).padEnd(barWidth, '-');
  return `[${bar}] ${index + 1}/${count} ${trial.variant}, seed ${trial.seed}, epoch ${epoch}/${epochs}`;
}

function finishedLine({ index, count, trial, result, seconds }: Extract<RunEvent, { type: 'trialEnd' }>): string {
  const { epochs, test } = result;
  return (
    `[${index + 1}/${count}] ${trial.variant}, seed ${trial.seed}: test accuracy ${percent(test.accuracy)}, ` +
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${seconds.toFixed(1)} s`
  );
}
