// A stand-in for a Web Worker, for tests that run in Node.
import { MessageChannel } from 'node:worker_threads';
import { type Port, serve } from '../../src/worker/serve.ts';

/** A worker that can be told to fail. */
type FakeWorker = Worker & { fail(message: string): void; terminated: boolean };

/**
 * What `sequential` takes as a worker. The other side runs in this thread, behind a message channel, which clones and
 * transfers as the border of a worker does.
 */
export function threadlessWorker(): FakeWorker {
  const { port1, port2 } = new MessageChannel();
  serve(port2 as unknown as Port);
  port2.start();
  port1.start();
  let onError: (event: ErrorEvent) => void = () => {};
  const worker = {
    terminated: false,
    postMessage: (message: unknown) => port1.postMessage(message),
    addEventListener(type: string, listener: (event: never) => void) {
      if (type === 'error') onError = listener as typeof onError;
      else port1.addEventListener(type, listener as never);
    },
    terminate() {
      worker.terminated = true;
      port1.close();
    },
    fail: (message: string) => onError({ message, preventDefault() {} } as ErrorEvent),
  };
  return worker as unknown as FakeWorker;
}
