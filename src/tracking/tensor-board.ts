// TensorBoard: one trial becomes one run, a folder with one event file.
import type { TrialResult } from '../experiment/index.ts';
import { encodeEvent } from './event.ts';
import { tfRecordFile } from './tf-record.ts';

/** A file below TensorBoard's log folder. */
export interface EventFile {
  /** With `/` between folders, such as `Dropout/seed-42/events.out.tfevents.0.regulus`. */
  path: string;
  bytes: Uint8Array;
}

/** TensorBoard reads files that have `tfevents` in their names. */
const fileName = 'events.out.tfevents.0.regulus';

/**
 * The event file of a finished trial: `train/loss`, `train/accuracy`, `validation/loss` and `validation/accuracy` at
 * every epoch, and `test/loss` and `test/accuracy` once, at the last epoch.
 *
 * `step` is the epoch, counted from 1. `wall_time` is the epoch too, in seconds since 1970, because equal trials shall
 * give equal bytes: TensorBoard's step axis says all there is, its time axes count epochs. Values are float32.
 */
export function eventFile(trial: Omit<TrialResult, 'figures'>): EventFile {
  const { history, epochs, test } = trial;
  const records = [encodeEvent(0, 0, { fileVersion: 'brain.Event:2' })];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const scalars = {
      'train/loss': history.trainLoss[epoch - 1],
      'train/accuracy': history.trainAccuracy[epoch - 1],
      'validation/loss': history.valLoss[epoch - 1],
      'validation/accuracy': history.valAccuracy[epoch - 1],
    };
    records.push(encodeEvent(epoch, epoch, { scalars }));
  }
  records.push(encodeEvent(epochs, epochs, { scalars: { 'test/loss': test.loss, 'test/accuracy': test.accuracy } }));
  return { path: [...runFolders(trial), fileName].join('/'), bytes: tfRecordFile(records) };
}

/** From the outer folder to the inner: variant, swept values, fold, seed. TensorBoard's run filter finds each by its text. */
function runFolders({ variant, point = {}, fold, seed }: Omit<TrialResult, 'figures'>): string[] {
  return [
    variant,
    ...Object.entries(point).map(([path, value]) => `${path}=${value}`),
    ...(fold ? [`fold-${fold.index + 1}-of-${fold.of}`] : []),
    `seed-${seed}`,
  ].map(folderName);
}

/** `text` as the name of a folder on any system: what some system does not allow becomes `%` and its code, as in a URL. */
function folderName(text: string): string {
  return text.replace(
    /[%<>:"/\\|?*\p{Cc}]|^\.|[. ]$/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
