// A residual block: layers whose output is added to their input.
import { boolean, fail, kind, list, number } from '../../errors/index.ts';
import { counterWord } from '../../random/index.ts';
import { lecunNormal } from '../initializers.ts';
import { defineLayer } from './layer.ts';

/**
 * A residual block (He et al. 2016): y = x + f(x), where f are the `layers` inside. Their arrays are named after the block:
 * `residual1.dense1.kernel`. A layer more or less in the block, or in front of it, changes no random stream of layers of other types.
 *
 * With `survivalProbability` p below 1 it has stochastic depth (Huang et al. 2016): a step of training leaves f out with probability
 * 1 − p, for the whole batch, and is shorter then; at inference, y = x + p·f(x). The paper lets p fall in equal parts from 1 at the first
 * block to ½ at the last.
 *
 * With `projection`, a kernel without bias carries x to the size of f(x) where the two differ.
 *
 * @throws ParameterError for no layers, what is no layer, an unknown option or a value out of range; and when the model is made, for layers
 * of another size than their input without `projection`.
 * @example
 * ```js
 * import { dense, layerNormalization, relu, residual, sequential } from 'regulus';
 *
 * const block = () => residual([layerNormalization(), dense(16), relu()], { survivalProbability: 0.8 });
 * const model = sequential({ inputSize: 4, layers: [dense(16), block(), block(), dense(3)] });
 * console.log(model.getWeights().map(({ name }) => name)); // 'dense1.kernel', …, 'residual1.dense1.kernel', …
 * ```
 */
export const residual = defineLayer({
  type: 'residual',
  describe: 'Adds the output of the layers inside to their input',
  shorthand: 'layers',
  options: {
    layers: list(kind('layer'), { minLength: 1, describe: 'The layers inside, in order' }),
    survivalProbability: number('(0, 1]', {
      default: 1,
      describe: 'Share of the training steps in which the layers inside take part (stochastic depth)',
    }),
    projection: boolean({ default: false, describe: 'Whether a kernel carries the input to another size' }),
  },
  build({ layers, survivalProbability, projection }, { size, backend, parameter, key, inner }) {
    const branch = inner(size, layers);
    const { outputSize } = branch;
    if (outputSize !== size && !projection) {
      const remedy = `Give the last dense layer inside ${size} units, or use projection: true.`;
      fail('residual', 'layers', `layers with as many outputs as inputs, ${size}`, outputSize, remedy);
    }
    const carrier =
      outputSize === size ? undefined : parameter('projection', [size, outputSize], { initializer: lecunNormal() });
    const survives = (step: number) =>
      survivalProbability === 1 || (counterWord(0, key(step, 0), key(step, 1)) >>> 0) / 2 ** 32 < survivalProbability;
    return {
      outputSize,
      needsInput: true,
      reserve: (rows, memory) => branch.reserve(rows, memory),
      useStatistics: (how, trained) => branch.useStatistics(how, trained),
      forward(y, x, rows, step) {
        if (carrier) backend.matmul(y, x, carrier.value, rows, size, outputSize);
        else backend.scale(y, x, rows * size, 1);
        if (step !== undefined && !survives(step)) return;
        const share = step === undefined ? survivalProbability : 1;
        backend.addScaled(y, branch.forward(x, rows, step), rows * outputSize, share);
      },
      backward(dx, dy, x, _y, rows, step) {
        if (carrier) backend.matmulTN(carrier.gradient, x, dy, size, rows, outputSize);
        if (dx && carrier) backend.matmulNT(dx, dy, carrier.value, rows, outputSize, size);
        else if (dx) backend.scale(dx, dy, rows * size, 1);
        if (!survives(step)) branch.clearGradients();
        else {
          const inside = branch.backward(dy, rows, step, dx !== undefined);
          if (dx) backend.addScaled(dx, inside, rows * size, 1);
        }
      },
    };
  },
});
