// TensorBoard: one trial becomes one run, a folder with one event file.
import { checkParts } from '../errors/index.ts';
import type { TrialResult } from '../experiment/index.ts';
import { encodeEvent } from './event.ts';
import { maskedCrc32c, tfRecordFile } from './tf-record.ts';

/** A file below TensorBoard's log folder. */
export interface EventFile {
  /** With `/` between folders, such as `Dropout/seed-42/events.out.tfevents.0.regulus`. */
  path: string;
  bytes: Uint8Array;
}

/** TensorBoard reads files that have `tfevents` in their names. */
const fileName = 'events.out.tfevents.0.regulus';

/**
 * The event file of a finished trial: each series that was recorded at every epoch, tagged `train/loss`,
 * `validation/accuracy` and so on, and each score of the test part once, at the last epoch, tagged `test/loss` and so on.
 *
 * `step` is the epoch, counted from 1. `wall_time` is the epoch too, in seconds since 1970, so that equal trials give
 * equal bytes: TensorBoard's step axis says all there is, its time axes count epochs. Values are float32.
 *
 * @example
 * ```ts
 * import { mkdirSync, writeFileSync } from 'node:fs';
 * import { dirname, join } from 'node:path';
 * import { presets, runExperiment } from 'regulus/experiment';
 * import { eventFile } from 'regulus/tracking';
 *
 * const { moons } = presets;
 * const { results } = await runExperiment({ ...moons, seeds: [1], training: { ...moons.training, epochs: 3 } });
 * for (const { path, bytes } of results.trials.map(eventFile)) {
 *   mkdirSync(join('log', dirname(path)), { recursive: true });
 *   writeFileSync(join('log', path), bytes);
 * }
 * // Then: tensorboard --logdir log
 * ```
 */
export function eventFile(trial: Omit<TrialResult, 'figures'>): EventFile {
  checkParts('eventFile', 'trial', trial, { history: 'object', test: 'object' });
  const { history, epochs, test } = trial;
  const series = Object.entries(history).map(([name, values]) => ({ tag: tagOf(name, Object.keys(test)), values }));
  const records = [encodeEvent(0, 0, { fileVersion: 'brain.Event:2' })];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const recorded = series.filter(({ values }) => values.length >= epoch);
    const scalars = recorded.map(({ tag, values }) => [tag, values[epoch - 1]] as const);
    records.push(encodeEvent(epoch, epoch, { scalars }));
  }
  const scores = Object.entries(test).map(([name, value]) => [`test/${name}`, value] as const);
  records.push(encodeEvent(epochs, epochs, { scalars: scores }));
  return { path: [...runFolders(trial), fileName].join('/'), bytes: tfRecordFile(records) };
}

/** `trainDataLoss` as `train/dataLoss`: a series has the name of a score with a capital behind its part. */
function tagOf(series: string, scores: readonly string[]): string {
  const [, part, name] = /^(train|val)(.*)$/.exec(series) ?? ['', 'train', series];
  const score = scores.find((own) => own.slice(0, 1).toUpperCase() + own.slice(1) === name);
  return `${part === 'val' ? 'validation' : 'train'}/${score ?? name}`;
}

/** From the outer folder to the inner: variant, swept values, fold, seed. TensorBoard's run filter finds each by its text. */
function runFolders({ variant, point = {}, fold, seed }: Omit<TrialResult, 'figures'>): string[] {
  const settings = Object.entries(point).map(
    ([path, value]) => `${path}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return [variant, ...settings, ...(fold ? [`fold-${fold.index + 1}-of-${fold.of}`] : []), `seed-${seed}`].map(
    folderName,
  );
}

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** Names that stand for devices on Windows. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Most bytes of a name. */
const MOST_BYTES = 255;

/**
 * `text` as the name of a folder on any system: what some system does not allow becomes `%` and its code, as in a URL. The end
 * of a name that is too long becomes its checksum.
 */
function folderName(text: string): string {
  const name = text
    .replace(/[%<>:"/\\|?*\p{Cc}\p{Cs}]|^\.|[. ]$/gu, percent)
    .replace(DEVICE, ([first, ...rest]) => percent(first) + rest.join(''));
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= MOST_BYTES) return name;
  return `${[...name].slice(0, 60).join('')}~${maskedCrc32c(bytes).toString(16)}`;
}
