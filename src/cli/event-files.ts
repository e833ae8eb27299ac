// Writes a TensorBoard event file for each trial, as soon as it has finished.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TrialResult } from '../experiment/index.ts';
import { removeLeftovers } from '../runner/index.ts';
import { eventFile } from '../tracking/index.ts';
import { OutputFolder } from './output-folder.ts';

/**
 * What writes the file of a finished trial into `directory`, unless it is there: TensorBoard may be reading it.
 *
 * @throws EnvironmentError when files cannot be written there.
 */
export function eventFiles(directory: string): (trial: TrialResult) => void {
  const folder = new OutputFolder(directory, [], '--tensorboard');
  return (trial) => {
    const { path, bytes } = eventFile(trial);
    const whole = join(folder.path, path);
    if (existsSync(whole) && readFileSync(whole).equals(bytes)) return;
    folder.write(path, bytes);
    // TensorBoard would read temporary files, too.
    removeLeftovers(dirname(whole));
  };
}
