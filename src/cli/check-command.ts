// `regulus check`: whether the files of a run are as they were written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkFolder } from '../runner/index.ts';
import { exitCodes, type Io } from './io.ts';
import { loadFigureData, loadResults } from './load-results.ts';

export interface CheckCommandOptions {
  quiet?: boolean;
}

/** Prints what is damaged in the folder of a run, finished or not, and returns the exit code. */
export function checkCommand(directory: string, { quiet }: CheckCommandOptions, io: Io): number {
  const { trials, checkpoints, files, problems, setAside } = checkFolder(directory);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  // Also where a run has been interrupted and has noted no hashes.
  for (const [name, load] of Object.entries({ 'results.json': loadResults, 'figures.json': loadFigureData })) {
    const path = join(directory, name);
    if (!existsSync(path) || problems.some((problem) => problem.startsWith(path))) continue;
    try {
      load(directory);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const sound = `${count(trials, 'trial')}, ${count(checkpoints, 'checkpoint')} and ${count(files, 'file')} of results`;
  const notes = [
    ...setAside.map((path) => `${path} was set aside; it is not used and can be deleted`),
    problems.length > 0
      ? `${count(problems.length, 'problem')}. Sound: ${sound}. Repeat the run to make again what is damaged.`
      : `All sound: ${sound}.`,
  ];
  for (const line of [...problems, ...(quiet ? [] : notes)]) io.stdout.write(`${line}\n`);
  return problems.length > 0 ? exitCodes.failure : exitCodes.ok;
}
