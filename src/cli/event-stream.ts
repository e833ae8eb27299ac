// Prints the events of a run as JSON lines, for other programs.
import type { RunEvent } from '../experiment/index.ts';
import { controls, type Terminal } from './io.ts';
import { epochsOf } from './progress.ts';

export class EventStream {
  readonly #output: Terminal;

  constructor(output: Terminal) {
    this.#output = output;
  }

  write(event: { type: string; [key: string]: unknown }): void {
    // JSON.stringify leaves the control characters from U+007F on as they are.
    const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const text = JSON.stringify(event).replace(controls, escaped);
    this.#output.write(`${text}\n`);
  }

  /** An event of the run, without what is in results.json: specs of trials, histories and numbers of figures. */
  show(event: RunEvent): void {
    if (event.type === 'start' || event.type === 'warning') {
      this.write(event);
      return;
    }
    const { type, index, count, trial } = event;
    const { variant, point, fold, seed } = trial;
    const common = { type, index, count, variant, ...(point && { point }), ...(fold && { fold }), seed };
    if (event.type === 'trialStart') this.write({ ...common, epochs: epochsOf(trial) });
    else if (event.type === 'epoch') this.write({ ...common, ...event.epoch });
    else if (event.type === 'trialError') this.write({ ...common, message: event.error.message });
    else {
      const { epochs, bestEpoch, train, test } = event.result;
      this.write({ ...common, epochs, bestEpoch, train, test, seconds: event.seconds });
    }
  }
}
