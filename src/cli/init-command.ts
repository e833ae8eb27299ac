// `regulus init`: writes a spec for a table.
import { existsSync } from 'node:fs';
import { basename, dirname, relative, sep } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { inFile, readNamed } from '../runner/index.ts';
import { exitCodes, type Io } from './io.ts';
import { OutputFolder } from './output-folder.ts';
import { tableSpec } from './table-spec.ts';

export interface InitCommandOptions {
  target: string;
  out?: string;
}

/** Writes the spec that `regulus run data.csv` runs, by default beside the table, and returns the exit code. */
export function initCommand(data: string, { target, out }: InitCommandOptions, io: Io): number {
  const path = out ?? `${data.replace(/\.[^./\\]*$/, '')}.spec.json`;
  if (existsSync(path)) {
    throw new EnvironmentError(`There is a file ${path} already. Delete it, or choose another with --out.`);
  }
  try {
    const written = relative(dirname(path), data).replaceAll(sep, '/');
    const text = tableSpec(data, readNamed(data, 'Give a CSV or TSV file.'), target, written);
    io.stdout.write(`${new OutputFolder(dirname(path)).write(basename(path), text)}\n`);
  } catch (error) {
    throw inFile(data, error);
  }
  return exitCodes.ok;
}
