// The thread in which a command runs. Its output goes to the main thread, and signals come from there.
import { parentPort, workerData } from 'node:worker_threads';
import { REST_MS } from '../runner/index.ts';
import type { Output } from './io.ts';
import type { CommandData, FromCommand, ToCommand } from './messages.ts';
import { perform } from './run.ts';

const port = parentPort!;
const send = (message: FromCommand) => port.postMessage(message);
const { request, streams } = workerData as CommandData;
const output = (stream: 'stdout' | 'stderr'): Output => ({
  ...streams[stream],
  write: (text) => send({ type: 'write', stream, text }),
});
/** Called with the answer to `drain`. */
let answerDrain: (hasReader: boolean) => void;
const drained = () =>
  new Promise<boolean>((resolve) => {
    answerDrain = resolve;
    send({ type: 'drain' });
  });
const [stdout, stderr] = [{ ...output('stdout'), drained }, output('stderr')];

const controller = new AbortController();
port.on('message', (message: ToCommand) => {
  if (message.type === 'streams') {
    Object.assign(stdout, message.streams.stdout);
    Object.assign(stderr, message.streams.stderr);
    return;
  }
  if (message.type === 'drained') return answerDrain(message.hasReader);
  send({ type: 'answer' });
  controller.abort();
});

const code = await perform(request, {
  ...{ stdout, stderr, stdin: process.stdin },
  ...{ env: process.env, signal: controller.signal },
});
send({ type: 'end', code });
setTimeout(() => port.close(), REST_MS);
