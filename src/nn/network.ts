// A stack of layers with its arrays: forward, loss, backward. It knows nothing of epochs or data.
import { type Backend, Memory, type Tensor } from '../backend/index.ts';
import { type Description, definitionOf, fail, ParameterError } from '../errors/index.ts';
import { layerStream, type RandomState, stepKey } from '../random/index.ts';
import type { ConstraintDefinition } from './constraints.ts';
import { type InitializerDefinition, initializers } from './initializers.ts';
import type {
  BuildContext,
  Layer,
  LayerDefinition,
  NamedArray,
  Parameter,
  ParameterBlock,
  ParameterOptions,
} from './layers/layer.ts';
import type { LossDefinition, RunningLoss } from './losses/loss.ts';
import type { RegularizerDefinition } from './regularizers.ts';

/**
 * Called before an array is made, where the arrays are known beforehand: it throws where none of that name and shape is.
 * Initializers are left out then.
 */
export type ArrayCheck = (name: string, shape: readonly number[]) => void;

/** A layer in its place: what it computes with, and where its input, output and gradients are. */
interface Place {
  readonly layer: Layer;
  readonly inputSize: number;
  /** Whether its output and its input are one tensor. */
  readonly shares: boolean;
  readonly parameterCount: number;
  /** Whether the network makes what is tiny 0 in its output, and in the gradient that it is given. */
  readonly flushesOutput: boolean;
  flushesGradient: boolean;
  x: Tensor;
  y: Tensor;
  dy: Tensor;
  /** Undefined where no layer before has parameters. */
  dx: Tensor | undefined;
  /** Where dx goes, if it is not written over dy. */
  ownGradient: Tensor | undefined;
}

/**
 * A running network. `input` and `targets` are filled by the caller; `forward` and the rest work on their first rows. Metrics
 * read it as the batch that it has computed last.
 */
export class Network {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly backend: Backend;
  readonly loss: RunningLoss;
  readonly parameters: readonly Parameter[];
  /** The parameters again: those that an optimizer treats alike are one array, so that it need not go from one to the next. */
  readonly blocks: readonly ParameterBlock[];
  /** All arrays that are saved with the model, parameters and state, in the order of the layers. */
  readonly arrays: readonly NamedArray[];
  readonly #memory: Memory;
  readonly #activations: Memory;
  readonly #gradients: Memory;
  readonly #layers: Place[] = [];
  /** The same without those whose work the layer before does. */
  readonly #places: Place[] = [];
  /** The first layer with parameters: gradients go no further back. */
  readonly #firstTrained: number;
  /** The penalty strengths l1 and l2 of each parameter: numbers in an array are no objects, unlike those in fields. */
  readonly #strengths: Float64Array;
  /** Rows of the last `forward`. */
  rows = 0;
  /** How much each of them counts in metrics; undefined where all count the same. */
  sampleWeight: Float64Array | undefined;
  /** One row's gradient, output and targets, for losses with weights. */
  #row: [Tensor, Tensor, Tensor<Int32Array | Float32Array>] | undefined;
  #reserved = 0;
  #reservedGradients = 0;
  #input!: Tensor; // (rows, inputSize)
  #targets!: Tensor<Int32Array | Float32Array>; // (rows, loss.targetSize)
  #output!: Tensor; // (rows, outputSize), the output of the last layer
  #dOutput!: Tensor; // (rows, outputSize)
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
    const parameters: Parameter[] = [];
    const arrays: NamedArray[] = [];
    const ordinals = new Map<string, number>();
    let size = inputSize;
    // What earlier layers need of the tensor that the next layer is given.
    let needed: Layer['needsOutput'];
    try {
      for (const [i, description] of layers.entries()) {
        const { definition, options } = definitionOf<LayerDefinition>('layer', where, `layers[${i}]`, description);
        const ordinal = ordinals.get(definition.type) ?? 0;
        ordinals.set(definition.type, ordinal + 1);
        const own = layerArrays(definition.type, ordinal, seed, backend, this.#memory, checkArray);
        const context: BuildContext = { size, backend, memory: this.#memory, inputNeeded: needed, ...own.context };
        const layer = definition.build(options, context);
        const { inPlace, needsInput, keepsPositive, needsOutput } = layer;
        const shares = Boolean(
          inPlace && !needsInput && (needed === undefined || (needed === 'positive' && keepsPositive)),
        );
        needed = needsOutput ?? (shares ? needed : undefined);
        const none = undefined as unknown as Tensor;
        const parameterCount = own.parameters.reduce((sum, { value }) => sum + value.length, 0);
        const place: Place = {
          layer,
          inputSize: size,
          shares,
          parameterCount,
          flushesOutput: !layer.flushes && !layer.keepsFlushed,
          flushesGradient: false,
          x: none,
          y: none,
          dy: none,
          dx: undefined,
          ownGradient: undefined,
        };
        this.#layers.push(place);
        const isFused = shares && layer.epilogue && this.#places.at(-1)?.layer.fuse?.(layer.epilogue);
        if (!isFused) this.#places.push(place);
        parameters.push(...own.parameters);
        arrays.push(...own.arrays);
        size = layer.outputSize;
      }
      this.outputSize = size;
      const { definition, options } = definitionOf<LossDefinition>('loss', where, 'loss', loss);
      this.loss = definition.build(options, { outputSize: size, backend, memory: this.#memory });
      const { task, classify } = this.loss;
      if (task !== 'regression' && !classify) {
        fail(where, 'loss', `a loss with 'classify', being for ${task}`, loss);
      }
    } catch (error) {
      this.free();
      throw error;
    }
    this.parameters = parameters;
    this.arrays = arrays;
    try {
      this.blocks = parameterBlocks(parameters, this.#memory);
    } catch (error) {
      this.free();
      throw error;
    }
    const first = this.#places.findIndex(({ parameterCount }) => parameterCount > 0);
    this.#firstTrained = first < 0 ? this.#places.length : first;
    this.#strengths = Float64Array.from(parameters.flatMap(({ regularizer: r }) => [r?.l1 ?? 0, r?.l2 ?? 0]));
  }

  /** Where the samples of a batch go, (rows, inputSize). */
  get input(): Float32Array {
    return this.#input.data;
  }

  /** The same as a tensor. It is another one after `reserve`. */
  get inputTensor(): Tensor {
    return this.#input;
  }

  /** Where the targets of a batch go, (rows, loss.targetSize). */
  get targets(): Tensor<Int32Array | Float32Array> {
    return this.#targets;
  }

  /** What `forward` has computed, (rows, outputSize). */
  get output(): Tensor {
    return this.#output;
  }

  /** Output size and number of trained values of each layer, for summaries. */
  get layers(): readonly { outputSize: number; parameterCount: number }[] {
    return this.#layers.map(({ layer: { outputSize }, parameterCount }) => ({ outputSize, parameterCount }));
  }

  /** Columns of {@link probabilities}. */
  get probabilitySize(): number {
    return this.loss.classes ?? this.outputSize;
  }

  /** Makes room for batches of up to `rows` samples. */
  reserve(rows: number): void {
    if (rows <= this.#reserved) return;
    const memory = this.#activations;
    const { loss, outputSize } = this;
    this.#reserved = 0;
    memory.refill(() => {
      this.#input = memory.float32(rows * this.inputSize);
      this.#targets = memory[loss.integerTargets ? 'int32' : 'float32'](rows * loss.targetSize);
      this.#dOutput = memory.float32(rows * outputSize);
      this.#probabilities = memory.float32(rows * this.probabilitySize);
      this.#classes = memory.int32(rows * loss.targetSize);
      let x = this.#input;
      for (const place of this.#places) {
        place.x = x;
        place.y = place.shares ? x : memory.float32(rows * place.layer.outputSize);
        place.layer.reserve?.(rows, memory);
        x = place.y;
      }
      this.#output = x;
      this.#values = loss.values ? memory.float32(rows * outputSize) : x;
    });
    this.#reserved = rows;
    this.#connectGradients();
  }

  /** Makes room for training on batches of up to `rows` samples. */
  reserveTraining(rows: number): void {
    this.reserve(rows);
    if (rows <= this.#reservedGradients) return;
    this.#reservedGradients = 0;
    this.#gradients.refill(() => {
      for (const place of this.#places.slice(this.#firstTrained + 1)) {
        if (!place.layer.inPlace) place.ownGradient = this.#gradients.float32(rows * place.inputSize);
      }
    });
    this.#reservedGradients = rows;
    this.#connectGradients();
  }

  /** Each layer is given the gradient that the one behind it writes; the last that of the loss. */
  #connectGradients(): void {
    let dy = this.#dOutput;
    let isFlushed = false;
    for (let i = this.#places.length - 1; i >= this.#firstTrained; i--) {
      const place = this.#places[i];
      place.dy = dy;
      place.dx = i === this.#firstTrained ? undefined : (place.ownGradient ?? dy);
      dy = place.dx ?? dy;
      const { flushes, keepsFlushed } = place.layer;
      place.flushesGradient = !flushes && !isFlushed;
      isFlushed = Boolean(keepsFlushed);
    }
  }

  /** Computes the outputs of the first `rows` samples of `input`; in training, `step` is the number of the step. */
  forward(rows: number, step?: number): void {
    this.rows = rows;
    // By index, here and below: an iterator would be an allocation per step.
    for (let i = 0; i < this.#places.length; i++) {
      const { layer, flushesOutput, x, y } = this.#places[i];
      layer.forward(y, x, rows, step);
      if (flushesOutput && step !== undefined) this.backend.flush(y, rows * layer.outputSize);
    }
  }

  /** Σ over the rows of each row's loss, without penalties; prepares `backward`. */
  lossSum(rows: number): number {
    return this.loss.value(this.#dOutput, this.#output, this.#targets, rows);
  }

  /**
   * Σ over the rows of weight · loss; `backward` then gives the gradients of it divided by the sum of the weights. Losses know
   * no weights: each row is a batch of its own for them.
   */
  weightedLossSum(rows: number, weights: Float64Array): number {
    const { loss, outputSize } = this;
    const { targetSize } = loss;
    const memory = this.#memory;
    this.#row ??= [
      memory.float32(outputSize),
      memory.float32(outputSize),
      loss.integerTargets ? memory.int32(targetSize) : memory.float32(targetSize),
    ];
    const [gradient, output, target] = this.#row;
    const { data: outputs } = this.#output;
    const { data: targets } = this.#targets;
    const { data: gradients } = this.#dOutput;
    let total = 0;
    for (let i = 0; i < rows; i++) total += weights[i];
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const start = i * outputSize;
      for (let j = 0; j < outputSize; j++) output.data[j] = outputs[start + j];
      for (let j = 0; j < targetSize; j++) target.data[j] = targets[i * targetSize + j];
      sum += weights[i] * loss.value(gradient, output, target, 1);
      const share = total > 0 ? weights[i] / total : 0;
      for (let j = 0; j < outputSize; j++) gradients[start + j] = share * gradient.data[j];
    }
    return sum;
  }

  /** {@link weightedLossSum} where there are weights, else {@link lossSum}. */
  trainingLossSum(rows: number, weights: Float64Array | undefined): number {
    return weights ? this.weightedLossSum(rows, weights) : this.lossSum(rows);
  }

  /**
   * The same where `share` of each target is that in `others` (rows, loss.targetSize), of which `gradient` (rows, outputSize) is
   * filled with the gradient.
   */
  mixedLossSum(
    rows: number,
    others: Tensor<Int32Array | Float32Array>,
    gradient: Tensor,
    share: number,
    weights: Float64Array | undefined,
  ): number {
    const [targets, dOutput] = [this.#targets, this.#dOutput];
    const own = this.trainingLossSum(rows, weights);
    this.#targets = others;
    this.#dOutput = gradient;
    const other = this.trainingLossSum(rows, weights);
    this.#targets = targets;
    this.#dOutput = dOutput;
    this.backend.moveTowards(dOutput, gradient, rows * this.outputSize, share);
    return own + share * (other - own);
  }

  /** Gradients of the mean loss over the rows, without penalties, which optimizers add; after `lossSum`. */
  backward(rows: number, step: number): void {
    for (let i = this.#places.length - 1; i >= this.#firstTrained; i--) {
      const { layer, flushesGradient, dx, dy, x, y } = this.#places[i];
      if (flushesGradient) this.backend.flush(dy, rows * layer.outputSize);
      layer.backward(dx, dy, x, y, rows, step);
    }
  }

  /** The probabilities (rows, probabilitySize), a view that the next call overwrites. */
  probabilities(): Float32Array {
    if (!this.loss.probabilities) {
      throw new ParameterError('Probabilities are for classification and labels. Use predict for real targets.');
    }
    this.loss.probabilities(this.#probabilities, this.#output, this.rows);
    return this.#probabilities.data.subarray(0, this.rows * this.probabilitySize);
  }

  /** The predicted class of each row, or 0 and 1 for each label; a view that the next call overwrites. */
  classes(): Int32Array {
    const { rows, loss } = this;
    loss.classify?.(this.#classes, this.#output, rows);
    return this.#classes.data.subarray(0, rows * loss.targetSize);
  }

  /** The predicted numbers (rows, outputSize), for regression; a view that the next call overwrites. */
  values(): Float32Array {
    const { rows, loss, outputSize } = this;
    loss.values?.(this.#values, this.#output, rows);
    return this.#values.data.subarray(0, rows * outputSize);
  }

  /** How many rows have all their targets right. */
  countCorrect(): number {
    const { rows, loss } = this;
    if (loss.countCorrect) return loss.countCorrect(this.#output, this.#targets, rows);
    const { targetSize } = loss;
    const predicted = this.classes();
    const { data: targets } = this.#targets;
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
    for (let i = 0; i < this.parameters.length; i++) {
      const l1 = this.#strengths[2 * i];
      const l2 = this.#strengths[2 * i + 1];
      const { value, regularizer } = this.parameters[i];
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

/** Joins the parameters that have the same penalties. */
function parameterBlocks(parameters: readonly Parameter[], memory: Memory): ParameterBlock[] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const { l1, l2 } = parameter.regularizer ?? {};
    const key = `${l1} ${l2}`;
    groups.set(key, [...(groups.get(key) ?? []), parameter]);
  }
  return [...groups.values()].map((group) => ({
    parameters: group,
    value: memory.join(group.map(({ value }) => value)),
    gradient: memory.join(group.map(({ gradient }) => gradient)),
  }));
}

/** What one layer makes its arrays with, and the lists that they end up in. */
function layerArrays(
  type: string,
  ordinal: number,
  seed: number,
  backend: Backend,
  memory: Memory,
  checkArray: ArrayCheck | undefined,
) {
  const parameters: Parameter[] = [];
  const arrays: NamedArray[] = [];
  const where = `${type}${ordinal + 1}`;
  let random: RandomState | undefined;
  const array = (own: string, shape: readonly number[]) => {
    const name = `${where}.${own}`;
    checkArray?.(name, shape);
    return { name, shape, value: memory.float32(shape.reduce((product, size) => product * size)) };
  };

  const parameter = (name: string, shape: readonly number[], options: ParameterOptions = {}): Parameter => {
    const own = array(name, shape);
    const { initializer, regularizer, constraint } = options;
    if (initializer !== undefined && !checkArray) {
      random ??= layerStream(seed, type, ordinal);
      const context = { shape, inputs: shape[0], outputs: shape[shape.length - 1], random };
      const started = definitionOf<InitializerDefinition>('initializer', where, name, initializer, initializers);
      started.definition.fill(own.value.data, context, started.options);
    }
    const context = { shape, backend };
    const penalty = regularizer && definitionOf<RegularizerDefinition>('regularizer', where, name, regularizer);
    const rule = constraint && definitionOf<ConstraintDefinition>('constraint', where, name, constraint);
    const made: Parameter = {
      ...own,
      gradient: memory.float32(own.value.length),
      regularizer: penalty?.definition.build(penalty.options, context),
      constraint: rule?.definition.build(rule.options, context),
    };
    parameters.push(made);
    arrays.push(made);
    return made;
  };

  const state = (name: string, shape: readonly number[], value: number): Tensor => {
    const own = array(name, shape);
    own.value.data.fill(value);
    arrays.push(own);
    return own.value;
  };

  const key = (step: number, half: 0 | 1) => stepKey(seed, type, ordinal, step, half);
  return { parameters, arrays, context: { parameter, state, key } };
}
