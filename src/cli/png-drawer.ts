// Draws PNG pictures in a thread of their own, where there is a second core.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type PackedError, unpackError, WorkerError } from '../errors/index.ts';
import { ownFile, REST_MS } from '../runner/index.ts';

/** From the thread, for each SVG document in turn. */
export type PngReply = { png: Uint8Array; error?: undefined } | { error: PackedError };

export class PngDrawer {
  #thread: Worker | undefined;
  readonly #waiting: { resolve: (png: Uint8Array) => void; reject: (error: unknown) => void }[] = [];

  /** Starts the thread, which then loads what it needs. */
  start(): void {
    if (this.#thread || availableParallelism() === 1) return;
    const fail = (cause: unknown) => {
      const error = new WorkerError('The thread that draws PNG pictures has ended.', { cause });
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    this.#thread = new Worker(ownFile('#png-thread'), { execArgv: [], workerData: REST_MS })
      .on('message', (reply: PngReply) => {
        const { resolve, reject } = this.#waiting.shift()!;
        if (reply.error) reject(unpackError(reply.error));
        else resolve(reply.png);
      })
      .on('error', fail)
      .on('exit', fail);
  }

  /** @throws what `renderPng` throws. */
  async draw(svg: string): Promise<Uint8Array> {
    if (!this.#thread) return (await import('../report/node.ts')).renderPng(svg);
    this.#thread.postMessage(svg);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Lets the thread end. */
  close(): void {
    this.#thread?.postMessage('');
  }
}
