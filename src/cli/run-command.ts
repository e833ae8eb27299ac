// `regulus run`: trains an experiment, prints the table and writes the files.
import { join } from 'node:path';
import { AbortError, packError } from '../errors/index.ts';
import {
  decidingMetric,
  type ExperimentSpec,
  type Numerics,
  type RunEvent,
  seedList,
  type TrialRunner,
} from '../experiment/index.ts';
import { runExperiment, TrialFolder } from '../runner/index.ts';
import { align } from './cells.ts';
import { eventFiles } from './event-files.ts';
import { type EventStream, eventStream, shortEvent } from './event-stream.ts';
import { exitCodes, type Io, Terminal, UsageError } from './io.ts';
import { checkOwner } from './load-results.ts';
import { loadSpec } from './load-spec.ts';
import { OutputFolder } from './output-folder.ts';
import { PngDrawer } from './png-drawer.ts';
import { Progress } from './progress.ts';
import { queueUrl } from './queue-url.ts';
import { prepareReport, writeOutcome } from './result-files.ts';

export interface RunCommandOptions {
  target?: string;
  out?: string;
  seeds?: number;
  epochs?: number;
  numerics: Numerics;
  workers?: number;
  wide?: boolean;
  queue?: string | true;
  data?: string;
  checkpointEvery?: number;
  tensorboard?: string;
  json?: boolean;
  quiet?: boolean;
  overwrite?: boolean;
}

const silent = new Terminal({ write: () => {} });

/** Runs the experiment that `name` names and returns the exit code. Whatever ends the run is an event, too. */
export async function runCommand(name: string, options: RunCommandOptions, io: Io): Promise<number> {
  const emit = eventStream(options.json ? io.stdout : silent);
  const done = { finished: 0, count: 0 };
  try {
    return await runAndWrite(name, options, io, emit, done);
  } catch (error) {
    const { code, message } = packError(error);
    emit(error instanceof AbortError ? { type: 'stopped', ...done } : { type: 'error', ...done, code, message });
    throw error;
  }
}

/** Counts in `done` the trials that have finished. */
async function runAndWrite(
  name: string,
  options: RunCommandOptions,
  io: Io,
  emit: EventStream,
  done: { finished: number; count: number },
): Promise<number> {
  const { spec: written, catalog, base } = await loadSpec(name, options.target);
  const spec = override(written, options);
  // The threads of trials have this thread's variables.
  if (options.wide) process.env.REGULUS_WIDE = '1';
  const out = options.out ?? join('out', spec.name);
  if (!options.overwrite)
    checkOwner(out, spec.name, 'Choose another folder with --out, or replace them with --overwrite.');
  const folder = new OutputFolder(out, ['figures']);
  const writeEvents = options.tensorboard === undefined ? undefined : eventFiles(options.tensorboard);
  const progress = new Progress(options.quiet ? silent : io.stderr, decidingMetric(spec, catalog));
  const print = (text: string) => (options.quiet ? silent : options.json ? io.stderr : io.stdout).write(`${text}\n`);
  const drawer = new PngDrawer();
  /** Trials that have not begun. */
  let waiting = 0;
  let isPrepared = false;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'start') Object.assign(done, { finished: event.finished, count: event.count });
    if (event.type === 'start') waiting = event.count - event.finished;
    if (event.type === 'trialStart') waiting -= 1;
    // While the last trials run, this thread has nothing else to do.
    if (waiting <= 0 && !isPrepared) prepareReport(drawer);
    isPrepared ||= waiting <= 0;
    if (event.type === 'trialEnd') {
      done.finished += 1;
      writeEvents?.(event.result);
    }
    emit(shortEvent(event));
    progress.show(event);
  };
  const run = options.queue ? await queueRunner(options, io) : undefined;
  const trials = await TrialFolder.open(folder.path);
  try {
    folder.removeLeftovers();
    const { numerics, workers, checkpointEvery } = options;
    const outcome = await runExperiment(spec, {
      base,
      numerics,
      ...(workers && { workers }),
      ...(run && { run }),
      ...(checkpointEvery && { checkpointEvery }),
      folder: trials,
      signal: io.signal,
      onEvent,
    });
    progress.clear();
    for (const trial of outcome.results.trials) writeEvents?.(trial);
    // Loaded late, so that the trials start sooner.
    const { describeResults } = await import('../report/index.ts');
    const { header, rows, notes } = describeResults(outcome.results);
    print(['', ...align([header, ...rows]), '', ...notes, ''].join('\n'));
    const wrote = (path: string) => {
      emit({ type: 'file', path });
      print(path);
    };
    const target = { folder, drawer, signal: io.signal, wrote, note: print };
    await folder.sealing(() => writeOutcome(outcome, target));
    emit({ type: 'end', best: outcome.results.best, summary: outcome.results.summary });
    return exitCodes.ok;
  } catch (error) {
    progress.clear();
    const saved = trials.isHeld
      ? `${done.finished} of ${done.count} trials are finished and saved in ${folder.path}. To continue, repeat the command.`
      : `The files in ${folder.path} were deleted or moved meanwhile.`;
    if (error instanceof AbortError) throw new AbortError(`Stopped. ${saved}`, { cause: error });
    if (done.finished > 0) io.stderr.write(`${saved}\n`);
    throw error;
  } finally {
    drawer.close();
    trials.close();
  }
}

/** @throws UsageError for options that are about threads here. */
async function queueRunner(
  { queue, data, workers, checkpointEvery, wide }: RunCommandOptions,
  io: Io,
): Promise<TrialRunner> {
  if (workers || checkpointEvery || wide) {
    throw new UsageError(
      'With --queue, the machines that train decide on --workers, --wide and checkpoints: see regulus work.',
    );
  }
  // Loaded late: few runs need a queue.
  const cluster = await import('../cluster/index.ts');
  return cluster.queueRunner({ url: queueUrl(queue, io), ...(data && { data }) });
}

/** @throws UsageError for epochs that a sweep varies. */
function override(spec: ExperimentSpec, { seeds, epochs }: RunCommandOptions): ExperimentSpec {
  const { sweep } = spec;
  if (epochs && sweep && 'parameters' in sweep && Object.hasOwn(sweep.parameters, 'training.epochs')) {
    throw new UsageError("The experiment's sweep varies 'training.epochs', so --epochs cannot set them.");
  }
  const [first] = seedList(spec.seeds);
  return {
    ...spec,
    ...(seeds && { seeds: Array.from({ length: seeds }, (_, i) => first + i) }),
    ...(epochs && {
      training: { ...spec.training, epochs },
      variants: spec.variants.map(({ training, ...variant }) => ({
        ...variant,
        ...(training && { training: { ...training, epochs } }),
      })),
    }),
  };
}
