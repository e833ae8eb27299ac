// `regulus compare`: compares the results of two runs.
import { basename, dirname } from 'node:path';
import { compareResults } from '../experiment/index.ts';
import { align } from './cells.ts';
import { exitCodes, type Io } from './io.ts';
import { loadResults } from './load-results.ts';
import { OutputFolder } from './output-folder.ts';

export interface CompareCommandOptions {
  out: string;
  quiet?: boolean;
}

/** Prints the comparison of the runs in two folders, writes it as a page to `out` and returns the exit code. */
export async function compareCommand(
  directories: readonly [first: string, second: string],
  { out, quiet }: CompareCommandOptions,
  io: Io,
): Promise<number> {
  const [first, second] = directories.map(loadResults);
  const comparison = compareResults(first, second);
  // Loaded late: the charting libraries take longer to load than `--help` should.
  const { buildComparison, describeComparison } = await import('../report/index.ts');
  const { headline, header, rows, notes } = describeComparison(comparison, directories);
  const path = new OutputFolder(dirname(out)).write(basename(out), buildComparison(comparison, directories));
  if (!quiet) {
    io.stdout.write(`${[headline, '', ...align([header, ...rows]), '', ...notes, '', path].join('\n')}\n`);
  }
  return exitCodes.ok;
}
