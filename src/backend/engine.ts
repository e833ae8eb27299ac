// Engines: which backend and which numerics, chosen once and shared by models.

// Before all others, so that bundles begin with the binaries, see wasm/core.ts.
import { instantiate, instantiateShared, refusal, supports } from './wasm/core.ts';

// The others in the usual order.

import { EnvironmentError, integer, oneOf, resolveOptions } from '../errors/index.ts';
import type { Backend, EngineInfo } from './backend.ts';
import { jsBackend } from './js/js.ts';
import type { Core } from './wasm/generated/core.ts';
import type { SharedCore, Team } from './wasm/team.ts';
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
  /** Ends the threads; the engine computes with one from now on. A process does not wait for them. */
  dispose(): void;
  /** @internal */
  readonly backend: Backend;
}

const rules = {
  backend: oneOf(['wasm', 'js'], { default: 'wasm' }),
  numerics: oneOf(['reproducible', 'fast'], { default: 'reproducible' }),
  threads: integer(1, { default: 1 }),
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
  const { backend, numerics, threads } = resolveOptions('createEngine', options, rules);
  const info = { backend, numerics, version: __VERSION__ };
  if (backend === 'js')
    return engine(jsBackend({ ...info, simd: 'none' }), note(threads, "backend: 'js' has one thread."));
  const level = numerics === 'fast' && supports('relaxed') ? 'relaxed' : 'simd128';
  if (!supports(level)) {
    throw new EnvironmentError(`${refusal()}, which backend: 'wasm' needs. Use createEngine({ backend: 'js' }).`);
  }
  const of = (core: Core) => wasmBackend(core, { ...info, simd: level });
  const shared = threads > 1 ? instantiateShared(level) : '';
  if (typeof shared === 'string') return engine(of(instantiate(level)), note(threads, shared));
  return withThreads(of(shared.core), shared, threads);
}

function note(threads: number, text: string): EngineThreads {
  return { count: 1, note: threads > 1 ? text : undefined };
}

function engine(backend: Backend, threads: EngineThreads, dispose = () => {}): Engine {
  return { info: backend.info, threads, backend, dispose };
}

/** Ends the threads of engines that were dropped without `dispose()`. */
const abandoned = new FinalizationRegistry<() => void>((end) => end());

/** An engine that other threads join in a while; what starts them is loaded only here. */
function withThreads(backend: Backend, core: SharedCore, threads: number): Engine {
  let team: Team | undefined;
  let note: string | undefined;
  let ended = false;
  const end = (why: string) => {
    if (ended) return;
    ended = true;
    note = why;
    team?.end();
  };
  const dispose = () => end('The engine has been disposed.');
  const fail = (error: unknown) => end(`Threads cannot be started: ${(error as Error).message}`);
  import('./wasm/team.ts')
    .then(({ cores, Team }) => {
      if (ended) return;
      const usable = Math.min(threads, cores());
      if (usable < threads) note = `This process has ${usable} ${usable === 1 ? 'core' : 'cores'}.`;
      team = new Team(core, usable, fail);
    })
    .catch(fail);
  abandoned.register(backend, dispose);
  const state = {
    get count() {
      return ended ? 1 : (team?.count ?? 1);
    },
    get note() {
      return note;
    },
  };
  return engine(backend, state, dispose);
}

let shared: Engine | undefined;

/** The engine of models that name none: reproducible, in WebAssembly where there is SIMD, else in JavaScript. Made at first use. */
export function defaultEngine(): Engine {
  shared ??= createEngine({ backend: supports('simd128') ? 'wasm' : 'js' });
  return shared;
}
