// The last layer of many members of an ensemble at once: a dense layer of its own for each.
import { fail, integer } from '../../errors/index.ts';
import { kernelInitializer } from './dense.ts';
import { defineLayer, members } from './layer.ts';

/**
 * A dense layer of its own for each of `members` networks, whose values follow each other in a sample, as `batchEnsemble` gives them. As the
 * last layer of a model it makes it an ensemble: the loss of a sample is the mean of its members' losses, and what is predicted is the
 * mean of their probabilities, or of their numbers.
 *
 * @throws ParameterError for an unknown option or a value out of range; and when the model is made, for inputs that `members` does not divide.
 * @example
 * ```js
 * import { makeMoons, relu, sequential } from 'regulus';
 * import { batchEnsemble, memberDense } from 'regulus/tables';
 *
 * const layers = [batchEnsemble(16, { members: 8, repeats: true }), relu(), memberDense(2, { members: 8 })];
 * const model = sequential({ inputSize: 2, layers });
 * await model.fit(makeMoons(), { epochs: 5 });
 * console.log(model.outputSize); // 2
 * ```
 */
export const memberDense = defineLayer({
  type: 'memberDense',
  describe:
    'x·kernel + bias with arrays of its own for each member of an ensemble; as the last layer, its predictions are averaged',
  shorthand: 'units',
  options: {
    units: integer(1, { describe: 'Number of outputs of each member' }),
    members,
    kernelInitializer,
  },
  build({ units, members, kernelInitializer }, { size, parameter }) {
    if (size % members !== 0) {
      const remedy = 'Use the same members in all layers of an ensemble, and repeats: true in its first batchEnsemble.';
      fail('memberDense', 'members', `a divisor of its ${size} inputs`, members, remedy);
    }
    const inputs = size / members;
    const outputSize = members * units;
    // The kernels side by side, as one that knows (inputs, outputs).
    const kernel = parameter('kernel', [inputs, outputSize], { initializer: kernelInitializer });
    const bias = parameter('bias', [outputSize]);
    return {
      outputSize,
      members,
      needsInput: true,
      forward({ data: y }, { data: x }, rows) {
        const [w, b] = [kernel.value.data, bias.value.data];
        for (let at = 0; at < rows * outputSize; at++) {
          const column = at % outputSize;
          const start = Math.floor(at / units) * inputs;
          let sum = b[column];
          for (let j = 0; j < inputs; j++) sum += x[start + j] * w[j * outputSize + column];
          y[at] = sum;
        }
      },
      backward(dx, { data: dy }, { data: x }, _y, rows) {
        const [w, dw, db] = [kernel.value.data, kernel.gradient.data, bias.gradient.data];
        const to = dx?.data ?? new Float32Array(rows * size);
        for (const gradient of [dw, db, to]) gradient.fill(0);
        for (let at = 0; at < rows * outputSize; at++) {
          const column = at % outputSize;
          const start = Math.floor(at / units) * inputs;
          db[column] += dy[at];
          for (let j = 0; j < inputs; j++) {
            dw[j * outputSize + column] += dy[at] * x[start + j];
            to[start + j] += dy[at] * w[j * outputSize + column];
          }
        }
      },
    };
  },
});
