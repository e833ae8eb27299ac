// A worker that does to its thread what the trial's variant says, and answers to any other trial.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ type, trial }) => {
  if (type === 'close') parentPort.close();
  if (type !== 'run') return;
  const { variant } = trial;
  if (variant === 'exits') process.exit(3);
  if (variant === 'throws') throw new TypeError('a bug');
  if (variant === 'hangs') for (;;);
  if (variant === 'fills memory') for (const all = []; ; ) all.push(new Array(1e5).fill(all.length));
  parentPort.postMessage({ type: 'epochs', epochs: [{ epoch: 1 }] });
  parentPort.postMessage({ type: 'result', result: { variant } });
});
