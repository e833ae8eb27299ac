// The worker thread: runs one trial after another, each on this thread's own core.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import { runTrial } from '../experiment/index.ts';
import { checkpointing, readCheckpoint } from './checkpoint-file.ts';
import type { Order, Report } from './messages.ts';

const report = (message: Report) => parentPort!.postMessage(message);
let controller = new AbortController();

async function run({ trial, checkpoint }: Extract<Order, { type: 'run' }>): Promise<void> {
  controller = new AbortController();
  const resume = checkpoint && readCheckpoint(checkpoint.path);
  try {
    const result = await runTrial(trial, {
      signal: controller.signal,
      readFile: (path) => readFileSync(path),
      onEpochEnd: (epoch) => report({ type: 'epoch', epoch }),
      ...(checkpoint && { checkpoint: checkpointing(checkpoint) }),
      ...(resume && { resume }),
    });
    report({ type: 'result', result });
  } catch (error) {
    report({ type: 'error', error: packError(error) });
  }
}

parentPort!.on('message', (order: Order) => {
  if (order.type === 'run') run(order);
  else controller.abort();
});
