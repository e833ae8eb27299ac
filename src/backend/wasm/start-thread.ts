// Starts a thread of an engine: a worker thread of Node, or a Web Worker.
import { nodeModule } from './node-modules.ts';
import { runPart, type Setup, thread } from './thread.ts';

const program = `(data) => (${thread})(data, ${runPart})`;

/** The address of the program, for Web Workers. It is made of text, so there is no file that a bundler would have to find. */
let address: string | undefined;

/** How many threads can run at the same time. */
export function cores(): number {
  return nodeModule('os')?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Starts a thread and returns what ends it. It does not keep a process running. */
export function startThread(setup: Setup, onError: (error: unknown) => void): () => void {
  const node = nodeModule('worker_threads');
  if (node) {
    const code = `(${program})(require('worker_threads').workerData)`;
    const worker = new node.Worker(code, { eval: true, execArgv: [], workerData: setup });
    worker.on('error', onError);
    worker.unref();
    return () => worker.terminate();
  }
  const code = `onmessage = ({ data }) => (${program})(data)`;
  address ??= URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(address);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    onError(new Error(event.message || "the page's Content-Security-Policy may lack 'worker-src blob:'."));
  });
  worker.postMessage(setup);
  return () => worker.terminate();
}
