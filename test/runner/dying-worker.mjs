// A worker of the package that ends before it sends the n-th message of all; `dying` counts down to it.
import { getEnvironmentData, parentPort } from 'node:worker_threads';

const left = getEnvironmentData('dying');
const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (message) => {
  if (Atomics.sub(left, 0, 1) === 1) process.exit(1);
  post(message);
};
await import('../../dist/trial-worker.js');
