// The fully connected layer y = x·W + b.
import { keepThreshold, type Tensor, TINY } from '../../backend/index.ts';
import { boolean, type GivenOptions, integer, kind, number, oneOf } from '../../errors/index.ts';
import { heNormal, initializers } from '../initializers.ts';
import { activations } from './activations.ts';
import { biasLearningRateFactor, defineLayer, trainable } from './layer.ts';

const remedy = 'Use l1(…), l2(…) or l1l2(…).';

/** The option of layers with a kernel. */
export const kernelInitializer = kind('initializer', {
  default: heNormal(),
  known: initializers,
  describe: 'Initial kernel; biases start at 0',
});

/**
 * A fully connected layer: y (batch, units) = x (batch, inputs) · kernel (inputs, units) + bias (units).
 *
 * Penalties are on what they are given for alone: without `biasRegularizer`, biases are never penalized.
 *
 * `activation` is short for an activation behind it: `dense(16, { activation: 'relu' })` makes the two layers `dense(16), relu()`, which
 * are what a model, its arrays and its files have. With `trainable: false`, kernel and bias stay as they are.
 *
 * With `dropConnect`, each step of training leaves out that share of the kernel, with a new mask at every step, and scales the rest by
 * 1 / (1 − dropConnect) (Wan et al. 2013, with one mask for the whole batch).
 *
 * With `parametrization: 'ntk'`, an optimizer's steps of the kernel are divided by √inputs. With one whose steps do not depend on the size of
 * gradients, such as Adam, this is the neural tangent parametrization x·kernel / √inputs + bias (Jacot et al. 2018) without its other kernel: one
 * learning rate suits layers of any size.
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
    kernelInitializer,
    kernelRegularizer: kind('regularizer', {
      optional: true,
      describe: 'Penalty on the kernel',
      remedy,
    }),
    kernelConstraint: kind('constraint', { optional: true, describe: 'What the kernel must fulfil after every step' }),
    useBias: boolean({ default: true, describe: 'Whether there is a bias' }),
    biasRegularizer: kind('regularizer', { optional: true, describe: 'Penalty on the bias', remedy }),
    activation: kind('layer', { optional: true, known: activations, describe: 'The layer behind it, or its name' }),
    trainable,
    parametrization: oneOf(['standard', 'ntk'], {
      default: 'standard',
      describe: "With 'ntk', steps of the kernel are divided by the square root of its inputs",
    }),
    biasLearningRateFactor,
    dropConnect: number('[0, 1)', { default: 0, describe: 'Share of the kernel that a training step leaves out' }),
  },
  behind: 'activation',
  build(options, { size, backend, memory, parameter, key }) {
    const { units, useBias, dropConnect, trainable } = options;
    const kernel = parameter('kernel', [size, units], {
      initializer: options.kernelInitializer,
      regularizer: options.kernelRegularizer,
      constraint: options.kernelConstraint,
      learningRateFactor: options.parametrization === 'ntk' ? 1 / Math.sqrt(size) : 1,
      trainable,
    });
    const bias = useBias
      ? parameter('bias', [units], {
          regularizer: options.biasRegularizer,
          learningRateFactor: options.biasLearningRateFactor,
          trainable,
        })
      : undefined;
    // Without a bias, zeros; nobody reads the gradient of what is not trained.
    const biasValue = bias?.value ?? memory.float32(units);
    const biasGradient = bias?.gradient ?? memory.float32(units);
    let relu = 0;
    /** What is left of the kernel in a training step. */
    const masked = dropConnect > 0 ? memory.float32(size * units) : undefined;
    const mask = (to: Tensor, from: Tensor, step: number) => {
      const factor = 1 / (1 - dropConnect);
      backend.dropout(to, from, size * units, keepThreshold(dropConnect), factor, key(step, 0), key(step, 1));
    };
    return {
      outputSize: units,
      needsInput: true,
      flushes: true,
      fuse(epilogue) {
        if (epilogue !== 'relu' || relu) return false;
        relu = 1;
        return true;
      },
      forward(y, x, rows, step) {
        const isMasked = masked !== undefined && step !== undefined;
        if (isMasked) mask(masked, kernel.value, step);
        const own = isMasked ? masked : kernel.value;
        backend.dense(y, x, own, biasValue, rows, size, units, relu, step === undefined ? 0 : TINY);
      },
      backward(dx, dy, x, y, rows, step) {
        if (!trainable) backend.biasGradient(biasGradient, dy, y, rows, units, relu);
        else backend.denseGradients(kernel.gradient, biasGradient, dy, x, y, rows, size, units, relu);
        if (trainable && masked) mask(kernel.gradient, kernel.gradient, step);
        if (dx) backend.matmulNT(dx, dy, masked ?? kernel.value, rows, units, size);
      },
    };
  },
});

/** Options of {@link dense}, other than its units. @interface */
export type DenseOptions = Omit<GivenOptions<typeof dense.definition.options>, 'units'>;
