// Compiles and instantiates the compute core: the exports of assembly/index.ts with their types.
import { instantiateSync } from '@assemblyscript/loader';
import relaxed from './generated/core-relaxed.ts';
import simd from './generated/core-simd.ts';

type Address = number;

/** The exports of assembly/index.ts; addresses are bytes in `memory`, reals are rounded to float32 on entry. */
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
  sumAbsolute(w: Address, n: number): number;
  sumSquares(w: Address, n: number): number;
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

const binaries = { simd128: simd, relaxed };

/** The two instruction sets the core is compiled for. */
export type SimdLevel = keyof typeof binaries;

/** Each binary is decoded and compiled once; every engine has an instance and a memory of its own. */
const modules: Partial<Record<SimdLevel, WebAssembly.Module | null>> = {};

function decode(base64: string): Uint8Array<ArrayBuffer> {
  // Node's own decoder is many times faster than atob, which matters at a cold start.
  if (typeof Buffer === 'function') return Uint8Array.from(Buffer.from(base64, 'base64'));
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The compiled core, or null where this host cannot run it. */
function compile(level: SimdLevel): WebAssembly.Module | null {
  if (modules[level] === undefined) {
    try {
      modules[level] = new WebAssembly.Module(decode(binaries[level]));
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
  return compile(level) !== null && (level !== 'relaxed' || 'Float16Array' in globalThis);
}

/** A new instance of the core; the host must support `level`. */
export function instantiate(level: SimdLevel): Core {
  const { exports } = instantiateSync(compile(level) as WebAssembly.Module, {});
  return exports as unknown as Core;
}
