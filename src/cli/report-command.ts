// `regulus report`: rebuilds the report of a finished run from its results.
import { inFile } from '../runner/index.ts';
import { exitCodes, type Io } from './io.ts';
import { checkOwner, loadFigureData, loadResults } from './load-results.ts';
import { OutputFolder } from './output-folder.ts';
import { PngDrawer } from './png-drawer.ts';
import { writeReport } from './result-files.ts';

export interface ReportCommandOptions {
  out?: string;
  quiet?: boolean;
}

/** Writes report.html, the figures and history.csv of the run in `directory` and returns the exit code. */
export async function reportCommand(
  directory: string,
  { out = directory, quiet }: ReportCommandOptions,
  io: Io,
): Promise<number> {
  const drawer = new PngDrawer();
  const results = loadResults(directory);
  const data = loadFigureData(directory);
  checkOwner(out, results.name, 'Choose another folder with --out.');
  const folder = new OutputFolder(out, ['figures']);
  drawer.start();
  try {
    const print = (line: string) => void (quiet || io.stdout.write(`${line}\n`));
    const target = { folder, drawer, signal: io.signal, wrote: print, note: print };
    await folder.sealing(() => writeReport(results, data, target));
  } catch (error) {
    throw inFile(directory, error);
  } finally {
    drawer.close();
  }
  return exitCodes.ok;
}
