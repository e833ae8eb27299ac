// Engines: which backend and which numerics, chosen once and shared by models.
import { boolean, EnvironmentError, integer, oneOf, resolveOptions } from '../errors/index.ts';
import type { Backend, EngineInfo } from './backend.ts';
import { jsBackend } from './js/js.ts';
import { instantiate, instantiateShared, refusal, supports } from './wasm/core.ts';
import type { Extension } from './wasm/extension.ts';
import { wasmBackend } from './wasm/wasm.ts';

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** `'wasm'` (default) or `'js'`, plain JavaScript, about ten times slower. */
  backend?: 'wasm' | 'js';
  /**
   * `'reproducible'` (default): the same seed gives the same bits on every machine and engine.
   * `'fast'`: fused multiply-add where the host has relaxed SIMD, so the last bits depend on the machine.
   */
  numerics?: 'reproducible' | 'fast';
  /**
   * How many threads compute large products and arrays together, this one included; 1 by default. Results are the same bits.
   * It is measured what gains by it, from steps of about 50 µs on; everything else is computed alone.
   */
  threads?: number;
  /**
   * Experimental: matrix products whose vectors have 256 bits, in Node from 24 on. Results are the same bits. The process must
   * have been started as `node --experimental-wasm-revectorize` or with the variable `REGULUS_WIDE=1`, which makes this `true`
   * where it is not given; otherwise it is `false`.
   */
  wide?: boolean;
}

/** Whether products are wide, see {@link EngineOptions.wide}. */
export interface EngineWide {
  /** False at first: they are checked to have the same bits as others. */
  readonly active: boolean;
  /** Why they are not, and will not be. */
  readonly note: string | undefined;
}

/** The threads of an engine. */
export interface EngineThreads {
  /** How many can compute now, the caller's included; 1 at first, as others take some milliseconds to start. */
  readonly count: number;
  /** Why there are fewer than were asked for, and always will be. */
  readonly note: string | undefined;
}

/** What a model computes with. Engines are made by {@link createEngine} and can be shared by any number of models. */
export interface Engine {
  /** What actually runs. */
  readonly info: EngineInfo;
  /** With how many threads. */
  readonly threads: EngineThreads;
  /** Whether products are wide. */
  readonly wide: EngineWide;
  /** Ends the threads; the engine computes with one from now on. A process does not wait for them. */
  dispose(): void;
  /** @internal */
  readonly backend: Backend;
}

const rules = {
  backend: oneOf(['wasm', 'js'], { default: 'wasm' }),
  numerics: oneOf(['reproducible', 'fast'], { default: 'reproducible' }),
  threads: integer(1, { default: 1 }),
  wide: boolean({ optional: true }),
};

/**
 * Makes an engine, synchronously; a WebAssembly engine has a memory of its own.
 *
 * @throws ParameterError for an unknown option or value.
 * @throws EnvironmentError when `backend: 'wasm'` is asked for and the host has no WebAssembly SIMD, or the page's
 * Content-Security-Policy does not allow WebAssembly.
 * @example
 * ```js
 * import { createEngine, dense, sequential } from 'regulus';
 *
 * const engine = createEngine({ numerics: 'fast' });
 * const model = sequential({ inputSize: 2, layers: [dense(2)], engine });
 * console.log(model.engine.numerics); // fast
 * ```
 */
export function createEngine(options: EngineOptions = {}): Engine {
  const wideByDefault = globalThis.process?.env?.REGULUS_WIDE === '1';
  const { backend, numerics, threads, wide = wideByDefault } = resolveOptions('createEngine', options, rules);
  const info = { backend, numerics, version: __VERSION__ };
  const none = `backend: '${backend}' has none.`;
  if (backend === 'js')
    return engine(jsBackend({ ...info, simd: 'none' }), threads > 1 ? none : undefined, wide ? none : undefined);
  const level = numerics === 'fast' && supports('relaxed') ? 'relaxed' : 'simd128';
  if (!supports(level)) {
    throw new EnvironmentError(`${refusal()}, which backend: 'wasm' needs. Use createEngine({ backend: 'js' }).`);
  }
  const found = threads > 1 ? instantiateShared(level) : undefined;
  const [shared, note] = typeof found === 'string' ? [undefined, found] : [found, undefined];
  const core = shared?.core ?? instantiate(level);
  const plain = engine(wasmBackend(core, { ...info, simd: level }), note);
  return shared || wide ? extended(plain, (module) => new module.Extension(core, level, wide, shared, threads)) : plain;
}

function engine(backend: Backend, threadsNote?: string, wideNote?: string): Engine {
  const threads = { count: 1, note: threadsNote };
  return { info: backend.info, threads, wide: { active: false, note: wideNote }, backend, dispose() {} };
}

/** Ends the threads of engines that were dropped without `dispose()`. */
const abandoned = new FinalizationRegistry<() => void>((end) => end());

/** The engine with what `extend` makes; what that takes is loaded only here. */
function extended(
  { backend, info, threads }: Engine,
  extend: (module: typeof import('./wasm/extension.ts')) => Extension,
): Engine {
  let extension: Extension | undefined;
  let note = threads.note;
  let disposed = false;
  const dispose = () => {
    disposed = true;
    note ??= 'The engine has been disposed.';
    extension?.end(note);
  };
  import('./wasm/extension.ts')
    .then((module) => {
      if (!disposed) extension = extend(module);
    })
    .catch((error: unknown) => {
      note ??= `What it takes could not be loaded: ${(error as Error).message}`;
    });
  abandoned.register(backend, dispose);
  return {
    info,
    threads: {
      get count() {
        return extension?.count ?? 1;
      },
      get note() {
        return note ?? extension?.threadsNote;
      },
    },
    wide: {
      get active() {
        return extension?.wide ?? false;
      },
      get note() {
        return extension?.wideNote;
      },
    },
    backend,
    dispose,
  };
}

let shared: Engine | undefined;

/** The engine of models that name none: reproducible, in WebAssembly where there is SIMD, else in JavaScript. Made at first use. */
export function defaultEngine(): Engine {
  shared ??= createEngine({ backend: supports('simd128') ? 'wasm' : 'js' });
  return shared;
}
