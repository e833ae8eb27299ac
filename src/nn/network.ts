// A stack of layers with its inputs, its loss and its memory: forward, loss, backward. It knows nothing of epochs or data.
import { type Backend, Memory, type Tensor } from '../backend/index.ts';
import { checkMethods, type Description, definitionOf, fail, ParameterError } from '../errors/index.ts';
import type { NamedArray, Parameter, ParameterBlock, Statistics } from './layers/layer.ts';
import type { LossDefinition, RunningLoss } from './losses/loss.ts';
import { memberLoss } from './losses/member-loss.ts';
import { type ArrayCheck, Stack } from './stack.ts';

/**
 * A running network. `input` and `targets` are filled by the caller; `forward` and the rest work on their first rows. Metrics
 * read it as the batch that it has computed last.
 */
export class Network {
  readonly inputSize: number;
  /** Numbers that a prediction consists of; where the last layer has members, each of them gives so many. */
  readonly outputSize: number;
  /** Of how many predictions of a sample the output consists. */
  readonly members: number;
  readonly backend: Backend;
  readonly loss: RunningLoss;
  readonly parameters: readonly Parameter[];
  /** The parameters again: those with the same penalties and rates are one array, kernels before biases, so that optimizers need not go from one to the next. */
  readonly blocks: readonly ParameterBlock[];
  /** All arrays that are saved with the model, parameters and state, in the order of the layers. */
  readonly arrays: readonly NamedArray[];
  readonly #memory: Memory;
  readonly #activations: Memory;
  readonly #gradients: Memory;
  readonly #stack: Stack;
  /** What layers keep beside parameters, such as moving averages. */
  readonly #states: readonly Tensor[];
  readonly #penalized: readonly Parameter[];
  /** The penalty strengths l1 and l2 of each of them: numbers in an array are no objects, unlike those in fields. */
  readonly #strengths: Float64Array;
  /** Rows of the last `forward`. */
  rows = 0;
  /** Where the samples of a batch go, (rows, inputSize). This and the tensors below are others after `reserve`. */
  inputTensor!: Tensor;
  /** Where the targets of a batch go, (rows, loss.targetSize). */
  targets!: Tensor<Int32Array | Float32Array>;
  /** What `forward` has computed, (rows, members · outputSize). */
  output!: Tensor;
  /** The gradient of it, (rows, members · outputSize), after `lossSum`. */
  outputGradient!: Tensor;
  /** The gradient of the loss for the input, (rows, inputSize), after `backward` to the input. */
  inputGradient!: Tensor;
  /** How much each of them counts in metrics; undefined where all count the same. */
  sampleWeight: Float64Array | undefined;
  /** One row's gradient, output and targets, for losses with weights. */
  #row: [Tensor, Tensor, Tensor<Int32Array | Float32Array>] | undefined;
  #reserved = 0;
  #reservedGradients = 0;
  #toInput = false;
  #probabilities!: Tensor; // (rows, probabilitySize)
  #classes!: Tensor<Int32Array>; // (rows) or (rows, outputSize)
  #values!: Tensor; // (rows, outputSize), the output itself where the loss does not say otherwise

  constructor(
    inputSize: number,
    layers: readonly Description<'layer'>[],
    loss: Description<'loss'>,
    seed: number,
    backend: Backend,
    where = 'sequential',
    checkArray?: ArrayCheck,
  ) {
    this.inputSize = inputSize;
    this.backend = backend;
    this.#memory = new Memory(backend);
    this.#activations = new Memory(backend);
    this.#gradients = new Memory(backend);
    try {
      // The input stays as it is: a step may compute the same batch twice.
      this.#stack = new Stack(inputSize, layers, { seed, backend, memory: this.#memory, where, checkArray }, 'values');
      const { parameters, arrays, members } = this.#stack;
      const outputSize = this.#stack.outputSize / members;
      this.outputSize = outputSize;
      this.members = members;
      this.parameters = parameters;
      this.arrays = arrays;
      this.blocks = parameterBlocks(parameters, this.#memory);
      const { definition, options } = definitionOf<LossDefinition>('loss', where, 'loss', loss);
      const running = definition.build(options, { outputSize, backend, memory: this.#memory });
      checkMethods(definition.type, running, 'value');
      const { task, classify, probabilities } = running;
      if (task !== 'regression' && !classify) {
        fail(where, 'loss', `a loss with 'classify', being for ${task}`, loss);
      }
      if (members > 1 && task !== 'regression' && !probabilities) {
        fail(where, 'loss', `a loss with 'probabilities', which members of an ensemble are averaged by`, loss);
      }
      this.loss =
        members > 1 ? memberLoss(running, members, outputSize, backend, definition.predictsVariances) : running;
    } catch (error) {
      this.free();
      throw error;
    }
    const trained: readonly NamedArray[] = this.parameters;
    this.#states = this.arrays.filter((array) => !trained.includes(array)).map(({ value }) => value);
    this.#penalized = this.parameters.filter(({ regularizer }) => regularizer);
    this.#strengths = Float64Array.from(this.#penalized.flatMap(({ regularizer: r }) => [r?.l1 ?? 0, r?.l2 ?? 0]));
  }

  /** The numbers of {@link inputTensor}. */
  get input(): Float32Array {
    return this.inputTensor.data;
  }

  /** Output size and number of trained values of each layer, for summaries. */
  get layers(): readonly { outputSize: number; parameterCount: number }[] {
    return this.#stack.layers;
  }

  /** Columns of {@link output}. */
  get width(): number {
    return this.members * this.outputSize;
  }

  /** Columns of {@link probabilities}. */
  get probabilitySize(): number {
    return this.loss.classes ?? this.outputSize;
  }

  /** Makes room for batches of up to `rows` samples. */
  reserve(rows: number): void {
    if (rows <= this.#reserved) return;
    const memory = this.#activations;
    const { loss, outputSize, width } = this;
    this.#reserved = 0;
    memory.refill(() => {
      this.inputTensor = memory.float32(rows * this.inputSize);
      this.targets = memory[loss.integerTargets ? 'int32' : 'float32'](rows * loss.targetSize);
      this.outputGradient = memory.float32(rows * width);
      this.#probabilities = memory.float32(rows * this.probabilitySize);
      this.#classes = memory.int32(rows * loss.targetSize);
      this.output = this.#stack.reserve(this.inputTensor, rows, memory);
      this.#values = loss.values ? memory.float32(rows * outputSize) : this.output;
      loss.reserve?.(rows, memory);
    });
    this.#reserved = rows;
    this.#connectGradients();
  }

  /** Makes room for training on batches of up to `rows` samples, with `toInput` also for the gradient of the input. */
  reserveTraining(rows: number, toInput = false): void {
    this.reserve(rows);
    if (rows <= this.#reservedGradients && toInput === this.#toInput) return;
    this.#reservedGradients = 0;
    this.#gradients.refill(() => this.#stack.reserveGradients(rows, this.#gradients, toInput));
    this.#reservedGradients = rows;
    this.#toInput = toInput;
    this.#connectGradients();
  }

  #connectGradients(): void {
    this.inputGradient = this.#stack.connectGradients(this.outputGradient, this.#toInput);
  }

  /** Computes the outputs of the first `rows` samples of `input`; in training, `step` is the number of the step. */
  forward(rows: number, step?: number): void {
    this.rows = rows;
    this.#stack.forward(rows, step);
  }

  /**
   * Σ over the rows of each row's loss for `targets`, without penalties; prepares `backward` by its `gradients`. With weights, that of
   * weight · loss; `backward` then gives the gradients of it divided by the sum of the weights.
   */
  lossSum(rows: number, weights?: Float64Array, targets?: Network['targets'], gradients?: Tensor): number {
    const own = targets ?? this.targets;
    const to = gradients ?? this.outputGradient;
    return weights ? this.#weightedLossSum(rows, weights, own, to) : this.loss.value(to, this.output, own, rows);
  }

  /** Losses know no weights: each row is a batch of its own for them. */
  #weightedLossSum(rows: number, weights: Float64Array, targets: Network['targets'], gradients: Tensor): number {
    const { loss, width } = this;
    const { targetSize } = loss;
    const memory = this.#memory;
    this.#row ??= [
      memory.float32(width),
      memory.float32(width),
      loss.integerTargets ? memory.int32(targetSize) : memory.float32(targetSize),
    ];
    const [gradient, output, target] = this.#row;
    const { data: outputs } = this.output;
    let total = 0;
    for (let i = 0; i < rows; i++) total += weights[i];
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const start = i * width;
      for (let j = 0; j < width; j++) output.data[j] = outputs[start + j];
      for (let j = 0; j < targetSize; j++) target.data[j] = targets.data[i * targetSize + j];
      sum += weights[i] * loss.value(gradient, output, target, 1);
      const share = total > 0 ? weights[i] / total : 0;
      for (let j = 0; j < width; j++) gradients.data[start + j] = share * gradient.data[j];
    }
    return sum;
  }

  /** Gradients of the mean loss over the rows, without penalties, which optimizers add; after `lossSum`. */
  backward(rows: number, step: number, toInput = this.#toInput): void {
    this.#stack.backward(rows, step, toInput);
  }

  /** Calls `work` while forward passes in training do this with what layers keep of the data; see {@link Layer.useStatistics}. */
  withStatistics<Result>(how: Statistics, work: () => Result, trained?: number): Result {
    this.#stack.useStatistics(how, trained);
    try {
      return work();
    } finally {
      this.#stack.useStatistics('moving');
    }
  }

  /** Calls `work` and puts the state of layers back, so that it counts each batch once. */
  keepingState<Result>(work: () => Result): Result {
    const kept = this.#states.map(({ data }) => data.slice());
    const result = work();
    for (let i = 0; i < kept.length; i++) this.#states[i].data.set(kept[i]);
    return result;
  }

  /** The probabilities (rows, probabilitySize), a view that the next call overwrites. */
  probabilities(): Float32Array {
    if (!this.loss.probabilities) {
      throw new ParameterError('This loss has no probabilities. Use predict.');
    }
    this.loss.probabilities(this.#probabilities, this.output, this.rows);
    return this.#probabilities.data.subarray(0, this.rows * this.probabilitySize);
  }

  /** The predicted class of each row, or 0 and 1 for each label; a view that the next call overwrites. */
  classes(): Int32Array {
    const { rows, loss } = this;
    loss.classify?.(this.#classes, this.output, rows);
    return this.#classes.data.subarray(0, rows * loss.targetSize);
  }

  /** The predicted numbers (rows, outputSize), for regression; a view that the next call overwrites. */
  values(): Float32Array {
    const { rows, loss, outputSize } = this;
    loss.values?.(this.#values, this.output, rows);
    return this.#values.data.subarray(0, rows * outputSize);
  }

  /** How many rows have all their targets right. */
  countCorrect(): number {
    const { rows, loss } = this;
    if (loss.countCorrect) return loss.countCorrect(this.output, this.targets, rows);
    const { targetSize } = loss;
    const predicted = this.classes();
    const { data: targets } = this.targets;
    let correct = 0;
    for (let start = 0; start < rows * targetSize; start += targetSize) {
      let same = 0;
      while (same < targetSize && predicted[start + same] === targets[start + same]) same++;
      if (same === targetSize) correct++;
    }
    return correct;
  }

  /** The sum of all weight penalties. */
  penalty(): number {
    let sum = 0;
    for (let i = 0; i < this.#penalized.length; i++) {
      const l1 = this.#strengths[2 * i];
      const l2 = this.#strengths[2 * i + 1];
      const { value, regularizer } = this.#penalized[i];
      if (l1 > 0 || l2 > 0) sum += this.backend.penalty(value, value.length, l1, l2);
      if (regularizer?.penalty) sum += regularizer.penalty(value);
    }
    return sum;
  }

  /** Frees all memory. */
  free(): void {
    this.#memory.free();
    this.#activations.free();
    this.#gradients.free();
  }
}

/** Joins the parameters that have the same penalties and learning rates, kernels before biases. */
function parameterBlocks(parameters: readonly Parameter[], memory: Memory): ParameterBlock[] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const { l1, l2 } = parameter.regularizer ?? {};
    const key = `${l1} ${l2} ${parameter.learningRateFactor ?? 1}`;
    groups.set(key, [...(groups.get(key) ?? []), parameter]);
  }
  return [...groups.values()].map((group) => {
    const sorted = group.sort((a, b) => b.shape.length - a.shape.length);
    const [value, gradient] = (['value', 'gradient'] as const).map((own) => memory.join(sorted.map((p) => p[own])));
    return { parameters: sorted, value, gradient };
  });
}
