// `regulus report`: rebuilds the report of a finished run from its results.
import { exitCodes, type Io, throwIfStopped } from './io.ts';
import { checkOwner, inFile, loadFigureData, loadResults } from './load-results.ts';
import { OutputFolder } from './output-folder.ts';
import { PngDrawer } from './png-drawer.ts';
import { type FileTarget, writeReport } from './result-files.ts';

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
    const target: FileTarget = {
      async write(file, content) {
        await throwIfStopped(io.signal);
        const path = folder.write(file, content);
        if (!quiet) io.stdout.write(`${path}\n`);
      },
      keepOnly: (name, files) => folder.keepOnly(name, files),
      note: (text) => {
        if (!quiet) io.stdout.write(`${text}\n`);
      },
    };
    await folder.sealing(() => writeReport(results, data, target, drawer));
  } catch (error) {
    throw inFile(directory, error);
  } finally {
    drawer.close();
  }
  return exitCodes.ok;
}
