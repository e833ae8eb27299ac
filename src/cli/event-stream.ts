// Prints the events of a run as JSON lines, for other programs.
import { type RunEvent, trialKey } from '../experiment/index.ts';
import { controls, type Terminal } from './io.ts';
import { epochsOf } from './progress.ts';

/** Writes an event. */
export type EventStream = (event: { type: string; [key: string]: unknown }) => void;

export const eventStream =
  (output: Terminal): EventStream =>
  (event) => {
    // JSON.stringify leaves the control characters from U+007F on as they are.
    const escaped = (control: string) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
    output.write(`${JSON.stringify(event).replace(controls, escaped)}\n`);
  };

/** An event of a run without what is in results.json: specs of trials, histories and numbers of figures. */
export function shortEvent(event: RunEvent): Parameters<EventStream>[0] {
  if (event.type === 'start' || event.type === 'warning') return event;
  const { type, index, count, trial } = event;
  const common = { type, index, count, ...trialKey(trial) };
  if (event.type === 'trialStart') return { ...common, epochs: epochsOf(trial) };
  if (event.type === 'epoch') return { ...common, ...event.epoch };
  if (event.type === 'trialError') return { ...common, message: event.error.message };
  const { epochs, bestEpoch, train, test } = event.result;
  return { ...common, epochs, bestEpoch, train, test, seconds: event.seconds };
}
