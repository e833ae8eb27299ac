// `regulus run`: trains an experiment, prints the table and writes the files.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AbortError } from '../errors/index.ts';
import {
  type ExperimentSpec,
  type Numerics,
  type Outcome,
  type RunEvent,
  seedList,
  validateSpec,
} from '../experiment/index.ts';
import { runExperiment, TrialFolder } from '../runner/index.ts';
import { EventFiles } from './event-files.ts';
import { EventStream } from './event-stream.ts';
import { exitCodes, type Io } from './io.ts';
import { loadSpec } from './load-spec.ts';
import { OutputFolder } from './output-folder.ts';
import { Progress } from './progress.ts';
import { resultsJson } from './results-json.ts';
import { formatTable } from './table.ts';
import { writeReport } from './write-report.ts';

export interface RunCommandOptions {
  out?: string;
  seeds?: number;
  epochs?: number;
  numerics: Numerics;
  workers?: number;
  checkpointEvery?: number;
  tensorboard?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Runs the experiment that `name` names and returns the exit code. */
export async function runCommand(name: string, options: RunCommandOptions, io: Io): Promise<number> {
  const spec = override(await loadSpec(name), options);
  const folder = new OutputFolder(options.out ?? join('out', spec.name), ['figures']);
  const eventFiles = options.tensorboard === undefined ? undefined : new EventFiles(options.tensorboard);
  const silent = { write: () => {} };
  const stream = new EventStream(options.json ? io.stdout : silent);
  const progress = new Progress(options.quiet ? silent : io.stderr);
  const print = (text: string) => (options.quiet ? silent : options.json ? io.stderr : io.stdout).write(`${text}\n`);
  const done = { finished: 0, count: 0 };
  const onEvent = (event: RunEvent) => {
    if (event.type === 'start') Object.assign(done, { finished: event.finished, count: event.count });
    if (event.type === 'trialEnd') {
      done.finished += 1;
      eventFiles?.write(event.result);
    }
    stream.show(event);
    progress.show(event);
  };
  const trials = await TrialFolder.open(folder.path);
  try {
    folder.removeLeftovers();
    const { numerics, workers, checkpointEvery } = options;
    const outcome = await runExperiment(spec, {
      numerics,
      ...(workers && { workers }),
      ...(checkpointEvery && { checkpointEvery }),
      folder: trials,
      signal: io.signal,
      onEvent,
    });
    progress.clear();
    for (const trial of outcome.results.trials) eventFiles?.write(trial);
    print(`\n${formatTable(outcome.results)}\n`);
    await writeOutcome(outcome, async (file, content) => {
      // Lets the process hear of Ctrl-C between two files.
      await setImmediate();
      if (io.signal.aborted) throw new AbortError('The experiment was stopped.');
      const path = folder.write(file, content);
      stream.write({ type: 'file', path });
      print(path);
    });
    stream.write({ type: 'end', best: outcome.results.best, summary: outcome.results.summary });
    return exitCodes.ok;
  } catch (error) {
    progress.clear();
    const kept = `${done.finished} of ${done.count} trials are finished and kept in ${folder.path}. The same command again goes on from there.`;
    if (error instanceof AbortError) {
      stream.write({ type: 'stopped', ...done });
      io.stderr.write(`Stopped. ${kept}\n`);
      return exitCodes.interrupted;
    }
    stream.write({ type: 'error', ...done, message: error instanceof Error ? error.message : String(error) });
    if (done.finished > 0) io.stderr.write(`${kept}\n`);
    throw error;
  } finally {
    trials.close();
  }
}

function override(spec: ExperimentSpec, { seeds, epochs }: RunCommandOptions): ExperimentSpec {
  const [first] = seedList(spec.seeds);
  return validateSpec({
    ...spec,
    ...(seeds && { seeds: Array.from({ length: seeds }, (_, i) => first + i) }),
    ...(epochs && {
      training: { ...spec.training, epochs },
      variants: spec.variants.map(({ training, ...variant }) => ({
        ...variant,
        ...(training && { training: { ...training, epochs } }),
      })),
    }),
  });
}

/** Writes all files: the results first, and last what can be drawn again from the others. */
async function writeOutcome(
  { results, figures, timing }: Outcome,
  write: (file: string, content: string | Uint8Array | Iterable<string>) => Promise<void>,
): Promise<void> {
  await write('results.json', resultsJson(results));
  await write('timing.json', `${JSON.stringify(timing, null, 2)}\n`);
  await write('figures.json', `${JSON.stringify(figures)}\n`);
  await writeReport(results, figures, write);
}
