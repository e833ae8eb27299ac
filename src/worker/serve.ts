// The worker's side: holds one model and does what the page asks.
import { createEngine } from '../backend/index.ts';
import { catalog, described, wholeCatalog } from '../catalog/index.ts';
import {
  type Catalog,
  extendCatalog,
  factoriesIn,
  fromJson,
  ParameterError,
  packError,
  RegulusError,
  unpackError,
} from '../errors/index.ts';
import { type FitOptions, type Sequential, sequential } from '../train/index.ts';
import type { Answer, ModelFacts, ModelOptions, Numbered, PlainFitOptions, Reply, Request } from './messages.ts';
import { type PageCallbacks, pageCallbacks } from './page-callbacks.ts';

/** The worker's end of the connection to the page. */
export interface Port {
  postMessage(message: Reply, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { data: Request }) => void): void;
}

const WHERE = 'Sequential.fit';

/** Answers the page's messages for as long as the worker lives. */
export function serve(port: Port): void {
  let model: Sequential | undefined;
  let known = wholeCatalog(catalog);
  const controllers = new Map<number, AbortController>();
  const answers = new Map<number, (answer: Answer) => void>();
  let questions = 0;

  const reply = (message: Reply, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  const work = async (request: Numbered): Promise<unknown> => {
    const { id } = request;
    if (request.type === 'create') {
      const { modules = [], ...options } = request.options;
      for (const module of modules) known = extendCatalog(known, factoriesIn(Object.values(await load(module))));
      model = create(options, known);
      return facts(model);
    }
    if (request.type === 'call') {
      const { method, args } = request;
      if (method === 'evaluate') args[1] = described(args[1], ['metrics'], known, 'Sequential.evaluate');
      return (model![method] as (...args: unknown[]) => unknown).apply(model, args);
    }
    const controller = new AbortController();
    controllers.set(id, controller);
    if (request.options.aborted) controller.abort();
    const page = pageCallbacks(
      (question) =>
        new Promise((resolve, reject) => {
          const number = questions++;
          answers.set(number, (answer) => (answer.error ? reject(unpackError(answer.error)) : resolve(answer)));
          reply({ type: 'question', id, number, question });
        }),
      (batches) => reply({ type: 'batches', id, batches }),
    );
    try {
      return await model!.fit(request.train, fitOptions(request.options, page, controller.signal, known));
    } finally {
      page.flush();
    }
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
      reply({
        type: 'error',
        id,
        error: packError(error),
        history: (error as { history?: unknown } | undefined)?.history,
      });
    } finally {
      controllers.delete(id);
    }
  });
}

async function load(module: string): Promise<object> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
  } catch (cause) {
    if (cause instanceof RegulusError) throw cause;
    throw new ParameterError(`The module ${module} of 'modules' cannot be loaded: ${cause}`, {
      code: 'ERR_MODULE',
      cause,
    });
  }
}

function create({ engine, ...rest }: Omit<ModelOptions, 'modules'>, known: Catalog): Sequential {
  return sequential({
    ...described(rest, ['layers', 'loss'], known, 'sequential'),
    ...(engine !== undefined && { engine: createEngine(engine) }),
  });
}

function facts({ inputSize, outputSize, parameterCount, engine }: Sequential): ModelFacts {
  return { inputSize, outputSize, parameterCount, engine };
}

function fitOptions(
  { callbacks, checkpoint, aborted, ...rest }: PlainFitOptions,
  page: PageCallbacks,
  signal: AbortSignal,
  known: Catalog,
): FitOptions {
  return {
    ...described(rest, ['optimizer', 'augment', 'metrics'], known, WHERE),
    callbacks: callbacks.map((callback, i) =>
      'hooks' in callback
        ? page.callback(i, callback)
        : fromJson('callback', callback, known, WHERE, `callbacks[${i}]`),
    ),
    ...(checkpoint !== undefined && { checkpoint: { ...checkpoint, save: (state) => page.save(state) } }),
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
