// The worker's side: holds one model and does what the page asks.
import { createEngine } from '../backend/index.ts';
import { packError, unpackError } from '../errors/index.ts';
import { dense, dropout, type LayerSpec, relu } from '../nn/index.ts';
import { adam, adamW, type Optimizer, sgd } from '../optim/index.ts';
import { type Callback, earlyStopping, type FitOptions, type Sequential, sequential } from '../train/index.ts';
import type { Answer, FitDescription, ModelDescription, ModelFacts, Recipe, Reply, Request } from './messages.ts';
import { PageCallbacks } from './page-callbacks.ts';

/** The worker's end of the line to the page. */
export interface Port {
  postMessage(message: Reply, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { data: Request }) => void): void;
}

type Numbered = Exclude<Request, { type: 'abort' | 'answer' }>;

/** Answers the page's messages for as long as the worker lives. */
export function serve(port: Port): void {
  let model: Sequential | undefined;
  const controllers = new Map<number, AbortController>();
  const answers = new Map<number, (answer: Answer) => void>();
  let questions = 0;

  const reply = (message: Reply, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  const work = async (request: Numbered): Promise<unknown> => {
    const { id } = request;
    if (request.type === 'create') {
      model = create(request.options);
      return facts(model);
    }
    if (request.type === 'call') return model![request.method](request.argument as never);
    const controller = new AbortController();
    controllers.set(id, controller);
    if (request.options.aborted) controller.abort();
    const page = new PageCallbacks(
      (question) =>
        new Promise((resolve, reject) => {
          const number = questions++;
          answers.set(number, (answer) => (answer.error ? reject(unpackError(answer.error)) : resolve(answer)));
          reply({ type: 'question', id, number, question });
        }),
      (batches) => reply({ type: 'batches', id, batches }),
    );
    return model!.fit(request.train, fitOptions(request.options, page, controller.signal));
  };

  port.addEventListener('message', async ({ data: request }) => {
    if (request.type === 'abort') return controllers.get(request.id)?.abort();
    if (request.type === 'answer') {
      answers.get(request.number)?.(request.answer);
      answers.delete(request.number);
      return;
    }
    const { id } = request;
    try {
      const value = await work(request);
      reply({ type: 'result', id, value }, buffers(value));
    } catch (error) {
      reply({ type: 'error', id, error: packError(error), history: (error as { history?: unknown }).history });
    } finally {
      controllers.delete(id);
    }
  });
}

const factories: Readonly<Record<string, (...args: never[]) => LayerSpec | Optimizer | Callback>> = {
  dense,
  relu,
  dropout,
  adam,
  adamW,
  sgd,
  earlyStopping,
};

function make<T>([factory, ...args]: Recipe): T {
  return factories[factory](...(args as never[])) as T;
}

function create({ layers, engine, ...rest }: ModelDescription): Sequential {
  return sequential({
    ...(rest as { inputSize: number }),
    layers: layers.map((recipe) => make<LayerSpec>(recipe)),
    ...(engine && { engine: createEngine(engine) }),
  });
}

function facts({ inputSize, outputSize, parameterCount, engine }: Sequential): ModelFacts {
  return { inputSize, outputSize, parameterCount, engine };
}

function fitOptions(
  { rest, optimizer, callbacks, checkpoint }: FitDescription,
  page: PageCallbacks,
  signal: AbortSignal,
): FitOptions {
  return {
    ...rest,
    ...(optimizer && { optimizer: make<Optimizer>(optimizer) }),
    callbacks: callbacks.map((callback, i) => ('hooks' in callback ? page.callback(i, callback) : make(callback))),
    ...(checkpoint && { checkpoint: { ...checkpoint, save: (state) => page.save(state) } }),
    signal,
  };
}

/** The memory of the arrays in a result, which is given away: what models return are copies of their own. */
function buffers(value: unknown): Transferable[] {
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (Array.isArray(value)) return value.flatMap(buffers);
  const data = (value as { data?: unknown } | null | undefined)?.data;
  return ArrayBuffer.isView(data) ? [data.buffer] : [];
}
