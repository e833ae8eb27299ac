// Compiles and instantiates the compute core: the exports of assembly/index.ts with their types.
import { instantiateSync } from '@assemblyscript/loader';
import { checkKeys, EnvironmentError, fail } from '../../errors/index.ts';
import { inlined } from './inlined.ts';

type Address = number;

/** The exports of assembly/index.ts; addresses are bytes in `memory`, reals are rounded to float32 on entry, except those of `penalty`. */
export interface Core {
  memory: WebAssembly.Memory;
  allocate(bytes: number): Address;
  release(address: Address): void;
  matmul(c: Address, a: Address, b: Address, m: number, k: number, n: number): void;
  matmulTN(c: Address, a: Address, b: Address, m: number, k: number, n: number): void;
  matmulNT(c: Address, a: Address, b: Address, m: number, k: number, n: number): void;
  addBias(y: Address, bias: Address, rows: number, columns: number): void;
  biasGradient(db: Address, dy: Address, rows: number, columns: number): void;
  relu(y: Address, x: Address, n: number): void;
  reluBackward(dx: Address, dy: Address, y: Address, n: number): void;
  dropout(y: Address, x: Address, n: number, threshold: number, scale: number, key0: number, key1: number): void;
  scale(y: Address, x: Address, n: number, factor: number): void;
  softmax(p: Address, logits: Address, rows: number, columns: number): void;
  softmaxCrossEntropy(dLogits: Address, logits: Address, labels: Address, rows: number, columns: number): number;
  argmax(indices: Address, x: Address, rows: number, columns: number): void;
  countCorrect(x: Address, labels: Address, rows: number, columns: number): number;
  penalty(w: Address, n: number, l1: number, l2: number): number;
  sgd(w: Address, g: Address, n: number, rate: number, l1: number, l2: number): void;
  momentum(w: Address, g: Address, v: Address, n: number, rate: number, mu: number, l1: number, l2: number): void;
  nesterov(w: Address, g: Address, v: Address, n: number, rate: number, mu: number, l1: number, l2: number): void;
  adam(
    w: Address,
    g: Address,
    m: Address,
    v: Address,
    n: number,
    stepSize: number,
    decay1: number,
    decay2: number,
    rescale: number,
    epsilon: number,
    decay: number,
    l1: number,
    l2: number,
  ): void;
  softThreshold(w: Address, n: number, threshold: number): void;
  softThresholdAdam(w: Address, v: Address, n: number, threshold: number, rescale: number, epsilon: number): void;
}

/** The two instruction sets the core is compiled for. */
export type SimdLevel = 'simd128' | 'relaxed';

/** Where a binary of the core comes from: its bytes, compiled, an address, or a response on its way. */
export type CoreSource = WebAssembly.Module | CoreBytes;

/** Bytes, or where they are to be had. */
export type CoreBytes = BufferSource | URL | string | Response | PromiseLike<Response>;

/** The binaries for {@link loadCore}. */
export interface CoreSources {
  /** `regulus/core-simd.wasm`. */
  simd: CoreSource;
  /** `regulus/core-relaxed.wasm`, for `numerics: 'fast'`; without it, or where the host cannot run it, `simd` serves both. */
  relaxed?: CoreSource;
}

/** Each binary is compiled once; every engine has an instance and a memory of its own. Null where this host cannot run it. */
const modules: Partial<Record<SimdLevel, WebAssembly.Module | null>> = {};

/**
 * Loads the compute core, for `regulus/slim`, which has none inside. Await it once before the first model is made.
 *
 * @throws ParameterError for what is not a core, EnvironmentError when it cannot be fetched or this host has no SIMD.
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
  const exported = new Set(WebAssembly.Module.exports(module).map((entry) => entry.name));
  if (!exported.has('memory') || !exported.has('softThresholdAdam')) {
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
      cause,
    });
  }
}

async function compile(name: keyof CoreSources, bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new EnvironmentError(`This host cannot compile the '${name}' of loadCore: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** The compiled core, or null where this host cannot run it. */
function compiled(level: SimdLevel): WebAssembly.Module | null {
  if (modules[level] === undefined) {
    const bytes = inlined(level);
    if (bytes === undefined) {
      throw new EnvironmentError(
        "regulus/slim has no compute core inside. Await loadCore({ simd: … }) first, or use createEngine({ backend: 'js' }).",
      );
    }
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
  return compiled(level) !== null && (level !== 'relaxed' || 'Float16Array' in globalThis);
}

/** A new instance of the core; the host must support `level`. */
export function instantiate(level: SimdLevel): Core {
  const { exports } = instantiateSync(compiled(level) as WebAssembly.Module, {});
  return exports as unknown as Core;
}
