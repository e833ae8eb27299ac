// The fully connected layer y = x·W + b.
import type { Backend, Memory, Tensor } from '../backend/index.ts';
import { checkBoolean, checkInteger, checkKeys, checkNumber, checkOneOf, fail } from '../errors/index.ts';
import { type Initializer, initialize, initializerNames } from './initializers.ts';
import type { BuildContext, Layer, LayerSpec, Parameter } from './layer.ts';
import type { Regularizer } from './regularizers.ts';

/** Options of {@link dense}. */
export interface DenseOptions {
  /** Initial kernel, `'heNormal'` by default; biases start at 0. */
  kernelInitializer?: Initializer;
  /** Penalty on the kernel: `l1()`, `l2()` or `l1l2()`; none by default. Biases are never penalized. */
  kernelRegularizer?: Regularizer;
  /** Whether there is a bias, true by default. */
  useBias?: boolean;
}

/**
 * A fully connected layer: y (batch, units) = x (batch, inputs) · kernel (inputs, units) + bias (units).
 *
 * @throws ParameterError for bad units, an unknown option, initializer or a regularizer that is not one.
 */
export function dense(units: number, options: DenseOptions = {}): LayerSpec {
  checkInteger('dense', 'units', units, 1);
  checkKeys('dense', options, ['kernelInitializer', 'kernelRegularizer', 'useBias']);
  const initializer = checkOneOf(
    'dense',
    'kernelInitializer',
    options.kernelInitializer ?? 'heNormal',
    initializerNames,
  );
  const useBias = checkBoolean('dense', 'useBias', options.useBias ?? true);
  const penalty = checkRegularizer(options.kernelRegularizer ?? { l1: 0, l2: 0 });
  const strengths = Object.entries(penalty).filter(([, strength]) => strength > 0);
  return {
    kind: 'dense',
    description: ['dense', ...strengths.map(([name, strength]) => `${name} ${strength}`)].join(' '),
    recipe: ['dense', units, { kernelInitializer: initializer, kernelRegularizer: penalty, useBias }],
    build: (inputs, context) => new Dense(inputs, units, initializer, useBias, penalty, context),
  };
}

function checkRegularizer(value: Regularizer): Regularizer {
  const remedy = 'Use l1(strength), l2(strength) or l1l2({ l1, l2 }).';
  if (typeof value !== 'object' || value === null) fail('dense', 'kernelRegularizer', 'a regularizer', value, remedy);
  return {
    l1: checkNumber('dense', 'kernelRegularizer.l1', value.l1, '[0, inf)', remedy),
    l2: checkNumber('dense', 'kernelRegularizer.l2', value.l2, '[0, inf)', remedy),
  };
}

class DenseParameter implements Parameter {
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** l1 and l2. Were they fields, V8 would compile the training loop anew for the first model where one is not 0. */
  readonly #strengths: Float64Array;

  constructor(
    readonly name: string,
    readonly shape: readonly number[],
    { l1, l2 }: Regularizer,
    memory: Memory,
  ) {
    const length = shape.reduce((product, size) => product * size);
    this.value = memory.float32(length);
    this.gradient = memory.float32(length);
    this.#strengths = Float64Array.of(l1, l2);
  }

  get l1(): number {
    return this.#strengths[0];
  }

  get l2(): number {
    return this.#strengths[1];
  }
}

class Dense implements Layer {
  readonly parameters: readonly Parameter[];
  readonly #backend: Backend;
  readonly #kernel: Parameter;
  readonly #bias: Parameter | undefined;
  #x!: Tensor; // (rows, inputs), kept for the gradient of the kernel
  #y!: Tensor; // (rows, units)
  #dx!: Tensor; // (rows, inputs)

  constructor(
    readonly inputSize: number,
    readonly outputSize: number,
    initializer: Initializer,
    useBias: boolean,
    penalty: Regularizer,
    { backend, memory, ordinal, initialization }: BuildContext,
  ) {
    const parameter = (name: string, shape: number[], penalty: Regularizer) =>
      new DenseParameter(`dense${ordinal + 1}.${name}`, shape, penalty, memory);
    this.#backend = backend;
    this.#kernel = parameter('kernel', [inputSize, outputSize], penalty);
    this.#bias = useBias ? parameter('bias', [outputSize], { l1: 0, l2: 0 }) : undefined;
    this.parameters = this.#bias ? [this.#kernel, this.#bias] : [this.#kernel];
    initialize(initializer, this.#kernel.value.data, inputSize, outputSize, initialization);
  }

  reserve(rows: number, memory: Memory): void {
    this.#y = memory.float32(rows * this.outputSize);
  }

  reserveGradients(rows: number, memory: Memory): void {
    this.#dx = memory.float32(rows * this.inputSize);
  }

  forward(x: Tensor, rows: number): Tensor {
    this.#x = x;
    this.#backend.matmul(this.#y, x, this.#kernel.value, rows, this.inputSize, this.outputSize);
    if (this.#bias) this.#backend.addBias(this.#y, this.#bias.value, rows, this.outputSize);
    return this.#y;
  }

  backward(dy: Tensor, rows: number, _step: number, needsInputGradient: boolean): Tensor {
    const { inputSize, outputSize } = this;
    this.#backend.matmulTN(this.#kernel.gradient, this.#x, dy, inputSize, rows, outputSize);
    if (this.#bias) this.#backend.biasGradient(this.#bias.gradient, dy, rows, outputSize);
    if (needsInputGradient) this.#backend.matmulNT(this.#dx, dy, this.#kernel.value, rows, outputSize, inputSize);
    return this.#dx;
  }
}
