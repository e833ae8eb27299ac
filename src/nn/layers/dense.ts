// The fully connected layer y = x·W + b.
import { boolean, type GivenOptions, integer, kind } from '../../errors/index.ts';
import { heNormal, initializers } from '../initializers.ts';
import { defineLayer } from './layer.ts';

const remedy = 'Use l1(…), l2(…) or l1l2(…).';

/**
 * A fully connected layer: y (batch, units) = x (batch, inputs) · kernel (inputs, units) + bias (units).
 *
 * Penalties are on what they are given for alone: without `biasRegularizer`, biases are never penalized.
 *
 * @throws ParameterError for bad units, an unknown option, or an option that is not of its kind.
 * @example
 * ```js
 * import { dense, l2, relu, sequential } from 'regulus';
 *
 * const model = sequential({ inputSize: 4, layers: [dense(16, { kernelRegularizer: l2(1e-3) }), relu(), dense(3)] });
 * console.log(model.summary());
 * ```
 */
export const dense = defineLayer({
  type: 'dense',
  describe: 'x·kernel + bias',
  shorthand: 'units',
  options: {
    units: integer(1, { describe: 'Number of outputs' }),
    kernelInitializer: kind('initializer', {
      default: heNormal(),
      known: initializers,
      describe: 'Initial kernel; biases start at 0',
    }),
    kernelRegularizer: kind('regularizer', {
      optional: true,
      describe: 'Penalty on the kernel',
      remedy,
    }),
    kernelConstraint: kind('constraint', { optional: true, describe: 'What the kernel must fulfil after every step' }),
    useBias: boolean({ default: true, describe: 'Whether there is a bias' }),
    biasRegularizer: kind('regularizer', { optional: true, describe: 'Penalty on the bias', remedy }),
  },
  build(options, { size, backend, parameter }) {
    const { units, useBias } = options;
    const kernel = parameter('kernel', [size, units], {
      initializer: options.kernelInitializer,
      regularizer: options.kernelRegularizer,
      constraint: options.kernelConstraint,
    });
    const bias = useBias ? parameter('bias', [units], { regularizer: options.biasRegularizer }) : undefined;
    return {
      outputSize: units,
      needsInput: true,
      forward(y, x, rows) {
        backend.matmul(y, x, kernel.value, rows, size, units);
        if (bias) backend.addBias(y, bias.value, rows, units);
      },
      backward(dx, dy, x, _y, rows) {
        backend.matmulTN(kernel.gradient, x, dy, size, rows, units);
        if (bias) backend.biasGradient(bias.gradient, dy, rows, units);
        if (dx) backend.matmulNT(dx, dy, kernel.value, rows, units, size);
      },
    };
  },
});

/** Options of {@link dense}, other than its units. */
export type DenseOptions = Omit<GivenOptions<typeof dense.definition.options>, 'units'>;
