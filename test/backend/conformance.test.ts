// One suite for every backend: each operation against its naive float64 definition, at awkward sizes.
import { describe, expect, test } from 'vitest';
import { type Backend, createEngine, keepThreshold, type Tensor } from '../../src/backend/index.ts';
import { RandomState } from '../../src/random/index.ts';
import { normalDraw } from '../contracts/reference/layer.ts';
import { expectClose } from '../reference/close.ts';
import {
  crossEntropyRow,
  logistic,
  moments,
  normal,
  normalizationGradient,
  penalizedGradient,
  product,
  sigmoidCrossEntropyOf,
  softmaxRow,
  values,
} from '../reference/operations.ts';

const EPS = 2 ** -24; // half an ulp of float32
const GUARD = 8; // elements behind an output, which nothing may touch but the rest of its last vector
const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 33, 101];

/** Activations beside ReLU and tanh: their definitions and derivatives, and what their backward pass reads. */
const activations: {
  name: string;
  options?: number[];
  forward(x: number): number;
  backward(x: number): number;
  reads?: 'input';
}[] = [
  {
    name: 'leakyRelu',
    options: [0.3],
    forward: (x) => (x > 0 ? x : 0.3 * x),
    backward: (x) => (x > 0 ? 1 : 0.3),
  },
  {
    name: 'elu',
    options: [1.5, 0.8],
    forward: (x) => 0.8 * (x > 0 ? x : 1.5 * Math.expm1(x)),
    backward: (x) => 0.8 * (x > 0 ? 1 : 1.5 * Math.exp(x)),
  },
  { name: 'sigmoid', forward: logistic, backward: (x) => logistic(x) * logistic(-x) },
  { name: 'softplus', forward: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), backward: logistic },
  {
    name: 'gelu',
    reads: 'input',
    forward: (x) => x * normal(x),
    backward: (x) => normal(x) + (Math.abs(x) > 40 ? 0 : (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)),
  },
  {
    name: 'silu',
    reads: 'input',
    forward: (x) => x * logistic(x),
    backward: (x) => logistic(x) * (1 + x * logistic(-x)),
  },
  {
    name: 'mish',
    reads: 'input',
    forward: (x) => x * mishGate(x),
    backward: (x) => mishGate(x) + x * logistic(x) * (1 - mishGate(x) ** 2),
  },
];
const mishGate = (x: number) => Math.tanh(Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));

/** The rows (k, m) with more columns, up to `width`. */
const spread = (data: Float32Array, k: number, m: number, width: number) =>
  Array.from({ length: k * width }, (_, i) => (i % width < m ? data[Math.floor(i / width) * m + (i % width)] : 0.5));

const engines = [createEngine(), createEngine({ numerics: 'fast' }), createEngine({ backend: 'js' })];

describe.each(engines)('backend $info.backend $info.numerics', ({ backend }) => {
  const tensor = (data: ArrayLike<number>): Tensor => {
    const result = backend.float32(data.length);
    result.data.set(data);
    return result;
  };
  /** A tensor of which only the beginning is an output. */
  const guarded = (data: ArrayLike<number>): Tensor => tensor([...Array.from(data), ...new Array(GUARD).fill(7)]);
  /** What is in it, after a look at the rest. */
  const contents = ({ data }: Tensor): number[] => {
    const length = data.length - GUARD;
    const behind = [...data.subarray(Math.ceil(length / 4) * 4)];
    expect(behind).toEqual(behind.map(() => 7));
    return [...data.subarray(0, length)];
  };
  const labelsOf = (data: number[]): Tensor<Int32Array> => {
    const result = backend.int32(data.length);
    result.data.set(data);
    return result;
  };

  describe('matmul', () => {
    const layouts = [
      ['matmul', false, false],
      ['matmulTN', true, false],
      ['matmulNT', false, true],
    ] as const;

    function check(
      name: 'matmul' | 'matmulTN' | 'matmulNT',
      ta: boolean,
      tb: boolean,
      shape: [number, number, number],
    ) {
      const [m, k, n] = shape;
      const a = values(m * k, 1);
      const b = values(k * n, 2);
      // The output starts as garbage and is followed by a guard: everything is overwritten, nothing beyond.
      const c = tensor(new Float32Array(m * n + 8).fill(7));
      const inputs = [tensor(a), tensor(b)];
      backend[name](c, inputs[0], inputs[1], m, k, n);
      const { value, magnitude } = product(a, b, shape, ta, tb);
      for (let i = 0; i < m * n; i++) {
        // γ_k of Higham (2002): k rounded additions and products, each off by at most EPS.
        const bound = (k + 2) * EPS * magnitude[i];
        if (!(Math.abs(c.data[i] - value[i]) <= bound)) {
          expect.fail(`${name} ${shape}: element ${i} is ${c.data[i]}, not ${value[i]} ± ${bound}`);
        }
      }
      expect([...c.data.subarray(m * n)]).toEqual(new Array(8).fill(7));
      expect([...inputs[0].data]).toEqual([...a]);
      for (const used of [c, ...inputs]) backend.free(used);
    }

    test.each(layouts)('%s at all small sizes', (name, ta, tb) => {
      for (let m = 0; m <= 9; m++) {
        for (let n = 0; n <= 18; n++) for (const k of [0, 1, 2, 3, 4, 5, 8, 11]) check(name, ta, tb, [m, k, n]);
      }
    });

    test.each(layouts)('%s at awkward and blocked sizes', (name, ta, tb) => {
      const shapes: [number, number, number][] = [
        [64, 20, 128],
        [20, 64, 128],
        [64, 128, 64],
        [61, 77, 53],
        [64, 64, 2],
        [64, 64, 10],
        [1, 255, 1],
        [3, 256, 511],
        [5, 257, 513],
        [129, 513, 17],
        [127, 31, 1025],
      ];
      for (const shape of shapes) check(name, ta, tb, shape);
    });
  });

  test.each([0, 1])('the bias of a dense layer and its gradient, relu %i', (relu) => {
    const tiny = 2 ** -10;
    for (const rows of [0, 1, 2, 5, 17]) {
      for (const columns of sizes) {
        const y = values(rows * columns, 3);
        const bias = values(columns, 4);
        if (y.length > 2) y[2] = -bias[2 % columns] + tiny / 2;
        const out = guarded(new Float32Array(y.length));
        // Times the identity.
        const identity = Float32Array.from({ length: columns ** 2 }, (_, i) => Number(i % (columns + 1) === 0));
        if (columns > 0)
          backend.dense(out, tensor(y), tensor(identity), tensor(bias), rows, columns, columns, relu, tiny);
        const expected = Float64Array.from(y, (v, i) => {
          const sum = v + bias[i % columns];
          return Math.abs(sum) < tiny || (relu && sum < 0) ? 0 : sum;
        });
        expectClose(contents(out), expected, { atol: 2 * EPS });

        const dy = values(rows * columns, 5);
        if (dy.length > 1) dy[1] = 1e-20;
        const passed = Array.from(dy, (v, i) =>
          Math.abs(v) < 1e-19 || (relu && expected[i] <= 0) ? 0 : Math.fround(v),
        );
        const gradient = new Float64Array(columns);
        passed.forEach((v, i) => {
          gradient[i % columns] += v;
        });
        const db = tensor(new Float32Array(columns).fill(9));
        const given = guarded(dy);
        backend.biasGradient(db, given, out, rows, columns, relu);
        expect(contents(given)).toEqual(passed);
        expectClose(db.data, gradient, { atol: rows * rows * EPS });
      }
    }
  });

  test.each([0, 1])('dense and its gradients have the bits of their products, relu %i', (relu) => {
    const tiny = 2 ** -8;
    for (const rows of [1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 31, 64]) {
      for (const [inputs, outputs] of [
        ...[1, 2, 7, 8, 9].flatMap((k) => [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 31, 32, 41].map((n) => [k, n])),
        ...[64, 256, 257, 600].flatMap((k) => [1, 2, 10, 37, 130].map((n) => [k, n])),
        [3, 520],
      ]) {
        const x = tensor(values(rows * inputs, 6));
        const w = tensor(values(inputs * outputs, 7));
        const bias = tensor(values(outputs, 8));
        const [y, product] = [guarded(new Float32Array(rows * outputs)), tensor(new Float32Array(rows * outputs))];
        backend.dense(y, x, w, bias, rows, inputs, outputs, relu, tiny);
        backend.matmul(product, x, w, rows, inputs, outputs);
        const finished = Array.from(product.data, (v, i) => {
          const sum = Math.fround(v + bias.data[i % outputs]);
          return Math.abs(sum) < tiny || (relu && sum < 0) ? 0 : sum;
        });
        expect(contents(y)).toEqual(finished);

        const dy = values(rows * outputs, 9);
        const [own, apart] = [guarded(dy), tensor(dy)];
        const [dw, db] = [guarded(new Float32Array(inputs * outputs)), guarded(new Float32Array(outputs))];
        const [dwApart, dbApart] = [inputs * outputs, outputs].map((n) => tensor(new Float32Array(n)));
        backend.denseGradients(dw, db, own, x, y, rows, inputs, outputs, relu);
        backend.biasGradient(dbApart, apart, y, rows, outputs, relu);
        backend.matmulTN(dwApart, x, apart, inputs, rows, outputs);
        expect(contents(own)).toEqual([...apart.data]);
        expect(contents(db)).toEqual([...dbApart.data]);
        expect(contents(dw)).toEqual([...dwApart.data]);
      }
    }
  });

  // Small products are computed in place, larger ones in packed panels, whose columns are independent of each other.
  test('small products have the bits of the same columns in large ones', () => {
    for (const layout of ['matmul', 'matmulTN', 'matmulNT'] as const) {
      for (const [m, k, n] of [
        [1, 20, 7],
        [2, 300, 40],
        [3, 64, 33],
        [5, 2, 16],
        [10, 16, 5],
        [64, 30, 32],
        [13, 7, 13],
      ]) {
        const width = Math.ceil(2048 / k / 8) * 8 + n;
        const a = tensor(values(m * k, 40));
        const wide = values(k * width, 41);
        const at = (p: number, j: number) => (layout === 'matmulNT' ? j * k + p : p * width + j);
        const narrow = new Float32Array(k * n);
        for (let p = 0; p < k; p++) {
          for (let j = 0; j < n; j++) narrow[layout === 'matmulNT' ? j * k + p : p * n + j] = wide[at(p, j)];
        }
        const rows = Math.max(m, 4); // as many as are packed
        const more = tensor(
          layout === 'matmulTN' ? spread(a.data, k, m, rows) : [...a.data, ...values((rows - m) * k, 42)],
        );
        const [c, large] = [guarded(new Float32Array(m * n)), tensor(new Float32Array(rows * width))];
        backend[layout](c, a, tensor(narrow), m, k, n);
        backend[layout](large, more, tensor(wide), rows, k, width);
        const expected = Array.from({ length: m * n }, (_, i) => large.data[Math.floor(i / n) * width + (i % n)]);
        expect(contents(c)).toEqual(expected);
      }
    }
  });

  test.each(sizes)('relu and its gradient, apart and in place, n = %i', (n) => {
    const x = values(n, 5);
    const dy = values(n, 6);
    if (n > 2) x[2] = 0;
    const y = tensor(new Float32Array(n));
    backend.relu(y, tensor(x), n);
    expect([...y.data]).toEqual([...x].map((v) => Math.max(v, 0)));
    const dx = tensor(new Float32Array(n));
    backend.reluBackward(dx, tensor(dy), y, n);
    const expected = [...dy].map((v, i) => (x[i] > 0 ? v : 0));
    expect([...dx.data]).toEqual(expected);
    const inPlace = tensor(x);
    backend.relu(inPlace, inPlace, n);
    expect([...inPlace.data]).toEqual([...y.data]);
    const gradient = tensor(dy);
    backend.reluBackward(gradient, gradient, y, n);
    expect([...gradient.data]).toEqual(expected);
  });

  test('relu keeps NaN', () => {
    const x = tensor([Number.NaN, -1, 2, Number.NaN, Number.NaN]);
    backend.relu(x, x, 5);
    expect([...x.data]).toEqual([Number.NaN, 0, 2, Number.NaN, Number.NaN]);
  });

  test.each(sizes)('tanh and its gradient, apart and in place, n = %i', (n) => {
    const x = values(n, 18).map((v, i) => v * 4 ** ((i % 5) - 2));
    const dy = values(n, 19);
    const y = guarded(new Float32Array(n));
    backend.tanh(y, tensor(x), n);
    expectClose(contents(y), Array.from(x, Math.tanh), { rtol: 3 * EPS });
    const inPlace = guarded(x);
    backend.tanh(inPlace, inPlace, n);
    expect(contents(inPlace)).toEqual(contents(y));

    const dx = guarded(new Float32Array(n));
    backend.tanhBackward(dx, tensor(dy), y, n);
    expectClose(
      contents(dx),
      contents(y).map((v, i) => dy[i] * (1 - v * v)),
      { rtol: 3 * EPS },
    );
    const gradient = guarded(dy);
    backend.tanhBackward(gradient, gradient, y, n);
    expect(contents(gradient)).toEqual(contents(dx));
  });

  test.each(sizes)('moveTowards, n = %i', (n) => {
    const [x, y] = [values(n, 20), values(n, 21)];
    const average = guarded(y);
    backend.moveTowards(average, tensor(x), n, 0.125);
    expectClose(
      contents(average),
      Array.from(y, (v, i) => v + 0.125 * (x[i] - v)),
      { atol: 2 * EPS },
    );
    backend.moveTowards(average, average, n, 0.3);
    const same = contents(average);
    backend.moveTowards(average, average, n, 0.7);
    expect(contents(average)).toEqual(same);
  });

  test.each([0, 1, 2, 3, 31, 32, 33, 624, 625, 5000])('permutation is that of NumPy, n = %i', (n) => {
    const [indices, state] = [backend.int32(n), backend.int32(1872)];
    for (const seeds of [
      [0, 0, 0],
      [42, 2, 7],
      [4294967295, 2, 1e6],
    ]) {
      backend.permutation(indices, state, n, seeds[0], seeds[1], seeds[2]);
      expect([...indices.data]).toEqual([...new RandomState(seeds).permutation(n)]);
    }
  });

  test('joined arrays are parts of one', () => {
    const arrays = [[1, 2, 3, 4, 5], [], [6], [7, 8, 9, 10]].map(tensor);
    const whole = backend.join(arrays);
    expect([...whole.data]).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 6, 0, 0, 0, 7, 8, 9, 10]);
    arrays[2].data[0] = 60;
    backend.scale(arrays[3], arrays[3], 4, 2);
    backend.float32(1e7); // so that memory grows
    expect([...whole.data]).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 60, 0, 0, 0, 14, 16, 18, 20]);
    const part = backend.part(whole, 8, 6);
    expect([...part.data]).toEqual([60, 0, 0, 0, 14, 16]);
    part.data[4] = 1;
    expect([...arrays[3].data]).toEqual([1, 16, 18, 20]);
  });

  test.each(sizes)('flush, n = %i', (n) => {
    const tiny = 2 ** -50;
    const cases = [0, -0, tiny, -tiny, 0.99 * tiny, -0.99 * tiny, 1e-40, -(2 ** -149), 3, -Infinity];
    const x = guarded(Float32Array.from({ length: n }, (_, i) => cases[i % 10]));
    backend.flush(x, n);
    const kept = Float32Array.from(cases, (v) => (Math.abs(v) < tiny ? 0 : v));
    expect(contents(x).map(Math.abs)).toEqual(Array.from({ length: n }, (_, i) => Math.abs(kept[i % 10])));
    const broken = tensor([NaN, 1, 2, NaN, NaN]);
    backend.flush(broken, 5);
    expect([...broken.data]).toEqual([NaN, 1, 2, NaN, NaN]);
  });

  test.each(sizes)('scale, addScaled and clip, apart and in place, n = %i', (n) => {
    const x = values(n, 20);
    const y = values(n, 21);
    const scaled = guarded(new Float32Array(n));
    backend.scale(scaled, tensor(x), n, 0.75);
    expectClose(
      contents(scaled),
      Array.from(x, (v) => 0.75 * v),
      { rtol: EPS },
    );
    const sum = guarded(y);
    backend.addScaled(sum, tensor(x), n, -0.375);
    expectClose(
      contents(sum),
      Array.from(y, (v, i) => v - 0.375 * x[i]),
      { atol: 2 * EPS },
    );
    const twice = guarded(x);
    backend.addScaled(twice, twice, n, 0.5);
    expectClose(
      contents(twice),
      Array.from(x, (v) => 1.5 * v),
      { rtol: 2 * EPS },
    );
    const clipped = guarded(new Float32Array(n));
    backend.clip(clipped, tensor(x), n, -0.25, 0.5);
    expect(contents(clipped)).toEqual(Array.from(x, (v) => Math.min(Math.max(v, -0.25), 0.5)));
    const inPlace = guarded(x);
    backend.clip(inPlace, inPlace, n, -0.25, 0.5);
    expect(contents(inPlace)).toEqual(contents(clipped));
  });

  describe.each(activations)('$name', ({ name, options = [], forward, backward, reads = 'output' }) => {
    const call = (operation: string, ...args: unknown[]) =>
      (backend as unknown as Record<string, (...given: unknown[]) => void>)[operation](...args, ...options);

    test.each(sizes)('and its gradient, apart and in place, n = %i', (n) => {
      const x = values(n, 25).map((v, i) => v * 4 ** (i % 4));
      const y = guarded(new Float32Array(n));
      call(name, y, tensor(x), n);
      expectClose(contents(y), Array.from(x, forward), { rtol: 8 * EPS, atol: EPS });
      const inPlace = guarded(x);
      call(name, inPlace, inPlace, n);
      expect(contents(inPlace)).toEqual(contents(y));
      const dy = values(n, 26);
      const dx = guarded(new Float32Array(n));
      const read = reads === 'input' ? tensor(x) : y;
      call(`${name}Backward`, dx, tensor(dy), read, n);
      const slopes = Array.from(x, backward);
      expectClose(
        contents(dx),
        slopes.map((slope, i) => dy[i] * slope),
        { rtol: 8 * EPS, atol: 4 * EPS },
      );
      const gradient = guarded(dy);
      call(`${name}Backward`, gradient, gradient, read, n);
      expect(contents(gradient)).toEqual(contents(dx));
    });

    test('at its ends, and NaN stays NaN', () => {
      const x = [0, -0, 50, -50, 1e30, -1e30, Number.NaN];
      const y = tensor(x);
      call(name, y, y, x.length);
      expectClose(y.data.slice(0, 6), x.slice(0, 6).map(forward), { rtol: 4 * EPS, atol: 1e-19 });
      expect(y.data[6]).toBeNaN();
      if (reads === 'input') y.data.set(x);
      const dx = tensor(x.map(() => 1));
      call(`${name}Backward`, dx, dx, y, x.length);
      expectClose(dx.data.slice(0, 6), x.slice(0, 6).map(backward), { atol: 4 * EPS });
    });
  });

  test('tanh, sigmoid and clip keep NaN', () => {
    for (let i = 0; i < 6; i++) {
      const x = [1, 2, 3, -4, 5, 6];
      x[i] = Number.NaN;
      const [tanh, sigmoid, clip] = [tensor(x), tensor(x), tensor(x)];
      backend.tanh(tanh, tanh, 6);
      backend.sigmoid(sigmoid, sigmoid, 6);
      backend.clip(clip, clip, 6, -1, 1);
      const places = x.map(Number.isNaN);
      for (const { data } of [tanh, sigmoid, clip]) expect(Array.from(data, Number.isNaN)).toEqual(places);
    }
  });

  describe('batch normalization', () => {
    const shapes = [0, 1, 2, 5, 17].flatMap((rows) => sizes.map((columns): [number, number] => [rows, columns]));
    /** Columns with means of up to 50 times their deviation. */
    const matrix = (rows: number, columns: number) =>
      values(rows * columns, 22).map((v, i) => v + 10 * ((i % columns) % 3));

    test.each(shapes)('moments of %i × %i', (rows, columns) => {
      const x = matrix(rows, columns);
      const expected = moments(x, rows, columns);
      const [mean, variance] = [guarded(new Float32Array(columns)), guarded(new Float32Array(columns))];
      backend.columnMoments(mean, variance, tensor(x), rows, columns);
      if (rows === 0) {
        for (const output of [mean, variance]) expect(contents(output)).toEqual(new Array(columns).fill(Number.NaN));
      } else {
        expectClose(contents(mean), expected.mean, { rtol: 1.001 * EPS });
        expectClose(contents(variance), expected.variance, { rtol: 1.001 * EPS });
      }
    });

    test.each(shapes)('%i × %i, forward and backward, apart and in place', (rows, columns) => {
      const x = matrix(rows, columns);
      const dy = values(rows * columns, 23);
      const mean = Float32Array.from(moments(x, rows, columns).mean);
      const inverse = Float32Array.from(moments(x, rows, columns).variance, (v) => 1 / Math.sqrt(v + 1e-3));
      const [gamma, beta] = [values(columns, 24), values(columns, 25)];
      const [m, r, g, b] = [mean, inverse, gamma, beta].map(tensor);
      const y = guarded(new Float32Array(rows * columns));
      backend.normalize(y, tensor(x), m, r, g, b, rows, columns);
      const exact = Float64Array.from(x, (v, i) => {
        const j = i % columns;
        return (v - mean[j]) * inverse[j] * gamma[j] + beta[j];
      });
      expectClose(contents(y), exact, { atol: 12 * EPS });
      const inPlace = guarded(x);
      backend.normalize(inPlace, inPlace, m, r, g, b, rows, columns);
      expect(contents(inPlace)).toEqual(contents(y));

      const expected = normalizationGradient(dy, x, { mean, inverse, gamma }, rows, columns);
      const dx = guarded(new Float32Array(rows * columns));
      const [dGamma, dBeta] = [guarded(new Float32Array(columns)), guarded(new Float32Array(columns))];
      backend.normalizeBackward(dx, dGamma, dBeta, tensor(dy), tensor(x), m, r, g, rows, columns);
      // Of a column without deviation, inverse is 1/√ε: what is left of its terms is that much greater than their sum.
      const scale = Math.max(1, ...inverse);
      expectClose(contents(dx), expected.dx, { atol: 8 * EPS * scale });
      expectClose(contents(dGamma), expected.dGamma, { atol: (rows + 4) * EPS });
      expectClose(contents(dBeta), expected.dBeta, { rtol: 1.001 * EPS, atol: 1e-15 });
      const gradient = guarded(dy);
      const [dGamma2, dBeta2] = [guarded(new Float32Array(columns)), guarded(new Float32Array(columns))];
      backend.normalizeBackward(gradient, dGamma2, dBeta2, gradient, tensor(x), m, r, g, rows, columns);
      expect([gradient, dGamma2, dBeta2].map(contents)).toEqual([dx, dGamma, dBeta].map(contents));
    });

    test('the variance keeps its digits beside a mean that is 10⁴ times the deviation', () => {
      const rows = 1000;
      const x = values(rows * 5, 26).map((v) => 1e4 + v);
      const [mean, variance] = [tensor(new Float32Array(5)), tensor(new Float32Array(5))];
      backend.columnMoments(mean, variance, tensor(x), rows, 5);
      expectClose(variance.data, moments(x, rows, 5).variance, { rtol: 1.001 * EPS });
    });

    test('the reference of the gradient agrees with central differences', () => {
      const [rows, columns] = [6, 3];
      const x = Float64Array.from(matrix(rows, columns));
      const dy = values(rows * columns, 23);
      const gamma = values(columns, 24);
      const inverseOf = (variance: number[]) => variance.map((v) => 1 / Math.sqrt(v + 1e-3));
      const sum = () => {
        const { mean, variance } = moments(x, rows, columns);
        const inverse = inverseOf(variance);
        return x.reduce((total, v, i) => {
          const j = i % columns;
          return total + dy[i] * (v - mean[j]) * inverse[j] * gamma[j];
        }, 0);
      };
      const { mean, variance } = moments(x, rows, columns);
      const { dx } = normalizationGradient(dy, x, { mean, inverse: inverseOf(variance), gamma }, rows, columns);
      const differences = Array.from(x, (v, i) => {
        const [above, below] = [v + 1e-5, v - 1e-5].map((moved) => {
          x[i] = moved;
          return sum();
        });
        x[i] = v;
        return (above - below) / 2e-5;
      });
      expectClose(differences, dx, { atol: 1e-8 });
    });
  });

  test.each([
    [1, 1, 0, 2],
    [2, 3, 1, 2],
    [3, 4, 2, 4],
    [5, 6, 0, 3],
    [2, 16, 3, 4],
  ])('periodic embedding of %i features by %i waves, %i others', (features, terms, rest, outputs) => {
    const rows = 3;
    const size = features + rest;
    const width = features * outputs + rest;
    const x = values(rows * size, 50).map((v) => 3 * v);
    const [frequencies, phases] = [values(features * terms, 51), values(features * terms, 52)];
    const [kernel, bias] = [values(features * (outputs - 1) * terms, 53), values(features * (outputs - 1), 54)];
    const dy = values(rows * width, 55);
    const y = guarded(new Float32Array(rows * width));
    const arrays = [frequencies, phases, kernel].map(tensor);
    const waves = guarded(new Float32Array(terms + (-terms & 3)));
    const [f, p, k] = arrays;
    backend.periodicEmbedding(y, tensor(x), waves, f, p, k, tensor(bias), rows, features, rest, terms, outputs);
    const read = [x, frequencies, phases, kernel, bias];
    const gradients = read.map(({ length }) => guarded(new Float32Array(length)));
    const [dx, df, dp, dk, db] = gradients;
    backend.periodicEmbeddingBackward(
      ...([dx, df, dp, dk, db, tensor(dy), tensor(x), f, p, k] as const),
      ...([rows, features, rest, terms, outputs] as const),
    );
    const expected = Array.from({ length: rows * width }, () => 0);
    const expectedGradients = read.map(({ length }) => Array.from({ length }, () => 0));
    const [eX, eF, eP, eK, eB] = expectedGradients;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < size; j++) {
        const from = i * size + j;
        const to = i * width + (j < features ? j * outputs : features * (outputs - 1) + j);
        expected[to] = x[from];
        eX[from] += dy[to];
        for (let o = 0; j < features && o < outputs - 1; o++) {
          const own = j * (outputs - 1) + o;
          expected[to + 1 + o] = bias[own];
          eB[own] += dy[to + 1 + o];
          for (let c = 0; c < terms; c++) {
            const at = j * terms + c;
            const angle = 2 * Math.PI * (x[from] * frequencies[at] + phases[at]);
            const slope = -2 * Math.PI * Math.sin(angle) * kernel[own * terms + c] * dy[to + 1 + o];
            expected[to + 1 + o] += kernel[own * terms + c] * Math.cos(angle);
            eK[own * terms + c] += Math.cos(angle) * dy[to + 1 + o];
            eP[at] += slope;
            eF[at] += slope * x[from];
            eX[from] += slope * frequencies[at];
          }
        }
      }
    }
    // Turns of up to 4 are rounded to 2.4e-7, which is 1.5e-6 of an angle; up to 48 such terms are summed.
    expectClose(contents(y), expected, { atol: 2e-5 });
    gradients.forEach((gradient, i) => {
      expectClose(contents(gradient), expectedGradients[i], { atol: 2e-4 });
    });
  });

  test.each([1, 2, 3, 4, 5, 8, 13])('layer normalization of 3 × %i, apart and in place', (columns) => {
    const rows = 3;
    const x = values(rows * columns, 40).map((v, i) => v + (i < columns ? 100 : 0));
    const [gamma, beta, dy] = [values(columns, 41), values(columns, 42), values(rows * columns, 43)];
    const z = guarded(x);
    const inverse = guarded(new Float32Array(rows));
    const y = guarded(x);
    backend.layerNormalize(y, z, inverse, y, tensor(gamma), tensor(beta), rows, columns, 0.01);
    const dx = guarded(dy);
    backend.layerNormalizeBackward(dx, dx, z, inverse, tensor(gamma), rows, columns);
    const dGamma = guarded(new Float32Array(columns));
    backend.columnProducts(dGamma, tensor(dy), z, rows, columns);
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / columns;
    const products = new Array<number>(columns).fill(0);
    for (let i = 0; i < rows; i++) {
      const row = Array.from({ length: columns }, (_, j) => x[i * columns + j]);
      const scale = 1 / Math.sqrt(mean(row.map((v) => (v - mean(row)) ** 2)) + 0.01);
      const own = row.map((v) => (v - mean(row)) * scale);
      const g = own.map((_, j) => dy[i * columns + j] * gamma[j]);
      const at = (t: Tensor) => contents(t).slice(i * columns, (i + 1) * columns);
      // The rounding of x, up to 101, times the scale.
      const tolerance = { atol: (i === 0 ? 1000 : 32) * EPS, rtol: 8 * EPS };
      expectClose(at(z), own, tolerance);
      expectClose(
        at(y),
        own.map((v, j) => v * gamma[j] + beta[j]),
        tolerance,
      );
      const product = mean(g.map((v, j) => v * own[j]));
      expectClose(
        at(dx),
        g.map((v, j) => scale * (v - mean(g) - own[j] * product)),
        tolerance,
      );
      own.forEach((v, j) => {
        products[j] += v * dy[i * columns + j];
      });
    }
    expectClose(contents(dGamma), products, { atol: 1000 * EPS });
  });

  test.each(sizes)('dropout keeps or zeroes, scales, is its own backward pass, n = %i', (n) => {
    const x = values(n, 7).map((v) => v || 1);
    const y = tensor(new Float32Array(n));
    backend.dropout(y, tensor(x), n, keepThreshold(0.25), 1 / 0.75, 123, -456);
    const mask = [...y.data].map((v) => v !== 0);
    expectClose(
      y.data,
      Float64Array.from(x, (v, i) => (mask[i] ? v / 0.75 : 0)),
      { rtol: 2 * EPS },
    );
    const again = tensor(x);
    backend.dropout(again, again, n, keepThreshold(0.25), 1 / 0.75, 123, -456);
    expect([...again.data]).toEqual([...y.data]);
    // The mask is the same in every backend, and does not depend on how many units follow.
    const oracle = maskOf(engines[2].backend, 200, 0.25, 123, -456);
    expect(mask).toEqual(oracle.slice(0, n));
  });

  test.each(sizes)('alphaDropout and noise are their definitions, apart and in place, n = %i', (n) => {
    const x = values(n, 7);
    const y = guarded(new Float32Array(n));
    const mask = maskOf(engines[2].backend, 200, 0.25, 123, -456);
    backend.alphaDropout(y, tensor(x), n, keepThreshold(0.25), 0.75, 0.125, -2, 123, -456);
    expectClose(
      contents(y),
      Array.from(x, (v, i) => (mask[i] ? 0.75 * v + 0.125 : -2)),
      { atol: 2 * EPS },
    );
    const z = Array.from(x, (_, i) => normalDraw(i, 123, -456));
    const noisy = guarded(new Float32Array(n));
    backend.noise(noisy, tensor(x), n, 0.5, 0.25, 123, -456);
    expectClose(
      contents(noisy),
      Array.from(x, (v, i) => v * (1 + 0.5 * z[i]) + 0.25 * z[i]),
      { atol: 16 * EPS },
    );
    const inPlace = guarded(x);
    backend.noise(inPlace, inPlace, n, 0.5, 0.25, 123, -456);
    expect(contents(inPlace)).toEqual(contents(noisy));
  });

  test('noise is normal, and independent of its neighbours', () => {
    const n = 200_000;
    const z = tensor(new Float32Array(n));
    backend.noise(z, z, n, 0, 1, 1, 2);
    const mean = (f: (v: number, i: number) => number) => z.data.reduce((sum, v, i) => sum + f(v, i), 0) / n;
    const error = 4 / Math.sqrt(n);
    expect(Math.abs(mean((v) => v))).toBeLessThan(error);
    expect(Math.abs(mean((v) => v ** 2) - 1)).toBeLessThan(error * Math.sqrt(2));
    expect(Math.abs(mean((v) => v ** 3))).toBeLessThan(error * Math.sqrt(15));
    expect(Math.abs(mean((v) => v ** 4) - 3)).toBeLessThan(error * Math.sqrt(96));
    expect(Math.abs(mean((v, i) => v * z.data[(i + 1) % n]))).toBeLessThan(error);
    for (const at of [-2.5, -1, 0, 0.5, 2]) {
      const p = normal(at);
      expect(Math.abs(mean((v) => Number(v < at)) - p)).toBeLessThan(error * Math.sqrt(p * (1 - p)));
    }
  });

  test('dropout drops the asked share, also at the ends of the range', () => {
    for (const rate of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const n = 200_000;
      const kept = maskOf(backend, n, rate, 1, 2).filter(Boolean).length;
      const deviation = Math.sqrt(n * rate * (1 - rate));
      expect(Math.abs(kept - n * (1 - rate))).toBeLessThan(4 * deviation);
    }
    expect(maskOf(backend, 1000, 0, 1, 2).every(Boolean)).toBe(true);
  });

  test('softmax and cross-entropy with its gradient', () => {
    for (const columns of [1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 101]) {
      for (const rows of [1, 2, 5]) {
        const logits = values(rows * columns, 8).map((v) => v * 20);
        const labels = Array.from({ length: rows }, (_, i) => (i * 7 + 3) % columns);
        const matrix = Array.from({ length: rows }, (_, i) => [...logits.subarray(i * columns, (i + 1) * columns)]);
        const probabilities = matrix.flatMap(softmaxRow);
        const p = tensor(new Float32Array(rows * columns));
        backend.softmax(p, tensor(logits), rows, columns);
        // x − max is rounded to float32: up to 40 · 2^-24 in the exponent, so that much relative error in e^x.
        expectClose(p.data, probabilities, { rtol: 4e-6, atol: 1e-37 });
        const dLogits = tensor(logits);
        const loss = backend.softmaxCrossEntropy(dLogits, dLogits, labelsOf(labels), rows, columns, 0);
        const expected = matrix.reduce((sum, row, i) => sum + crossEntropyRow(row, labels[i]), 0);
        expectClose([loss], [expected], { rtol: 1e-6, atol: 1e-6 });
        const gradient = probabilities.map(
          (v, i) => (v - (i % columns === labels[Math.floor(i / columns)] ? 1 : 0)) / rows,
        );
        expectClose(dLogits.data, gradient, { rtol: 1e-6, atol: 1e-7 });
      }
    }
  });

  test('cross-entropy is exact for extreme logits, and NaN shows', () => {
    const dLogits = tensor(new Float32Array(6));
    const loss = (logits: number[], label: number) =>
      backend.softmaxCrossEntropy(dLogits, tensor(logits), labelsOf([label]), 1, logits.length, 0);
    expect(loss([1e4, -1e4], 1)).toBe(2e4);
    expect(loss([1e4, -1e4], 0)).toBe(0);
    expect([...dLogits.data.subarray(0, 2)]).toEqual([0, 0]);
    expectClose([loss([1e38, 1e38, 1e38], 2)], [Math.log(3)], { rtol: 1e-7 });
    expectClose([loss([-3e38, 3e38], 0)], [6e38], { rtol: 1e-7 });
    expect(loss([5], 0)).toBe(0);
    expect(loss([1, Number.NaN, 2, 3, 4], 0)).toBeNaN();
    expect(loss([1, 2, 3, 4, 5, Number.NaN], 0)).toBeNaN();
  });

  test.each(sizes)('sigmoid and its cross-entropy, apart and in place, n = %i', (n) => {
    const logits = values(n, 27).map((v, i) => v * 8 ** ((i % 5) - 2));
    const targets = values(n, 28).map((v, i) => [0, 1, Math.abs(v)][i % 3]);
    const probabilities = Array.from(logits, logistic);
    const p = guarded(new Float32Array(n));
    backend.sigmoid(p, tensor(logits), n);
    expectClose(contents(p), probabilities, { rtol: 5 * EPS, atol: 2 ** -126 });
    const inPlace = guarded(logits);
    backend.sigmoid(inPlace, inPlace, n);
    expect(contents(inPlace)).toEqual(contents(p));

    const dLogits = guarded(new Float32Array(n));
    const loss = backend.sigmoidCrossEntropy(dLogits, tensor(logits), tensor(targets), n, 0);
    const expected = logits.reduce((sum, z, i) => sum + sigmoidCrossEntropyOf(z, targets[i]), 0);
    expectClose([loss], [expected], { rtol: 3 * EPS });
    expectClose(
      contents(dLogits),
      probabilities.map((v, i) => (v - targets[i]) / n),
      { atol: (4 * EPS) / n },
    );
    const gradient = guarded(logits);
    expect(backend.sigmoidCrossEntropy(gradient, gradient, tensor(targets), n, 0)).toBe(loss);
    expect(contents(gradient)).toEqual(contents(dLogits));
  });

  test.each(sizes)('squared error, apart and in place, n = %i', (n) => {
    // Of differences that float32 would round.
    const output = values(n, 29).map((v, i) => v + (i % 2 ? 1000 : 0));
    const targets = values(n, 30);
    const differences = Array.from(output, (v, i) => v - targets[i]);
    const dOutput = guarded(new Float32Array(n));
    const loss = backend.squaredError(dOutput, tensor(output), tensor(targets), n);
    expectClose([loss], [differences.reduce((sum, d) => sum + d * d, 0)], { rtol: 1e-14 });
    expectClose(
      contents(dOutput),
      differences.map((d) => (2 * d) / n),
      { rtol: 3 * EPS },
    );
    const gradient = guarded(output);
    expect(backend.squaredError(gradient, gradient, tensor(targets), n)).toBe(loss);
    expect(contents(gradient)).toEqual(contents(dOutput));
  });

  test.each(sizes)('losses of real targets, apart and in place, n = %i', (n) => {
    // Differences of all sizes, 0 among them, some of which float32 would round.
    const targets = values(n, 30).map((v, i) => (i % 7 === 6 ? 0 : v));
    const output = values(n, 29).map((v, i) => (i % 7 === 6 ? 0 : v + (i % 2 ? 20 : 0)));
    const d = Array.from(output, (v, i) => v - targets[i]);
    const e = Array.from(output, Math.exp);
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    const cases = [
      ['absoluteError', [], d.map(Math.abs), d.map(Math.sign)],
      [
        'huber',
        [0.75],
        d.map((v) => (Math.abs(v) <= 0.75 ? (v * v) / 2 : 0.75 * (Math.abs(v) - 0.375))),
        d.map((v) => Math.max(-0.75, Math.min(0.75, v))),
      ],
      ['poisson', [], e.map((v, i) => v - targets[i] * output[i]), e.map((v, i) => v - targets[i])],
    ] as const;
    for (const [name, options, losses, gradients] of cases) {
      const run = backend[name] as (...args: unknown[]) => number;
      const dOutput = guarded(new Float32Array(n));
      const loss = run(dOutput, tensor(output), tensor(targets), n, ...options);
      expectClose([loss], [sum([...losses])], { rtol: 3 * EPS });
      const expected = gradients.map((v) => v / n);
      expectClose(contents(dOutput), expected, { rtol: 4 * EPS, atol: (3 * EPS) / n });
      const gradient = guarded(output);
      expect(run(gradient, gradient, tensor(targets), n, ...options)).toBe(loss);
      expect(contents(gradient)).toEqual(contents(dOutput));
    }
  });

  test('losses of real targets show NaN, and counts beyond float32 are infinite', () => {
    const t = tensor([1, 2, 3, 4, 5]);
    const broken = tensor([1, 2, Number.NaN, 4, 5]);
    const d = tensor(new Float32Array(5));
    expect(backend.absoluteError(d, broken, t, 5)).toBeNaN();
    expect(backend.huber(d, broken, t, 5, 1)).toBeNaN();
    expect(backend.poisson(d, broken, t, 5)).toBeNaN();
    expect(backend.pinball(d, broken, t, tensor([0.3]), 5, 1)).toBeNaN();
    expect(backend.gaussianNll(d, tensor([Number.NaN, 0]), t, 1, 1, 1e-6)).toBeNaN();
    expect(backend.gaussianNll(d, tensor([0, Number.NaN]), t, 1, 1, 1e-6)).toBeNaN();
    const y = tensor([-200, 88.7, 88.8, Number.NaN, 0]);
    backend.exponential(y, y, 5);
    expectClose(y.data.slice(0, 2), [0, Math.exp(Math.fround(88.7))], { rtol: 2 * EPS, atol: 1e-80 });
    expect([...y.data.subarray(2)]).toEqual([Number.POSITIVE_INFINITY, Number.NaN, 1]);
  });

  test.each([1, 2, 3, 5])('outputs that share a target, %i rows', (rows) => {
    for (const count of [1, 2, 3]) {
      const t = values(rows * count, 31);
      const quantiles = [0.1, 0.5, 0.8, 0.9].slice(0, count + 1);
      const q = tensor(quantiles);
      const y = values(rows * count * quantiles.length, 32).map((v, i) => (i === 1 ? t[0] : v));
      const slopes = Array.from(y, (v, i) => {
        const difference = t[Math.floor(i / quantiles.length)] - v;
        return difference > 0 ? q.data[i % quantiles.length] : difference < 0 ? q.data[i % quantiles.length] - 1 : 0;
      });
      const gradient = guarded(y);
      const loss = backend.pinball(gradient, gradient, tensor(t), q, rows * count, quantiles.length);
      const terms = slopes.map((slope, i) => slope * (t[Math.floor(i / quantiles.length)] - y[i]));
      expectClose([loss], [terms.reduce((a, b) => a + b, 0)], { rtol: 1e-12 });
      expectClose(
        contents(gradient),
        slopes.map((slope) => -slope / y.length),
        { rtol: EPS },
      );

      const outputs = values(rows * 2 * count, 33).map((v, i) => (i === count ? -100 : 4 * v));
      const dOutput = guarded(outputs);
      const nll = backend.gaussianNll(dOutput, dOutput, tensor(t), rows, count, 0.01);
      let expected = 0;
      const d = new Float64Array(outputs.length);
      for (let i = 0; i < rows * count; i++) {
        const mean = i + Math.floor(i / count) * count;
        const spread = Math.exp(outputs[mean + count]);
        const [v, error] = [spread + 0.01, outputs[mean] - t[i]];
        expected += (Math.log(v) + error ** 2 / v) / 2;
        d[mean] = error / v / (rows * count);
        d[mean + count] = ((1 - error ** 2 / v) * (spread / v)) / (2 * rows * count);
      }
      expectClose([nll], [expected], { rtol: 1e-6 });
      expectClose(contents(dOutput), d, { rtol: 1e-6, atol: 1e-7 });
    }
  });

  test('argmax and countCorrect take the first of equals', () => {
    for (const columns of [1, 2, 3, 5, 10]) {
      const rows = 7;
      const x = values(rows * columns, 9);
      if (columns > 1) x.fill(2, 0, 2);
      const indices = backend.int32(rows);
      backend.argmax(indices, tensor(x), rows, columns);
      const expected = Array.from({ length: rows }, (_, i) => {
        const row = [...x.subarray(i * columns, (i + 1) * columns)];
        return row.indexOf(Math.max(...row));
      });
      expect([...indices.data]).toEqual(expected);
      const labels = expected.map((label, i) => (i % 2 ? label : (label + 1) % columns));
      const correct = labels.filter((label, i) => label === expected[i]).length;
      expect(backend.countCorrect(tensor(x), labelsOf(labels), rows, columns)).toBe(correct);
    }
  });

  test.each(sizes)('penalties, n = %i', (n) => {
    const w = values(n, 10);
    const absolute = w.reduce((sum, v) => sum + Math.abs(v), 0);
    const squared = w.reduce((sum, v) => sum + v * v, 0);
    for (const [l1, l2] of [
      [1, 0],
      [0, 1],
      [0.01, 0.02],
    ]) {
      expectClose([backend.penalty(tensor(w), n, l1, l2)], [l1 * absolute + l2 * squared], { rtol: 1e-14 });
    }
  });

  describe.each([
    [0, 0],
    [0.01, 0],
    [0, 0.02],
    [0.01, 0.02],
  ])('optimizers with l1 = %d, l2 = %d', (l1, l2) => {
    test.each(sizes)('n = %i', (n) => {
      const w = values(n, 11);
      const g = values(n, 12);
      if (n > 1) w[1] = 0; // sign(0) = 0
      if (n > 5) w[5] = -0;
      const first = values(n, 13);
      const second = values(n, 14).map(Math.abs);
      const gradient = Array.from(g, (v, i) => penalizedGradient(v, w[i], l1, l2));

      const penalized = guarded(g);
      backend.addPenaltyGradient(penalized, tensor(w), n, l1, l2);
      expectClose(contents(penalized), gradient, { atol: 2 * EPS });

      const plain = tensor(w);
      backend.sgd(plain, tensor(g), n, 0.1, l1, l2);
      expectClose(
        plain.data,
        gradient.map((v, i) => w[i] - 0.1 * v),
        { atol: 4 * EPS },
      );

      const heavy = tensor(w);
      const velocity = tensor(first);
      backend.momentum(heavy, tensor(g), velocity, n, 0.1, 0.9, l1, l2);
      const v = gradient.map((value, i) => 0.9 * first[i] + value);
      expectClose(velocity.data, v, { atol: 8 * EPS });
      expectClose(
        heavy.data,
        v.map((value, i) => w[i] - 0.1 * value),
        { atol: 4 * EPS },
      );

      const ahead = tensor(w);
      const nesterovVelocity = tensor(first);
      backend.nesterov(ahead, tensor(g), nesterovVelocity, n, 0.1, 0.9, l1, l2);
      expectClose(nesterovVelocity.data, v, { atol: 8 * EPS });
      expectClose(
        ahead.data,
        v.map((value, i) => w[i] - 0.1 * (gradient[i] + 0.9 * value)),
        { atol: 4 * EPS },
      );

      const weights = tensor(w);
      const [m, s] = [tensor(first), tensor(second)];
      backend.adam(weights, tensor(g), m, s, n, 0.01, 0.1, 0.001, 1.5, 1e-8, 0, l1, l2);
      const mean = gradient.map((value, i) => 0.9 * first[i] + 0.1 * value);
      const square = gradient.map((value, i) => 0.999 * second[i] + 0.001 * value * value);
      expectClose(m.data, mean, { atol: 4 * EPS });
      expectClose(s.data, square, { atol: 4 * EPS });
      // The quotient is ill-conditioned where v is near 0, so the bound follows m and v as stored.
      const step = Array.from(m.data, (value, i) => (0.01 * value) / (1.5 * Math.sqrt(s.data[i]) + 1e-8));
      expectClose(
        weights.data,
        step.map((value, i) => w[i] - value),
        { atol: 4 * EPS, rtol: 4 * EPS },
      );
      // Decoupled decay leaves the moments alone.
      const decayed = tensor(w);
      const [m2, s2] = [tensor(first), tensor(second)];
      backend.adam(decayed, tensor(g), m2, s2, n, 0.01, 0.1, 0.001, 1.5, 1e-8, 0.002, l1, l2);
      expect([m2.data, s2.data]).toEqual([m.data, s.data]);
      expectClose(
        decayed.data,
        step.map((value, i) => w[i] - value - 0.002 * w[i]),
        { atol: 4 * EPS, rtol: 4 * EPS },
      );

      const [scaled, heavyScaled] = [guarded(w), guarded(w)];
      const [s1, s3] = [guarded(second), guarded(second)];
      const scaledVelocity = guarded(first);
      const used = guarded(g);
      backend.rmsprop(scaled, used, s1, used, n, 0.01, 0.1, 1e-3, 0, l1, l2);
      backend.rmsprop(heavyScaled, tensor(g), s3, scaledVelocity, n, 0.01, 0.1, 1e-3, 0.9, l1, l2);
      expectClose(
        contents(s1),
        gradient.map((value, i) => 0.9 * second[i] + 0.1 * value * value),
        { atol: 4 * EPS },
      );
      expect(contents(s3)).toEqual(contents(s1));
      const quotient = contents(s1).map((value, i) => gradient[i] / (Math.sqrt(value) + 1e-3));
      expectClose(
        contents(scaled),
        quotient.map((value, i) => w[i] - 0.01 * value),
        { atol: 4 * EPS },
      );
      const accelerated = quotient.map((value, i) => 0.9 * first[i] + value);
      expectClose(contents(scaledVelocity), accelerated, { atol: 4 * EPS, rtol: 8 * EPS });
      expectClose(
        contents(heavyScaled),
        accelerated.map((value, i) => w[i] - 0.01 * value),
        { atol: 4 * EPS },
      );
    });
  });

  test.each(sizes)('optimizers without fused penalties, n = %i', (n) => {
    const [w, g, first] = [values(n, 11), values(n, 12), values(n, 13)];
    const second = values(n, 14).map(Math.abs);
    if (n > 2) g[2] = first[2] = 0;
    const near = (actual: Tensor, expected: ArrayLike<number>) =>
      expectClose(contents(actual), expected, { atol: 4 * EPS, rtol: 4 * EPS });

    const [adagrad, sum] = [guarded(w), guarded(second)];
    backend.adagrad(adagrad, tensor(g), sum, n, 0.01, 1e-3);
    const sums = second.map((s, i) => s + g[i] ** 2);
    near(sum, sums);
    near(
      adagrad,
      w.map((x, i) => x - (0.01 * g[i]) / (Math.sqrt(sums[i]) + 1e-3)),
    );

    const [nadam, m, v] = [guarded(w), guarded(first), guarded(second)];
    backend.nadam(nadam, tensor(g), m, v, n, 0.02, 0.03, 0.1, 0.001, 1.5, 1e-2);
    const means = first.map((x, i) => 0.9 * x + 0.1 * g[i]);
    const squares = second.map((x, i) => 0.999 * x + 0.001 * g[i] ** 2);
    near(m, means);
    near(v, squares);
    near(
      nadam,
      w.map((x, i) => x - (0.02 * g[i] + 0.03 * means[i]) / (1.5 * Math.sqrt(squares[i]) + 1e-2)),
    );

    const [lion, mean] = [guarded(w), guarded(first)];
    backend.lion(lion, tensor(g), mean, n, 0.01, 0.1, 0.02);
    near(
      lion,
      w.map((x, i) => x - 0.01 * Math.sign(0.9 * first[i] + 0.1 * g[i])),
    );
    near(
      mean,
      first.map((x, i) => 0.98 * x + 0.02 * g[i]),
    );
  });

  test.each(sizes)('soft thresholds, n = %i', (n) => {
    const w = values(n, 15);
    const threshold = 0.5;
    if (n > 1) w[1] = threshold;
    if (n > 2) w[2] = -threshold;
    if (n > 3) w[3] = 0;
    const soft = (x: number, t: number) => Math.sign(x) * Math.max(Math.abs(x) - t, 0);
    const shrunk = Array.from(w, (x) => soft(x, threshold));

    const plain = tensor(w);
    backend.softThreshold(plain, n, threshold);
    expectClose(plain.data, shrunk, { rtol: EPS });

    const square = values(n, 17).map(Math.abs);
    const adaptive = tensor(w);
    backend.softThresholdAdam(adaptive, tensor(square), n, 0.25, 1.5, 1e-8);
    const thresholds = Array.from(square, (x) => 0.25 / (Math.sqrt(x) * 1.5 + 1e-8));
    expectClose(
      adaptive.data,
      thresholds.map((t, i) => soft(w[i], t)),
      { atol: 4 * EPS },
    );
    for (const [i, t] of thresholds.entries())
      if (Math.abs(w[i]) < 0.999 * t) expect(Math.abs(adaptive.data[i])).toBe(0);
  });

  test('soft thresholds keep NaN', () => {
    const w = tensor([Number.NaN, 3, 1, -3, Number.NaN]);
    backend.softThreshold(w, 5, 2);
    expect([...w.data]).toEqual([Number.NaN, 1, 0, -1, Number.NaN]);
  });
});

function maskOf(backend: Backend, n: number, rate: number, key0: number, key1: number): boolean[] {
  const x = backend.float32(n);
  x.data.fill(1);
  backend.dropout(x, x, n, keepThreshold(rate), 1 / (1 - rate), key0, key1);
  const mask = [...x.data].map((v) => v !== 0);
  backend.free(x);
  return mask;
}
