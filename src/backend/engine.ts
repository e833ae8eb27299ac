// Engines: which backend and which numerics, chosen once and shared by models.

// Before all others, so that bundles begin with the binaries, see wasm/core.ts.
import { refusal, supports } from './wasm/core.ts';

// The others in the usual order.

import { EnvironmentError, oneOf, resolveOptions } from '../errors/index.ts';
import type { Backend, EngineInfo } from './backend.ts';
import { jsBackend } from './js/js.ts';
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
}

/** What a model computes with. Engines are made by {@link createEngine} and can be shared by any number of models. */
export interface Engine {
  /** What actually runs. */
  readonly info: EngineInfo;
  /** @internal */
  readonly backend: Backend;
}

const rules = {
  backend: oneOf(['wasm', 'js'], { default: 'wasm' }),
  numerics: oneOf(['reproducible', 'fast'], { default: 'reproducible' }),
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
  const { backend, numerics } = resolveOptions('createEngine', options, rules);
  const info = { backend, numerics, version: __VERSION__ };
  if (backend === 'js') return engine(jsBackend({ ...info, simd: 'none' }));
  const level = numerics === 'fast' && supports('relaxed') ? 'relaxed' : 'simd128';
  if (!supports(level)) {
    throw new EnvironmentError(`${refusal()}, which backend: 'wasm' needs. Use createEngine({ backend: 'js' }).`);
  }
  return engine(wasmBackend(level, { ...info, simd: level }));
}

function engine(backend: Backend): Engine {
  return { info: backend.info, backend };
}

let shared: Engine | undefined;

/** The engine of models that name none: reproducible, in WebAssembly where there is SIMD, else in JavaScript. Made at first use. */
export function defaultEngine(): Engine {
  shared ??= createEngine({ backend: supports('simd128') ? 'wasm' : 'js' });
  return shared;
}
