// A dense layer for many members of an ensemble at once, which share its kernel.
import type { Tensor } from '../../backend/index.ts';
import { boolean, fail, integer } from '../../errors/index.ts';
import { constant, randomUniform } from '../initializers.ts';
import { kernelInitializer } from './dense.ts';
import { defineLayer, members } from './layer.ts';

/**
 * BatchEnsemble (Wen et al. 2020; TabM of Gorishniy et al. 2025): a dense layer for `members` networks that share its kernel. Each sample has
 * the values of one member after those of another, and y = ((x ⊙ inputScales) · kernel) ⊙ outputScales + bias for each, with scales and biases of
 * its own. All members of a batch are the rows of one product.
 *
 * `repeats` is for the first layer of an ensemble: every member is given all inputs, and its input scales begin as random signs, which make the
 * members differ. Other scales begin as 1. The last layer is `memberDense`; activations and dropout may stand between.
 *
 * @throws ParameterError for an unknown option or a value out of range; and when the model is made, for inputs that `members` does not divide
 * without `repeats`.
 * @example
 * ```js
 * import { relu, sequential } from 'regulus';
 * import { batchEnsemble, memberDense } from 'regulus/tables';
 *
 * const first = batchEnsemble(16, { members: 8, repeats: true });
 * const layers = [first, relu(), batchEnsemble(16, { members: 8 }), relu(), memberDense(3, { members: 8 })];
 * console.log(sequential({ inputSize: 4, layers }).summary());
 * ```
 */
export const batchEnsemble = defineLayer({
  type: 'batchEnsemble',
  describe: '((x ⊙ inputScales)·kernel) ⊙ outputScales + bias for each member of an ensemble, with one kernel',
  shorthand: 'units',
  options: {
    units: integer(1, { describe: 'Number of outputs of each member' }),
    members,
    repeats: boolean({ default: false, describe: 'Whether each member is given all inputs, as in the first layer' }),
    kernelInitializer,
  },
  build({ units, members, repeats, kernelInitializer }, { size, backend, memory, parameter }) {
    if (!repeats && size % members !== 0) {
      const remedy = 'Use repeats: true in the first layer of an ensemble, and the same members in all.';
      fail('batchEnsemble', 'members', `a divisor of its ${size} inputs`, members, remedy);
    }
    const inputs = repeats ? size : size / members;
    const [width, outputSize] = [members * inputs, members * units];
    const kernel = parameter('kernel', [inputs, units], { initializer: kernelInitializer });
    // Of one dimension, because scales do not decay.
    const inputScales = parameter('inputScales', [width], {
      initializer: repeats ? randomUniform({ minval: -1, maxval: 1 }) : constant(1),
    });
    if (repeats)
      for (const [i, value] of inputScales.value.data.entries()) inputScales.value.data[i] = value < 0 ? -1 : 1;
    const outputScales = parameter('outputScales', [outputSize], { initializer: constant(1) });
    const bias = parameter('bias', [outputSize]);
    const zeros = memory.float32(Math.max(width, outputSize));
    const ones = memory.float32(Math.max(width, outputSize));
    ones.data.fill(1);
    /** to (rows, columns) = from ⊙ scales + offsets. */
    const scale = (to: Tensor, from: Tensor, scales: Tensor, rows: number, columns: number, offsets = zeros) =>
      backend.normalize(to, from, zeros, ones, scales, offsets, rows, columns);

    /** Which sample each member of each sample is given. */
    let samples: Tensor<Int32Array>;
    let repeated: Tensor; // (rows · members, inputs)
    let scaled: Tensor; // (rows · members, inputs)
    let product: Tensor; // (rows · members, units)
    let dScaled: Tensor;
    let dProduct: Tensor;
    return {
      outputSize,
      needsInput: true,
      reserve(rows, batch) {
        const length = rows * width;
        if (repeats) {
          samples = batch.int32(rows * members);
          for (let i = 0; i < rows * members; i++) samples.data[i] = Math.floor(i / members);
          repeated = batch.float32(length);
        }
        [scaled, dScaled] = [batch.float32(length), batch.float32(length)];
        [product, dProduct] = [batch.float32(rows * outputSize), batch.float32(rows * outputSize)];
      },
      forward(y, x, rows) {
        if (repeats) backend.gather(repeated, x, samples, 0, rows * members, inputs);
        scale(scaled, repeats ? repeated : x, inputScales.value, rows, width);
        backend.matmul(product, scaled, kernel.value, rows * members, inputs, units);
        scale(y, product, outputScales.value, rows, outputSize, bias.value);
      },
      backward(dx, dy, x, _y, rows) {
        backend.biasGradient(bias.gradient, dy, dy, rows, outputSize, 0);
        backend.columnProducts(outputScales.gradient, dy, product, rows, outputSize);
        scale(dProduct, dy, outputScales.value, rows, outputSize);
        backend.matmulTN(kernel.gradient, scaled, dProduct, inputs, rows * members, units);
        backend.matmulNT(dScaled, dProduct, kernel.value, rows * members, units, inputs);
        backend.columnProducts(inputScales.gradient, dScaled, repeats ? repeated : x, rows, width);
        if (!dx) return;
        scale(repeats ? dScaled : dx, dScaled, inputScales.value, rows, width);
        if (repeats) sumMembers(dx.data, dScaled.data, rows, members, inputs);
      },
    };
  },
});

/** to (rows, columns) = Σ over the members of from (rows, members, columns). */
function sumMembers(to: Float32Array, from: Float32Array, rows: number, members: number, columns: number): void {
  for (let row = 0, at = 0; row < rows; row++) {
    const start = row * columns;
    to.fill(0, start, start + columns);
    for (let member = 0; member < members; member++) for (let j = 0; j < columns; j++, at++) to[start + j] += from[at];
  }
}
