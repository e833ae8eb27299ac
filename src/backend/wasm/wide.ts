// Products with tiles of 16 columns, of which V8 makes vectors of 256 bits under an experimental flag. Only in Node.
import type { Core } from './generated/core.ts';
import type { SimdLevel } from './inlined.ts';
import { nodeModule } from './node-modules.ts';
import { withSharedMemory } from './shared-memory.ts';

const FLAG = '--experimental-wasm-revectorize';

/** A whole tile, more than one block, parts of tiles, columns that are left over; each often enough to be compiled for good. */
const shapes = [
  [48, 64, 48],
  [7, 300, 530],
  [61, 77, 53],
  [64, 64, 18],
];
const REPETITIONS = 30;
const products = ['matmul', 'matmulTN', 'matmulNT'] as const;

/**
 * The module of the wide products for `level`, once they have computed the same bits as `core`. `shared`: for a memory that
 * threads share.
 *
 * @throws Error that says why there is none.
 */
export async function wideProducts(core: Core, level: SimdLevel, shared: boolean): Promise<WebAssembly.Module> {
  const [fs, module, v8] = [nodeModule('fs'), nodeModule('module'), nodeModule('v8')];
  // V8 12 (Node 22) keeps too few vectors in registers, as `supports` says.
  if (!fs || !module || !v8 || !('Float16Array' in globalThis)) throw new Error('they need Node 24');
  const { env, execArgv } = globalThis.process;
  // Heard by what is compiled from now on.
  if (env.REGULUS_WIDE === '1') v8.setFlagsFromString(FLAG);
  else if (!`${execArgv} ${env.NODE_OPTIONS}`.includes(FLAG)) {
    throw new Error(`start the process as node ${FLAG}, or with the variable REGULUS_WIDE=1`);
  }
  const name = level === 'relaxed' ? 'core-wide-relaxed.wasm' : 'core-wide.wasm';
  const bytes = fs.readFileSync(module.createRequire(import.meta.url).resolve(`regulus/${name}`));
  const wide = new WebAssembly.Module(shared ? withSharedMemory(bytes) : bytes);
  const { memory } = core;
  const exports = new WebAssembly.Instance(wide, { env: { memory } }).exports as unknown as Core;
  for (const shape of shapes) {
    for (const product of products) {
      for (let i = 0; i < REPETITIONS; i++) check([core, exports], product, shape, i);
      // V8 compiles for good on other threads.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return wide;
}

/** @throws Error if a product of both differs in any bit. */
function check([core, wide]: Core[], product: (typeof products)[number], [m, k, n]: number[], seed: number): void {
  const sizes = [m * n, m * n, m * k, k * n];
  const addresses = sizes.map((size) => core.allocate(4 * size));
  try {
    const [c, d, a, b] = sizes.map((size, i) => new Int32Array(core.memory.buffer, addresses[i] >>> 0, size));
    // Any float32 between 2^-16 and 2^16: their bits from a linear congruential generator.
    let state = seed;
    for (const values of [a, b]) {
      for (let i = 0; i < values.length; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        values[i] = (0x37800000 + ((state >>> 4) & 0xfffffff)) ^ (state & 0x80000000);
      }
    }
    core[product](addresses[0], addresses[2], addresses[3], m, k, n);
    wide[product](addresses[1], addresses[2], addresses[3], m, k, n);
    if (c.some((bits, i) => bits !== d[i])) throw new Error('their results have other bits on this host');
  } finally {
    for (const address of addresses) core.release(address);
  }
}
