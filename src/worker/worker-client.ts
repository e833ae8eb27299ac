// The connection to a worker: requests with their replies, and what happens when the worker ends.
import {
  DisposedError,
  EnvironmentError,
  fail,
  type HostSignal,
  type HostWorker,
  ParameterError,
  unpackError,
  WorkerError,
} from '../errors/index.ts';
import type { Method, Numbered, ProgressMessage, Reply, Request } from './messages.ts';

/** Requests that get a reply, before they have a number. */
type Unnumbered<R = Numbered> = R extends Numbered ? Omit<R, 'id'> : never;

/** What to do between a request and its reply. */
export interface RequestHandlers {
  onProgress?: (message: ProgressMessage) => void;
  signal?: HostSignal | undefined;
}

interface Pending extends RequestHandlers {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

const DISPOSED = 'This model has been disposed and its worker ended. Make a new one with sequential().';

/** The page's end of the connection. */
export class WorkerClient {
  readonly #worker: HostWorker;
  readonly #pending = new Map<number, Pending>();
  #sent = 0;
  #end: Error | undefined;

  /** @throws EnvironmentError where there are no Web Workers; ParameterError when `start` starts none. */
  constructor(start: () => HostWorker = startWorker) {
    const rule = ['a function that returns a Worker', "Use () => new Worker(address, { type: 'module' })."] as const;
    if (typeof start !== 'function') fail('sequential', 'worker', rule[0], start, rule[1]);
    const worker = start();
    if (typeof worker?.addEventListener !== 'function') fail('sequential', 'worker', rule[0], worker, rule[1]);
    this.#worker = worker;
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#onMessage(data));
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      const why = event.message || 'its file could not be loaded; see the console of the browser';
      const remedy = "Where a bundler does not find the worker by itself, give 'worker': () => new Worker(…).";
      this.close(new WorkerError(`The worker failed: ${why}. ${remedy}`));
    });
  }

  /** Sends a request and resolves to its result, or rejects with the worker's error. */
  async send(request: Unnumbered, handlers: RequestHandlers = {}): Promise<unknown> {
    if (this.#end) throw this.#end;
    const id = this.#sent++;
    this.post({ ...request, id } as Request);
    const abort = () => this.post({ type: 'abort', id });
    handlers.signal?.addEventListener('abort', abort);
    try {
      return await new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, ...handlers }));
    } finally {
      handlers.signal?.removeEventListener('abort', abort);
      this.#pending.delete(id);
    }
  }

  async call<T>(method: Method, ...args: unknown[]): Promise<T> {
    return (await this.send({ type: 'call', method, args })) as T;
  }

  /** Sends a message that has no reply; errors call what it holds `what`. */
  post(message: Request, what = 'The arguments'): void {
    try {
      this.#worker.postMessage(message);
    } catch (error) {
      if ((error as Error).name !== 'DataCloneError') throw error;
      throw new ParameterError(
        `${what} must be plain data and typed arrays, to be sent to a worker. ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  /** Ends the worker: what is awaited, and what is asked for from now on, is rejected with `error`. */
  close(error: Error = new DisposedError(DISPOSED)): void {
    this.#end ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(this.#end);
  }

  #onMessage(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (reply.type === 'result') pending?.resolve(reply.value);
    else if (reply.type !== 'error') pending?.onProgress?.(reply);
    else pending?.reject(Object.assign(unpackError(reply.error), reply.history ? { history: reply.history } : {}));
  }
}

function startWorker(): Worker {
  if (typeof Worker === 'undefined') {
    throw new EnvironmentError(
      "There are no Web Workers here. In Node, use sequential of 'regulus', in a thread of node:worker_threads if it " +
        "must not hold up others, or runExperiment of 'regulus/experiment', which uses all cores.",
    );
  }
  try {
    // Bundlers look for this very expression.
    return new Worker(new URL('./worker-thread.js', import.meta.url), { type: 'module' });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return startTrusted(error);
  }
}

/** The part of Trusted Types that is needed, which TypeScript does not know. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Starts the worker on a page that requires Trusted Types, which has refused the address as it is. */
function startTrusted(cause: TypeError): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  try {
    // A policy is made once on a page.
    policy ??= trustedTypes!.createPolicy('regulus', { createScriptURL: (url) => url });
    const file = 'worker-thread.js';
    // Not the expression from above: bundlers would take it for a second file.
    return new Worker(policy.createScriptURL(`${new URL(file, import.meta.url)}`), { type: 'module' });
  } catch {
    throw new EnvironmentError(
      `The worker cannot be started here: ${cause.message} Where a page requires Trusted Types, allow the policy 'regulus' ` +
        "in its Content-Security-Policy (trusted-types regulus), or give 'worker': () => new Worker(…) with an address " +
        'from a policy of yours.',
      { cause },
    );
  }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;
