// Inference on numbers at the ends of float32: every overflow is an error with its place, never a NaN that goes on.
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import type { Matrix, Targets } from '../../src/data/index.ts';
import { EnvironmentError, NumericError } from '../../src/errors/index.ts';
import { binaryCrossEntropy, dense, meanSquaredError, relu, tanh } from '../../src/nn/index.ts';
import { sequential } from '../../src/train/index.ts';

/** The largest double that float32 rounds to its largest number, not to Infinity. */
const LARGEST = 3.4028235677973362e38;
const matrix = (...data: number[]): Matrix => ({ data: Float64Array.from(data), shape: [data.length, 1] });
const classes = (length: number) => Int32Array.from({ length }, (_, i) => i % 2);

describe.each(['wasm', 'js'] as const)('on the backend %s', (backend) => {
  const engine = createEngine({ backend });

  /** A network of one feature whose logits are x and -x. */
  function model(hidden = [1]) {
    const made = sequential({ inputSize: 1, layers: [...hidden.map(() => dense(1)), dense(2)], engine });
    made.setWeights([
      ...hidden.flatMap((weight) => [
        { shape: [1, 1], data: [weight] },
        { shape: [1], data: [0] },
      ]),
      { shape: [1, 2], data: [1, -1] },
      { shape: [2], data: [0, 0] },
    ]);
    return made;
  }

  test.each([1e39, -1e39, 1e300, LARGEST * (1 + 2 ** -52), 2 ** 128])('%d is beyond float32', async (value) => {
    using own = model();
    const x = matrix(1, value, 2);
    const message = `must hold numbers below 3.4e38 in size, which float32 can hold. Got ${value} at row 1, column 0 instead.`;
    const data = { x, y: classes(3) };
    const uses = [() => own.predict(x), () => own.predictProbabilities(x), () => own.evaluate(data)];
    for (const use of uses) {
      expect(use).toThrow(NumericError);
      expect(use).toThrow(message);
    }
    const before = own.getWeights();
    await expect(own.fit(data, { epochs: 1 })).rejects.toThrow(`'train.x' parameter of Sequential.fit ${message}`);
    const good = { x: matrix(1, 2), y: classes(2) };
    await expect(own.fit(good, { epochs: 1, validationData: data })).rejects.toThrow(NumericError);
    expect(own.getWeights()).toEqual(before);
  });

  test('the largest numbers of float32 are computed with', () => {
    using own = model();
    const x = matrix(LARGEST, -LARGEST, 0);
    expect(Array.from(own.predictProbabilities(x).data)).toEqual([1, 0, 0, 1, 0.5, 0.5]);
    expect(own.evaluate({ x, y: Int32Array.of(0, 1, 0) }).accuracy).toBe(1);
  });

  test('an overflow inside the network names the row of the data', async () => {
    using own = model([1e30, 1]);
    // More rows than are run at once.
    const x = matrix(...Array.from({ length: 600 }, (_, i) => (i === 517 ? 1e10 : 1)));
    const data = { x, y: classes(600) };
    for (const use of [() => own.predict(x), () => own.predictProbabilities(x), () => own.evaluate(data)]) {
      expect(use).toThrow(NumericError);
      expect(use).toThrow(/outputs of the network must be finite\. Got (-?Infinity|NaN) at row 517, column 0/);
    }
    const good = { x: matrix(0, 0), y: classes(2) };
    const fit = own.fit(good, { epochs: 1, validationData: data });
    await expect(fit).rejects.toThrow(/row 517, column 0, for the 'validationData' of Sequential\.fit in epoch 1/);
  });

  test('a NaN between the layers is not swallowed by an activation', () => {
    for (const activation of [relu(), tanh()]) {
      using own = sequential({ inputSize: 2, layers: [dense(1), activation, dense(2)], engine });
      // Infinity - Infinity in the first layer of the second row.
      own.setWeights([
        { shape: [2, 1], data: [1e30, -1e30] },
        { shape: [1], data: [0] },
        { shape: [1, 2], data: [1, -1] },
        { shape: [2], data: [0, 0] },
      ]);
      const x: Matrix = { data: Float64Array.of(1, 1, 1e20, 1e20), shape: [2, 2] };
      // Fused multiply-add, or an order of its own, may also give an infinity, which tanh makes 1.
      try {
        expect(own.predictProbabilities(x).data.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(NumericError);
        expect((error as Error).message).toContain('row 1');
      }
    }
  });

  test.each<[string, ReturnType<typeof meanSquaredError>, (value: number) => Targets, string]>([
    ['real targets', meanSquaredError(), (value) => Float64Array.of(1, value), "'train.y'"],
    ['several real targets', meanSquaredError(), (value) => matrix(1, value), "'train.y'"],
  ])('%s beyond float32 are refused before training', async (_, loss, y, name) => {
    using own = sequential<Matrix>({ inputSize: 1, layers: [dense(1)], loss, engine });
    const fit = own.fit({ x: matrix(1, 2), y: y(-1e39) }, { epochs: 1 });
    await expect(fit).rejects.toThrow(NumericError);
    await expect(fit).rejects.toThrow(name);
    await expect(fit).rejects.toThrow('Got -1e+39');
  });

  test('predictions of labels and real numbers are checked, too', () => {
    for (const loss of [meanSquaredError(), binaryCrossEntropy()]) {
      using own = sequential<Matrix>({ inputSize: 1, layers: [dense(2)], loss, engine });
      own.setWeights([
        { shape: [1, 2], data: [1, 1e30] },
        { shape: [2], data: [0, 0] },
      ]);
      expect(() => own.predict(matrix(1, 1e20))).toThrow(/Got Infinity at row 1, column 1/);
    }
  });
});

test('predictions that no memory can hold are refused with their size', () => {
  using own = sequential<Matrix>({ inputSize: 1, layers: [dense(50_000)], loss: meanSquaredError() });
  const x: Matrix = { data: new Float32Array(2_000_000), shape: [2_000_000, 1] };
  expect(() => own.predict(x)).toThrow(EnvironmentError);
  expect(() => own.predict(x)).toThrow('found no memory for 100000000000 numbers (373 GiB)');
});
