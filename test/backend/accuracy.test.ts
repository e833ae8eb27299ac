// Accuracy of the approximations, in units in the last place of float32, by dense sweeps; and the edges of their domains.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Tensor } from '../../src/backend/index.ts';
import { normal } from '../../src/backend/js/functions.ts';
import { expectClose } from '../reference/close.ts';
import { logistic, sigmoidCrossEntropyOf, softmaxRow, values } from '../reference/operations.ts';

const U = 2 ** -24; // unit roundoff of float32

const [bits, real] = (() => {
  const array = new Uint32Array(1);
  return [array, new Float32Array(array.buffer)];
})();
const bitsOf = (x: number) => {
  real[0] = x;
  return bits[0];
};
const floatOf = (pattern: number) => {
  bits[0] = pattern;
  return real[0];
};

/** The distance between the float32 numbers around `x`, which is 2^-149 for denormals. */
function ulp(x: number): number {
  const magnitude = Math.abs(x);
  let below = Math.fround(magnitude);
  if (below > magnitude) below = floatOf(bitsOf(below) - 1);
  return floatOf(bitsOf(below) + 1) - below;
}

/** A module for this test: the kernels' exp and log, and square root and reciprocal as the kernels use them. */
const source = `
import { exp as exp4 } from './exp';
import { log } from './log';
export const buffer = memory.data(${4 * 65536});
function at(first: u32, i: i32): v128 { return i32x4.add(i32x4.splat(first + i), i32x4(0, 1, 2, 3)); }
/** The values of f at 65536 consecutive float32, which have the bit patterns first, first + 1 … */
export function exp(first: u32): void { for (let i = 0; i < 65536; i += 4) v128.store(buffer + 4 * i, exp4(at(first, i))); }
export function sqrt(first: u32): void { for (let i = 0; i < 65536; i += 4) v128.store(buffer + 4 * i, f32x4.sqrt(at(first, i))); }
export function reciprocal(first: u32): void {
  for (let i = 0; i < 65536; i += 4) v128.store(buffer + 4 * i, f32x4.div(f32x4.splat(1), at(first, i)));
}
/** Of n numbers from x on, each greater by \`step\`, how many have another logarithm than AssemblyScript's, which is musl's. */
export function wrongLogs(x: f64, step: f64, n: i32): i32 {
  let wrong = 0;
  for (; n > 0; n--) {
    wrong += i32(reinterpret<u64>(log(x)) != reinterpret<u64>(NativeMath.log(x)));
    x += step;
  }
  return wrong;
}`;

interface Kernels {
  buffer: WebAssembly.Global;
  exp(first: number): void;
  sqrt(first: number): void;
  reciprocal(first: number): void;
  wrongLogs(x: number, step: number, n: number): number;
}
// The sizes of asconfig.json.
const memory = new WebAssembly.Memory({ initial: 32, maximum: 65_536 });
let kernels: Kernels;

beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../', import.meta.url));
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    'assembly/kernels/accuracy.ts -o accuracy.wasm --enable simd -O3 --runtime stub --noAssert --use abort= --disableWarning 112'.split(
      ' ',
    ),
    {
      readFile(name) {
        if (name === 'assembly/kernels/accuracy.ts') return source;
        const path = join(folder, name);
        return existsSync(path) ? readFileSync(path, 'utf8') : null;
      },
      writeFile(_name, contents) {
        binary = Uint8Array.from(contents as Uint8Array);
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) expect.fail(String(stderr));
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  kernels = instance.exports as unknown as Kernels;
}, 60_000);

/** Calls `visit` with the 65536 consecutive float32 from `first` on, and what the kernel makes of them. */
function sweep(kernel: 'exp' | 'sqrt' | 'reciprocal', first: number, visit: (x: number, y: number) => void): void {
  kernels[kernel](first | 0);
  const y = new Float32Array(memory.buffer, kernels.buffer.value, 65536);
  const x = new Float32Array(Uint32Array.from(y, (_, i) => first + i).buffer);
  for (let i = 0; i < 65536; i++) visit(x[i], y[i]);
}

describe('exp', () => {
  // −87.33654 is where e^x falls out of the normal range. Blocks of 65536 consecutive float32, every 241st of all of them,
  // and the block of the worst argument of all 1,118,743,632 (an exhaustive run took 50 s).
  const [first, last] = [bitsOf(-0), bitsOf(-87.33654)];
  const worst = -81.39479064941406;

  test('is within 1 ulp on [−87.33, 0]', () => {
    let greatest = 0;
    let count = 0;
    const visit = (x: number, y: number) => {
      if (x < -87.33654) return;
      const exact = Math.exp(x);
      greatest = Math.max(greatest, Math.abs(y - exact) / ulp(exact));
      count++;
    };
    for (let start = first; start <= last; start += 241 * 65536) sweep('exp', start, visit);
    expect(count).toBeGreaterThan(4e6);
    expect(greatest).toBeLessThan(0.9);
    sweep('exp', bitsOf(worst) - 32768, visit);
    expect(greatest).toBeCloseTo(0.982, 3);
  });

  test('is within 1 ulp at the seams of its argument reduction, x = (k + ½)·ln 2', () => {
    let greatest = 0;
    for (let k = -125; k < 0; k += 3) {
      sweep('exp', bitsOf((k + 0.5) * Math.LN2) - 32768, (x, y) => {
        const exact = Math.exp(x);
        greatest = Math.max(greatest, Math.abs(y - exact) / ulp(exact));
      });
    }
    expect(greatest).toBeLessThan(1);
  });

  test('at its edges', () => {
    const at = (x: number) => {
      let result = Number.NaN;
      sweep('exp', bitsOf(x), (_, y) => {
        if (Number.isNaN(result)) result = y;
      });
      return result;
    };
    expect(at(0)).toBe(1);
    expect(at(-0)).toBe(1);
    expect(at(2 ** -149)).toBe(1);
    expect(at(-(2 ** -149))).toBe(1);
    expect(at(-87.4)).toBe(0); // flushed: never denormal
    expect(at(-1e4)).toBe(0);
    expect(at(-3.4e38)).toBe(0);
    expect(at(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(at(Number.NaN)).toBeNaN();
  });
});

test('square root and reciprocal are correctly rounded, denormals included', () => {
  // Rounding the float64 result to float32 is the correctly rounded float32 result for both (Figueroa 1995).
  let wrong = 0;
  for (let start = 0; start <= bitsOf(3.4e38); start += 521 * 65536) {
    sweep('sqrt', start, (x, y) => {
      if (y !== Math.fround(Math.sqrt(x)) && !Number.isNaN(x)) wrong++;
    });
    sweep('reciprocal', start, (x, y) => {
      if (y !== Math.fround(1 / x) && !Number.isNaN(x)) wrong++;
    });
  }
  expect(wrong).toBe(0);
});

test('log is that of musl, bit for bit: near 1, in each of its intervals, and up to the greatest sums', () => {
  for (const [from, step] of [
    [1, 2 ** -52],
    [1, 7.7e-8],
    [1.0646972, 2 ** -50],
    [1, 1.1e-6],
    [1, 1.7e-3],
    [1e4, 3.3],
  ]) {
    expect(kernels.wrongLogs(from, step, 1e6)).toBe(0);
  }
});

const engines = {
  'wasm reproducible': createEngine(),
  'wasm fast': createEngine({ numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

describe.each(Object.entries(engines))('on %s', (_name, { backend }) => {
  const tensor = (data: ArrayLike<number>): Tensor => {
    const result = backend.float32(data.length);
    result.data.set(data);
    return result;
  };
  /** −log softmax(logits)[label] without the cancellation of log Σe + max − logit. */
  const exactCrossEntropy = (logits: number[], label: number) => {
    const greatest = Math.max(...logits);
    const others = logits.toSpliced(logits.indexOf(greatest), 1);
    return Math.log1p(others.reduce((sum, x) => sum + Math.exp(x - greatest), 0)) + (greatest - logits[label]);
  };
  /** Loss and gradient of one row. */
  const crossEntropy = (logits: number[], label: number) => {
    const labels = backend.int32(1);
    labels.data[0] = label;
    const dLogits = tensor(logits);
    const loss = backend.softmaxCrossEntropy(dLogits, dLogits, labels, 1, logits.length, 0);
    return { loss, gradient: [...dLogits.data] };
  };
  const softmax = (logits: number[]) => {
    const p = tensor(logits);
    backend.softmax(p, p, 1, logits.length);
    return [...p.data];
  };

  // e^(x − max) is off by the rounding of x − max, U·|x − max| relative, and by 1 ulp = 2U of exp; the sum, its logarithm
  // and the gap max − logit are float64. So the relative error of Σe − 1, and with it of the loss, is at most
  // U·(2 + spread), where the terms that count have a spread of at most 36: below e^-36 = 2^-52 they vanish beside 1.
  test('log-sum-exp: the loss is within U·(2 + spread) of the exact one, relative', () => {
    let greatest = 0;
    let salt = 0;
    for (const columns of [2, 3, 4, 5, 8, 10, 37, 1000]) {
      for (const scale of [1e-3, 0.1, 1, 5, 20, 80, 1e3, 1e4, 1e20, 1e37]) {
        for (let repeat = 0; repeat < 10; repeat++, salt++) {
          const logits = [...Float32Array.from(values(columns, salt), (v) => v * scale)];
          const label = salt % columns;
          const exact = exactCrossEntropy(logits, label);
          const { loss } = crossEntropy(logits, label);
          const spread = Math.min(2 * scale, 36);
          const error = Math.abs(loss - exact);
          expect(error).toBeLessThanOrEqual(U * (2 + spread) * exact + 2 ** -50);
          if (exact > 1e-3) greatest = Math.max(greatest, error / exact / U);
        }
      }
    }
    // The greatest of these: 4.36 U = 2.6e-7. The js backend computes in float64.
    expect(greatest).toBeLessThan(backend.info.backend === 'js' ? 1e-6 : 5);
  });

  test('softmax is within U·(6 + spread), relative', () => {
    for (let salt = 0; salt < 300; salt++) {
      const columns = 1 + (salt % 17);
      const scale = 10 ** ((salt % 5) - 2);
      const logits = [...Float32Array.from(values(columns, salt), (v) => v * scale)];
      const exact = softmaxRow(logits);
      expectClose(softmax(logits), exact, { rtol: U * (6 + Math.min(2 * scale, 88)), atol: 2 ** -126 });
    }
  });

  test('extreme logits', () => {
    expect(crossEntropy([1e4, -1e4], 0)).toEqual({ loss: 0, gradient: [0, 0] });
    expect(crossEntropy([1e4, -1e4], 1)).toEqual({ loss: 2e4, gradient: [1, -1] });
    expect(crossEntropy([-1e4, -1e4, -1e4, -1e4], 2)).toEqual({
      loss: Math.log(4),
      gradient: [0.25, 0.25, -0.75, 0.25],
    });
    expect(softmax([1e4, -1e4, 0])).toEqual([1, 0, 0]);
    const most = floatOf(0x7f7fffff);
    for (const logit of [most, -most]) {
      for (const columns of [1, 2, 3, 4, 5, 8]) {
        const { loss, gradient } = crossEntropy(new Array(columns).fill(logit), 0);
        expectClose([loss], [Math.log(columns)], { atol: 1e-15 });
        expectClose(
          gradient,
          Array.from({ length: columns }, (_, i) => 1 / columns - (i === 0 ? 1 : 0)),
          { atol: U },
        );
      }
    }
    expectClose([crossEntropy([most, -most], 1).loss], [2 * most], { rtol: 1e-15 });
  });

  test('−∞ is a class that is never chosen; a label there, +∞ and NaN show in the loss', () => {
    const none = Number.NEGATIVE_INFINITY;
    expect(softmax([none, 0, 0, none, none])).toEqual([0, 0.5, 0.5, 0, 0]);
    expect(crossEntropy([none, 0, 0], 1)).toEqual({ loss: Math.log(2), gradient: [0, -0.5, 0.5] });
    expect(crossEntropy([none, 0, 0], 0).loss).toBe(Number.POSITIVE_INFINITY);
    expect(crossEntropy([none, none], 0).loss).toBeNaN();
    expect(crossEntropy([Number.POSITIVE_INFINITY, 0], 0).loss).toBeNaN();
    for (let i = 0; i < 6; i++) {
      const logits = [1, 2, 3, 4, 5, 6];
      logits[i] = Number.NaN;
      expect(crossEntropy(logits, 0).loss).toBeNaN();
    }
  });

  test('denormal logits and a single class', () => {
    const least = 2 ** -149;
    expectClose([crossEntropy([least, -least], 0).loss], [Math.log(2)], { rtol: 1e-15 });
    for (const logit of [0, least, -3, 1e4, -1e4, 1e38]) {
      expect(crossEntropy([logit], 0)).toEqual({ loss: 0, gradient: [0] });
      expect(softmax([logit])).toEqual([1]);
    }
  });

  /** Calls `visit` with every `stride`th block of 65536 consecutive float32 of [from, to] and what the operation makes of them. */
  const sweepBlocks = (
    operation: 'tanh' | 'sigmoid' | 'elu' | 'softplus' | 'gelu' | 'silu' | 'mish',
    [from, to]: [number, number],
    stride: number,
    visit: (x: Float32Array, y: Float32Array) => void,
  ) => {
    const [input, output] = [backend.float32(65536), backend.float32(65536)];
    const [first, last] = [bitsOf(from), bitsOf(to)];
    for (let start = first; start <= last; start += stride * 65536) {
      const x = Float32Array.from({ length: 65536 }, (_, i) => floatOf(Math.min(start + i, last)));
      input.data.set(x);
      backend[operation](output, input, 65536, 1, 1);
      visit(x, output.data.slice());
    }
    for (const used of [input, output]) backend.free(used);
  };
  /** The greatest error in ulp. */
  const greatestError = (
    operation: 'tanh' | 'sigmoid' | 'elu' | 'softplus' | 'gelu' | 'silu' | 'mish',
    exact: (x: number) => number,
    range: [number, number],
    stride: number,
  ) => {
    let greatest = 0;
    sweepBlocks(operation, range, stride, (x, y) => {
      for (let i = 0; i < x.length; i++) {
        const value = exact(x[i]);
        greatest = Math.max(greatest, Math.abs(y[i] - value) / ulp(value));
      }
    });
    return greatest;
  };
  const isWasm = backend.info.backend === 'wasm';

  // Every 13th block of those that matter, and the worst argument of all: an exhaustive run over every float32 took 10 s.
  test('tanh is within 1.5 ulp', () => {
    const worst = 0.6327676773071289;
    expect(greatestError('tanh', Math.tanh, [2 ** -14, 9.2], 13)).toBeLessThan(1.466);
    const error = greatestError('tanh', Math.tanh, [worst, worst], 1);
    if (isWasm) expect(error).toBeCloseTo(1.466, 3);
    else expect(error).toBeLessThan(0.5001);
    expect(greatestError('tanh', Math.tanh, [2 ** -149, 2 ** -14], 997)).toBeLessThanOrEqual(0.5);
  });

  test('tanh is odd, and exactly x, ±0 or ±1 at its ends', () => {
    const tanh = (x: number[]) => {
      const y = tensor(x);
      backend.tanh(y, y, x.length);
      return [...y.data];
    };
    sweepBlocks('tanh', [2 ** -14, 9.2], 97, (x, y) =>
      expect(tanh(Array.from(x, (v) => -v))).toEqual(Array.from(y, (v) => -v)),
    );
    const small = [0, -0, 2 ** -149, -(2 ** -149), 2 ** -126, 1e-20, -1e-5, 2 ** -13];
    expect(tanh(small)).toEqual([...Float32Array.from(small)]);
    const great = [9.02, 10, 44, 88, 1e4, 3.4e38, Number.POSITIVE_INFINITY];
    expect(tanh(great)).toEqual(great.map(() => 1));
    expect(tanh(great.map((x) => -x))).toEqual(great.map(() => -1));
  });

  test('sigmoid is within 2.5 ulp', () => {
    const worst = -4.157293796539307;
    expect(greatestError('sigmoid', logistic, [2 ** -30, 100], 41)).toBeLessThan(1.5);
    expect(greatestError('sigmoid', logistic, [-(2 ** -30), -87.3], 41)).toBeLessThan(2.402);
    const error = greatestError('sigmoid', logistic, [worst, worst], 1);
    if (isWasm) expect(error).toBeCloseTo(2.402, 3);
    else expect(error).toBeLessThan(0.5001);
  });

  // max(z, 0) − z·t is exact to float64; log(1 + u) is off by less, relative, than u = e^−|z| is by: 1 ulp = 2U.
  // Φ is the float64 function of backend/js, see js-functions.test.ts.
  const log1pExp = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  test.each([
    ['elu', Math.expm1, [[-(2 ** -20), -20]], 2.2, 211],
    // biome-ignore-start format: a table.
    [
      'softplus',
      log1pExp,
      [
        [2 ** -20, 60],
        [-(2 ** -20), -87],
      ],
      1.5,
      211,
    ],
    [
      'gelu',
      (x: number) => x * normal(x),
      [
        [2 ** -20, 40],
        [-(2 ** -20), -12],
      ],
      7,
      211,
    ],
    [
      'silu',
      (x: number) => x * logistic(x),
      [
        [2 ** -20, 60],
        [-(2 ** -20), -80],
      ],
      3,
      211,
    ],
    [
      'mish',
      (x: number) => x * Math.tanh(log1pExp(x)),
      [
        [2 ** -20, 60],
        [-(2 ** -20), -80],
      ],
      4,
      211,
    ],
    // biome-ignore-end format: a table.
  ] as const)('%s is within its bound', (name, exact, ranges, bound, stride) => {
    const errors = ranges.map((range) => greatestError(name, exact, range as unknown as [number, number], stride));
    expect(Math.max(...errors)).toBeLessThan(isWasm ? bound : 0.51);
  });

  test('sigmoid cross-entropy is within 2U of the exact one, relative, for logits of any size', () => {
    for (const z of [0, 2 ** -149, 1e-3, 0.5, 1, 2, 5, 17, 30, 60, 87, 1e4, 1e20, floatOf(0x7f7fffff)].map(
      Math.fround,
    )) {
      for (const logit of [z, -z]) {
        for (const t of [0, 1, 0.25, Math.fround(0.1)]) {
          const dLogits = tensor([logit]);
          const loss = backend.sigmoidCrossEntropy(dLogits, dLogits, tensor([t]), 1, 0);
          // Below e^-87.33, e is 0.
          expectClose([loss], [sigmoidCrossEntropyOf(logit, t)], { rtol: 2 * U, atol: 2 ** -125 });
          expectClose(dLogits.data, [logistic(logit) - t], { atol: 3 * U });
        }
      }
    }
    const most = floatOf(0x7f7fffff);
    const loss = (logit: number, target: number) => {
      const gradient = tensor([logit]);
      return [backend.sigmoidCrossEntropy(gradient, gradient, tensor([target]), 1, 0), ...gradient.data];
    };
    expect(loss(1e4, 1)).toEqual([0, 0]);
    expect(loss(1e4, 0)).toEqual([1e4, 1]);
    expect(loss(-1e4, 0)).toEqual([0, 0]);
    expect(loss(-1e4, 1)).toEqual([1e4, -1]);
    expect(loss(most, 0)).toEqual([most, 1]);
    expectClose(loss(0, 1), [Math.LN2, -0.5], { rtol: 1e-13 });
    expect(loss(Number.NaN, 0)).toEqual([Number.NaN, Number.NaN]);
  });

  // m = g, v = s and no decay: the new weight is −stepSize·m / (√v·rescale + ε), after five roundings.
  test('the quotient of Adam is within 3 ulp, from denormal moments to great ones', () => {
    const n = 4096;
    const exponents = Float64Array.from({ length: n }, (_, i) => 2 ** (-149 + (i * 200) / n));
    const square = tensor(exponents);
    const mean = tensor(Float32Array.from(values(n, 1), (v) => v + Math.sign(v)));
    const [w, g] = [tensor(new Float32Array(n)), tensor(new Float32Array(n))];
    const [stepSize, rescale, epsilon] = [0.015625, 1.5, 2 ** -26];
    backend.adam(w, g, mean, square, n, stepSize, 0, 0, rescale, epsilon, 0, 0, 0);
    let greatest = 0;
    for (let i = 0; i < n; i++) {
      const exact = -(stepSize * mean.data[i]) / (Math.sqrt(square.data[i]) * rescale + epsilon);
      greatest = Math.max(greatest, Math.abs(w.data[i] - exact) / ulp(exact));
    }
    expect(greatest).toBeLessThan(3); // 2.01 of wasm, 0.50 of js
  });
});
