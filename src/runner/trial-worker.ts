// The worker thread: runs one trial after another, each on this thread's own core. It opens no data files: datasets come
// from the other thread, in memory that all threads share.
import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import { type LoadedDataset, trainOn } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { checkpointing, readCheckpoint } from './checkpoint-file.ts';
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

function epochReports() {
  let waiting: EpochEnd[] = [];
  let last = performance.now();
  const flush = () => {
    if (waiting.length > 0) report({ type: 'epochs', epochs: waiting });
    waiting = [];
    last = performance.now();
  };
  const add = (epoch: EpochEnd) => {
    waiting.push(epoch);
    if (performance.now() - last >= REPORT_MS) flush();
  };
  return { add, flush };
}

async function run({ trial, checkpoint, dataset, loaded }: Extract<WorkerCommand, { type: 'run' }>): Promise<void> {
  controller = new AbortController();
  const { signal } = controller;
  if (loaded) datasets.set(dataset, loaded);
  const epochs = epochReports();
  const train = async () => {
    const catalog = await definitions;
    const resume = checkpoint && readCheckpoint(checkpoint.path, (message) => report({ type: 'warning', message }));
    return trainOn(() => datasets.get(dataset) as LoadedDataset, trial, {
      signal,
      catalog,
      onEpochEnd: epochs.add,
      ...(checkpoint && { checkpoint: checkpointing(checkpoint) }),
      ...(resume && { resume }),
    });
  };
  const outcome = await train().then(
    (result): WorkerReport => ({ type: 'result', result }),
    (error): WorkerReport => ({ type: 'error', error: packError(error) }),
  );
  epochs.flush();
  report(outcome);
}

parentPort!.on('message', (command: WorkerCommand) => {
  if (command.type === 'run') return void run(command);
  controller.abort();
  if (command.type === 'close') setTimeout(() => parentPort!.close(), REST_MS);
});
