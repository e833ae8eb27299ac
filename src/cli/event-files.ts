// Writes a TensorBoard event file for each trial, as soon as it has finished.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TrialResult } from '../experiment/index.ts';
import { removeLeftovers } from '../runner/index.ts';
import { eventFile } from '../tracking/index.ts';
import { OutputFolder } from './output-folder.ts';

export class EventFiles {
  readonly #folder: OutputFolder;

  /** @throws EnvironmentError when files cannot be written to `directory`. */
  constructor(directory: string) {
    this.#folder = new OutputFolder(directory, [], '--tensorboard');
  }

  /** Writes the file of a finished trial, unless it is there: TensorBoard may be reading it. */
  write(trial: TrialResult): void {
    const { path, bytes } = eventFile(trial);
    const whole = join(this.#folder.path, path);
    if (existsSync(whole) && readFileSync(whole).equals(bytes)) return;
    this.#folder.write(path, bytes);
    // TensorBoard would read temporary files, too.
    removeLeftovers(dirname(whole));
  }
}
