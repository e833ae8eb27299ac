// The worker thread: runs one trial after another, each on this thread's own core. It opens no data files: datasets come
// from the other thread, in memory that all threads share.
import { parentPort, workerData } from 'node:worker_threads';
import { AbortError, packError } from '../errors/index.ts';
import type { LoadedDataset, TrainedNetwork } from '../experiment/index.ts';
import { trainClaimed, trainOn } from '../experiment/run-trial.ts';
import type { EpochEnd, FitState } from '../train/index.ts';
import { checkpointing, discardCheckpoint, readCheckpoint } from './checkpoint-file.ts';
import { loadDefinitions } from './definitions.ts';
import { REST_MS, type TrialCommand, type WorkerCommand, type WorkerReport, type WorkerSetup } from './messages.ts';

const report = (message: WorkerReport) => parentPort!.postMessage(message);
const { modules, base } = workerData as WorkerSetup;
const definitions = loadDefinitions(modules, base);
// Reported by the first trial.
definitions.catch(() => {});
const datasets = new Map<string, LoadedDataset>();
let controller = new AbortController();
/** What helpers have made of networks of the trial, by index. */
const arrived = new Map<number, readonly TrainedNetwork[] | undefined>();
/** Goes on with a trial that waits for a helper. */
let wake = () => {};

/** Short epochs are reported some at a time, so that the other thread does not wake for each and take a core from training. */
const REPORT_MS = 20;

/** Begins a command on a trial: its dataset, and its networks that nobody has claimed. */
function begin({ claims, dataset, loaded }: TrialCommand) {
  controller = new AbortController();
  if (loaded) datasets.set(dataset, loaded);
  const load = () => datasets.get(dataset) as LoadedDataset;
  const own = new Set<number>();
  /** A trial that starts again, because its checkpoint does not fit, has its claims already. */
  const claim = (index: number) => {
    if (Atomics.compareExchange(claims, index, 0, 1) === 0) own.add(index);
    return own.has(index);
  };
  return { load, claim, signal: controller.signal };
}

/** Waits for the helper that has claimed a network. */
async function others(index: number) {
  while (!arrived.has(index)) {
    controller.signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return arrived.get(index);
}

async function run({ checkpoint, ...command }: Extract<WorkerCommand, { type: 'run' }>): Promise<void> {
  const { load, claim, signal } = begin(command);
  const { trial } = command;
  arrived.clear();
  let epochs: EpochEnd[] = [];
  let [reported, hasTrained] = [performance.now(), false];
  const flush = () => {
    if (epochs.length > 0) report({ type: 'epochs', epochs });
    [epochs, reported] = [[], performance.now()];
  };
  const onEpochEnd = (epoch: EpochEnd) => {
    hasTrained = true;
    epochs.push(epoch);
    if (performance.now() - reported >= REPORT_MS) flush();
  };
  const warn = (message: string) => report({ type: 'warning', message });
  const train = async () => {
    const catalog = await definitions;
    const from = (resume?: FitState) =>
      trainOn(load, trial, {
        signal,
        catalog,
        warn,
        onEpochEnd,
        sharing: { claim, others },
        ...(checkpoint && { checkpoint: checkpointing(checkpoint) }),
        ...(resume && { resume }),
      });
    const state = checkpoint && readCheckpoint(checkpoint.path, warn);
    return from(state).catch((error) => {
      // A file that a module imports may have changed, so that the state no longer fits. Any other error comes again.
      if (!state || hasTrained || signal.aborted) throw error;
      discardCheckpoint(checkpoint!.path, warn);
      return from();
    });
  };
  const outcome = await train().then(
    (result): WorkerReport => ({ type: 'result', result }),
    (error): WorkerReport => ({ type: 'error', error: packError(error) }),
  );
  flush();
  report(outcome);
}

async function help(command: TrialCommand): Promise<void> {
  const { load, claim, signal } = begin(command);
  // Errors are for the thread that runs the trial, which comes to them by itself.
  const train = async () =>
    trainClaimed(load, command.trial, { signal, catalog: await definitions }, claim, (index, networks) =>
      report({ type: 'trained', index, ...(networks && { networks }) }),
    );
  await train().catch(() => {});
  report({ type: 'helped' });
}

parentPort!.on('message', (command: WorkerCommand) => {
  if (command.type === 'run') return void run(command);
  if (command.type === 'help') return void help(command);
  if (command.type === 'trained') arrived.set(command.index, command.networks);
  else controller.abort(new AbortError('The trial was stopped.'));
  wake();
  if (command.type === 'close') setTimeout(() => parentPort!.close(), REST_MS);
});
