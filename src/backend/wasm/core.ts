// Compiles and instantiates the compute core.
import {
  checkKeys,
  EnvironmentError,
  fail,
  type HostResponse,
  type HostUrl,
  type WasmModule,
} from '../../errors/index.ts';
import type { Core } from './generated/core.ts';
import { operationsOf } from './generated/operations.ts';
import { inlined, type SimdLevel } from './inlined.ts';
import { withSharedMemory } from './shared-memory.ts';
import type { SharedCore } from './team.ts';

/** Where a binary of the core comes from: its bytes, compiled, an address, or a response on its way. */
export type CoreSource = WasmModule | CoreBytes;

/** Bytes, or where they are to be had. */
export type CoreBytes =
  | ArrayBuffer
  | ArrayBufferView<ArrayBuffer>
  | HostUrl
  | string
  | HostResponse
  | PromiseLike<HostResponse>;

/** The binaries for {@link loadCore}. */
export interface CoreSources {
  /** `regulus/core-simd.wasm`. */
  simd: CoreSource;
  /**
   * `regulus/core-relaxed.wasm`, the matrix products of `numerics: 'fast'`; without it, or where the host cannot run it, those
   * of `simd` serve both.
   */
  relaxed?: CoreSource;
}

/** Each binary is compiled once; every engine has an instance and a memory of its own. Null where this host cannot run it. */
const modules: Partial<Record<SimdLevel, WebAssembly.Module | null>> = {};

/** The bytes of those that {@link loadCore} has compiled. */
const loaded = new WeakMap<WebAssembly.Module, BufferSource>();

/** The same modules for memory that threads share. */
const sharing = new WeakMap<WebAssembly.Module, WebAssembly.Module>();

/**
 * Loads the compute core, for `regulus/slim`, which has none inside. Await it once before the first model is made.
 *
 * @throws ParameterError for what is not a core, EnvironmentError when it cannot be fetched or this host has no SIMD.
 * @example
 * ```js
 * import { readFile } from 'node:fs/promises';
 * import { createEngine, loadCore } from 'regulus/slim';
 *
 * await loadCore({ simd: await readFile(new URL(import.meta.resolve('regulus/core-simd.wasm'))) });
 * console.log(createEngine().info.backend); // wasm
 * ```
 */
export async function loadCore(sources: CoreSources): Promise<void> {
  checkKeys('loadCore', sources, ['simd', 'relaxed']);
  const { simd, relaxed } = sources;
  const [simd128, fused] = await Promise.all([
    load('simd', simd),
    relaxed === undefined ? null : load('relaxed', relaxed).catch(noRelaxed),
  ]);
  modules.simd128 = simd128;
  modules.relaxed = fused;
}

/** A host without relaxed SIMD does without; everything else is an error. */
function noRelaxed(error: unknown): null {
  if (error instanceof EnvironmentError && error.cause instanceof WebAssembly.CompileError) return null;
  throw error;
}

async function load(name: keyof CoreSources, source: CoreSource): Promise<WebAssembly.Module> {
  const module =
    source instanceof WebAssembly.Module ? source : await compile(name, await bytesOf(name, source as CoreBytes));
  const exported = WebAssembly.Module.exports(module).map((entry) => entry.name);
  const expected = name === 'simd' ? Object.keys(operationsOf({} as Core)) : ['matmul'];
  if (!expected.every((entry) => exported.includes(entry)) || exported.includes('allocate') !== (name === 'simd')) {
    fail('loadCore', name, `the core-${name}.wasm of Regulus ${__VERSION__}`, source);
  }
  return module;
}

async function bytesOf(name: keyof CoreSources, source: CoreBytes): Promise<BufferSource> {
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return source;
  const isAddress = typeof source === 'string' || source instanceof URL;
  if (!isAddress && (typeof source !== 'object' || source === null)) {
    fail('loadCore', name, 'bytes, a WebAssembly.Module, a URL or a Response', source);
  }
  try {
    const response = await (isAddress ? fetch(source) : source);
    if (response.ok) return await response.arrayBuffer();
    throw new Error(`${response.status} ${response.statusText}`);
  } catch (cause) {
    throw new EnvironmentError(`loadCore could not fetch '${name}'${isAddress ? ` from ${source}` : ''}: ${cause}`, {
      code: 'ERR_FETCH',
      cause,
    });
  }
}

async function compile(name: keyof CoreSources, bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    const module = await WebAssembly.compile(bytes);
    loaded.set(module, bytes);
    return module;
  } catch (cause) {
    throw new EnvironmentError(`This host cannot compile the '${name}' of loadCore: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The compiled binary, or null where this host cannot run it. */
function compiled(level: SimdLevel): WebAssembly.Module | null {
  if (modules[level] === undefined) {
    const bytes = inlined(level);
    try {
      modules[level] = new WebAssembly.Module(bytes);
    } catch {
      modules[level] = null;
    }
  }
  return modules[level] ?? null;
}

/**
 * Whether this host runs the core at `level` — for `relaxed`, also whether it pays. V8 before 13 (Node 22) keeps too few
 * vectors in registers for the larger tile of the relaxed core, which is then slower than SIMD128. Float16Array came to
 * all engines later than that and than relaxed SIMD, so it tells.
 */
export function supports(level: SimdLevel): boolean {
  if (level === 'relaxed' && !('Float16Array' in globalThis && compiled('relaxed'))) return false;
  return compiled('simd128') !== null;
}

/** Why this host does not {@link supports} SIMD128. Only compiling is subject to the policy of a page, validating is not. */
export function refusal(): string {
  return globalThis.WebAssembly?.validate(inlined('simd128'))
    ? "The script-src of the page's Content-Security-Policy lacks 'wasm-unsafe-eval'"
    : 'This host has no WebAssembly SIMD';
}

/** A new instance of the core; the host must support `level`. */
export function instantiate(level: SimdLevel): Core {
  const modules = levelsOf(level).map((part) => compiled(part) as WebAssembly.Module);
  try {
    return inMemory(newMemory(false), modules);
  } catch (cause) {
    throw new EnvironmentError(
      `There is no memory for another engine (${(cause as Error).message}). Share one engine among models.`,
      { code: 'ERR_MEMORY', cause },
    );
  }
}

/**
 * The same with a memory that threads can share, or a sentence that says why there is none.
 *
 * @internal
 */
export function instantiateShared(level: SimdLevel): SharedCore | string {
  if (typeof SharedArrayBuffer === 'undefined') {
    return 'This host has no SharedArrayBuffer; a page has it if it is cross-origin isolated.';
  }
  try {
    const modules = levelsOf(level).map((part) => {
      const module = compiled(part) as WebAssembly.Module;
      const shared =
        sharing.get(module) ?? new WebAssembly.Module(withSharedMemory(loaded.get(module) ?? inlined(part)));
      sharing.set(module, shared);
      return shared;
    });
    const memory = newMemory(true);
    return { core: inMemory(memory, modules), modules, memory };
  } catch (error) {
    return `There is no memory that can be shared: ${(error as Error).message}`;
  }
}

/** What an instance consists of: what comes later replaces what was before. */
function levelsOf(level: SimdLevel): SimdLevel[] {
  return level === 'relaxed' ? ['simd128', 'relaxed'] : ['simd128'];
}

/** An engine begins with little memory, but the host may reserve room for it to grow to the 4 GiB that 32 bits can address. */
function newMemory(shared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 32, maximum: 65_536, shared });
}

/** One instance of them all. */
function inMemory(memory: WebAssembly.Memory, modules: WebAssembly.Module[]): Core {
  // A copy, because lookups in an exports object are slow.
  const core = { memory };
  for (const module of modules) Object.assign(core, new WebAssembly.Instance(module, { env: { memory } }).exports);
  return core as unknown as Core;
}
