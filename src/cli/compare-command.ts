// `regulus compare`: compares the results of two runs.
import { basename, dirname } from 'node:path';
import { compareResults } from '../experiment/index.ts';
import { buildComparison, describeComparison } from '../report/index.ts';
import { align } from './cells.ts';
import { exitCodes, type Io } from './io.ts';
import { loadResults } from './load-results.ts';
import { OutputFolder } from './output-folder.ts';

export interface CompareCommandOptions {
  out: string;
  quiet?: boolean;
}

/** Prints the comparison of the runs in the folders `first` and `second`, writes it as a page to `out` and returns the exit code. */
export function compareCommand(first: string, second: string, { out, quiet }: CompareCommandOptions, io: Io): number {
  const directories = [first, second] as const;
  const comparison = compareResults(loadResults(first), loadResults(second));
  const { headline, header, rows, notes } = describeComparison(comparison, directories);
  const say = (...lines: string[]) => quiet || io.stdout.write(`${lines.join('\n')}\n`);
  // The comparison is there even where the page cannot be written.
  say(headline, '', ...align([header, ...rows]), '', ...notes, '');
  say(new OutputFolder(dirname(out)).write(basename(out), buildComparison(comparison, directories)));
  return exitCodes.ok;
}
