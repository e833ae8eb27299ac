// The worker thread: runs one trial after another, each on this thread's own core. It opens no data files: datasets come
// from the other thread, in memory that all threads share.
import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import type { LoadedDataset } from '../experiment/index.ts';
import { trainOn } from '../experiment/run-trial.ts';
import type { EpochEnd, FitState } from '../train/index.ts';
import { checkpointing, discardCheckpoint, readCheckpoint } from './checkpoint-file.ts';
import { loadDefinitions } from './definitions.ts';
import { REST_MS, type WorkerCommand, type WorkerReport, type WorkerSetup } from './messages.ts';

const report = (message: WorkerReport) => parentPort!.postMessage(message);
const { modules, base } = workerData as WorkerSetup;
const definitions = loadDefinitions(modules, base);
// Reported by the first trial.
definitions.catch(() => {});
const datasets = new Map<string, LoadedDataset>();
let controller = new AbortController();

/** Short epochs are reported some at a time, so that the other thread does not wake for each and take a core from training. */
const REPORT_MS = 20;

async function run({ trial, checkpoint, dataset, loaded }: Extract<WorkerCommand, { type: 'run' }>): Promise<void> {
  controller = new AbortController();
  const { signal } = controller;
  if (loaded) datasets.set(dataset, loaded);
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
      trainOn(() => datasets.get(dataset) as LoadedDataset, trial, {
        signal,
        catalog,
        warn,
        onEpochEnd,
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

parentPort!.on('message', (command: WorkerCommand) => {
  if (command.type === 'run') return void run(command);
  controller.abort();
  if (command.type === 'close') setTimeout(() => parentPort!.close(), REST_MS);
});
