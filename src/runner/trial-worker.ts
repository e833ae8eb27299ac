// The worker thread: runs one trial after another, each on this thread's own core.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import { canonicalJson, type LoadedDataset, runTrial } from '../experiment/index.ts';
import type { EpochEnd } from '../train/index.ts';
import { checkpointing, readCheckpoint } from './checkpoint-file.ts';
import type { Order, Report } from './messages.ts';

const report = (message: Report) => parentPort!.postMessage(message);
let controller = new AbortController();
/** The dataset that the other thread has given, by its spec. */
let shared: { key: string; loaded: LoadedDataset } | undefined;

/** Short epochs are told of some at a time, so that the other thread does not wake for each and take a core from training. */
const interval = 20;

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
    if (performance.now() - last >= interval) flush();
  };
  return { add, flush };
}

async function run({ trial, checkpoint, loaded }: Extract<Order, { type: 'run' }>): Promise<void> {
  controller = new AbortController();
  const key = canonicalJson(trial.dataset);
  if (loaded) shared = { key, loaded };
  const resume = checkpoint && readCheckpoint(checkpoint.path);
  const epochs = epochReports();
  const outcome = await runTrial(trial, {
    signal: controller.signal,
    readFile: (path) => readFileSync(path),
    onEpochEnd: epochs.add,
    ...(checkpoint && { checkpoint: checkpointing(checkpoint) }),
    ...(resume && { resume }),
    ...(shared?.key === key && { loaded: shared.loaded }),
  }).then(
    (result): Report => ({ type: 'result', result }),
    (error): Report => ({ type: 'error', error: packError(error) }),
  );
  epochs.flush();
  report(outcome);
}

/**
 * How long a thread that is to end sleeps first, in milliseconds. V8 may still be compiling for it in the background, and
 * Node 20 aborts the whole process when such work needs memory after its thread has ended.
 */
const rest = 50;

parentPort!.on('message', (order: Order) => {
  if (order.type === 'run') return void run(order);
  controller.abort();
  if (order.type === 'close') setTimeout(() => parentPort!.close(), rest);
});
