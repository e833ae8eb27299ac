// Layers one behind the other: what they make their arrays with, which of their tensors share memory, and the calls of a step.
import type { Backend, Memory, Tensor } from '../backend/index.ts';
import { checkMethods, checkOption, type Description, definitionOf, fail, integer } from '../errors/index.ts';
import { innerSeed, layerStream, type RandomState, stepKey } from '../random/index.ts';
import type { ConstraintDefinition } from './constraints.ts';
import { type InitializerDefinition, initializers } from './initializers.ts';
import type {
  BuildContext,
  InnerLayers,
  Layer,
  LayerDefinition,
  NamedArray,
  Parameter,
  ParameterOptions,
  Statistics,
} from './layers/layer.ts';
import { expandLayers } from './layers/layer.ts';
import type { RegularizerDefinition } from './regularizers.ts';

/**
 * Called before an array is made, where the arrays are known beforehand: it throws where none of that name and shape is.
 * Initializers are left out then.
 */
export type ArrayCheck = (name: string, shape: readonly number[]) => void;

/** What a stack is built with. */
export interface StackContext {
  readonly seed: number;
  readonly backend: Backend;
  /** Where its parameters and its state live. */
  readonly memory: Memory;
  /** Whose layers they are, in errors. */
  readonly where: string;
  readonly checkArray?: ArrayCheck | undefined;
  /** What the names of its arrays begin with. */
  readonly prefix?: string;
}

/** A layer in its place: what it computes with, and where its input, output and gradients are. */
interface Place {
  readonly layer: Layer;
  readonly inputSize: number;
  /** Whether its output and its input are one tensor. */
  readonly shares: boolean;
  readonly parameterCount: number;
  /** Whether what is tiny in its output, and in the gradient that it is given, is made 0 here. */
  readonly flushesOutput: boolean;
  flushesGradient: boolean;
  x: Tensor;
  y: Tensor;
  dy: Tensor;
  /** Undefined where no layer before has parameters, except in layers inside a layer. */
  dx: Tensor | undefined;
  /** Where dx goes, if it is not written over dy. */
  ownGradient: Tensor | undefined;
}

/** A stack of layers at work. Its input, and the gradient of its output, belong to the caller. */
export class Stack {
  readonly outputSize: number;
  readonly parameters: readonly Parameter[];
  /** All arrays that are saved with the model, parameters and state, in the order of the layers. */
  readonly arrays: readonly NamedArray[];
  readonly #layers: Place[] = [];
  /** The same without those whose work the layer before does. */
  readonly #places: Place[] = [];
  readonly #backend: Backend;
  /** The first layer with parameters: gradients go no further back, unless that of the input is asked for. */
  readonly #firstTrained: number;

  /** @param needed - what others need of the input. */
  constructor(
    inputSize: number,
    layers: readonly Description<'layer'>[],
    context: StackContext,
    needed?: Layer['needsOutput'],
  ) {
    const { backend, memory, where } = context;
    this.#backend = backend;
    const parameters: Parameter[] = [];
    const arrays: NamedArray[] = [];
    const ordinals = new Map<string, number>();
    let size = inputSize;
    // What earlier layers need of the tensor that the next layer is given.
    let inputNeeded = needed;
    for (const [i, description] of expandLayers(layers).entries()) {
      const { definition, options } = definitionOf<LayerDefinition>('layer', where, `layers[${i}]`, description);
      const ordinal = ordinals.get(definition.type) ?? 0;
      ordinals.set(definition.type, ordinal + 1);
      const own = layerArrays(definition.type, ordinal, context);
      const build: BuildContext = { size, backend, memory, inputNeeded, ...own.context };
      const layer = definition.build(options, build);
      checkMethods(definition.type, layer, 'forward', 'backward');
      checkOption(definition.type, 'outputSize', layer.outputSize, integer(1));
      const { inPlace, needsInput, keepsPositive, needsOutput } = layer;
      const shares = Boolean(
        inPlace && !needsInput && (inputNeeded === undefined || (inputNeeded === 'positive' && keepsPositive)),
      );
      inputNeeded = needsOutput ?? (shares ? inputNeeded : undefined);
      const none = undefined as unknown as Tensor;
      const parameterCount = own.parameters.reduce((sum, { value }) => sum + value.length, 0);
      const tensors = { x: none, y: none, dy: none, dx: undefined, ownGradient: undefined };
      const flushes = { flushesOutput: !layer.flushes && !layer.keepsFlushed, flushesGradient: false };
      const place: Place = { layer, inputSize: size, shares, parameterCount, ...flushes, ...tensors };
      this.#layers.push(place);
      const isFused = shares && layer.epilogue && this.#places.at(-1)?.layer.fuse?.(layer.epilogue);
      if (!isFused) this.#places.push(place);
      parameters.push(...own.parameters);
      arrays.push(...own.arrays);
      size = layer.outputSize;
    }
    this.outputSize = size;
    this.parameters = parameters;
    this.arrays = arrays;
    const first = this.#places.findIndex(({ parameterCount }) => parameterCount > 0);
    this.#firstTrained = first < 0 ? this.#places.length : first;
  }

  /** Of how many predictions of a sample the outputs consist. */
  get members(): number {
    return this.#layers.at(-1)?.layer.members ?? 1;
  }

  /** Output size and number of trained values of each layer, for summaries. */
  get layers(): readonly { outputSize: number; parameterCount: number }[] {
    return this.#layers.map(({ layer: { outputSize }, parameterCount }) => ({ outputSize, parameterCount }));
  }

  /** Makes room for batches of up to `rows` samples that stand in `input`, and returns where the outputs will be. */
  reserve(input: Tensor, rows: number, memory: Memory): Tensor {
    let x = input;
    for (const place of this.#places) {
      place.x = x;
      place.y = place.shares ? x : memory.float32(rows * place.layer.outputSize);
      place.layer.reserve?.(rows, memory);
      x = place.y;
    }
    return x;
  }

  /** Makes room for gradients, with `toInput` also for that of the input. */
  reserveGradients(rows: number, memory: Memory, toInput = false): void {
    for (const place of this.#places.slice(toInput ? 0 : this.#firstTrained + 1)) {
      if (!place.layer.inPlace) place.ownGradient = memory.float32(rows * place.inputSize);
    }
  }

  /** Each layer is given the gradient that the one behind it writes, the last `dOutput`. Returns where the gradient of the input will be. */
  connectGradients(dOutput: Tensor, toInput = false): Tensor {
    let dy = dOutput;
    let isFlushed = false;
    const first = toInput ? 0 : this.#firstTrained;
    for (let i = this.#places.length - 1; i >= first; i--) {
      const place = this.#places[i];
      place.dy = dy;
      place.dx = i === first && !toInput ? undefined : (place.ownGradient ?? dy);
      dy = place.dx ?? dy;
      place.flushesGradient = !place.layer.flushes && !place.layer.flushesGradient && !isFlushed;
      isFlushed = Boolean(place.layer.keepsFlushed);
    }
    return dy;
  }

  /** Computes the outputs of the first `rows` samples; in training, `step` is the number of the step. */
  forward(rows: number, step?: number): void {
    // By index, here and below: an iterator would be an allocation per step.
    for (let i = 0; i < this.#places.length; i++) {
      const { layer, flushesOutput, x, y } = this.#places[i];
      layer.forward(y, x, rows, step);
      if (flushesOutput && step !== undefined) this.#backend.flush(y, rows * layer.outputSize);
    }
  }

  /** The gradients of the parameters, with `toInput` also that of the input, after `forward` with the same step. */
  backward(rows: number, step: number, toInput = false): void {
    const first = toInput ? 0 : this.#firstTrained;
    for (let i = this.#places.length - 1; i >= first; i--) {
      const { layer, flushesGradient, dy, x, y } = this.#places[i];
      const dx = i === first && !toInput ? undefined : this.#places[i].dx;
      if (flushesGradient) this.#backend.flush(dy, rows * layer.outputSize);
      layer.backward(dx, dy, x, y, rows, step);
    }
    const [{ dx, inputSize }] = this.#places;
    if (toInput && dx) this.#backend.flush(dx, rows * inputSize);
  }

  useStatistics(how: Statistics, trained?: number): void {
    for (const { layer } of this.#places) layer.useStatistics?.(how, trained);
  }

  /** Where the first layer, which must not work in place, finds its input from now on. */
  set input(x: Tensor) {
    this.#places[0].x = x;
  }
}

/** The layers inside a layer. */
function innerLayers(stack: Stack, backend: Backend): InnerLayers {
  const { outputSize } = stack;
  let output: Tensor;
  let dOutput: Tensor;
  let dInput: Tensor;
  return {
    outputSize,
    reserve(rows, memory) {
      output = stack.reserve(undefined as unknown as Tensor, rows, memory);
      stack.reserveGradients(rows, memory, true);
      dOutput = memory.float32(rows * outputSize);
      dInput = stack.connectGradients(dOutput, true);
    },
    forward(x, rows, step) {
      stack.input = x;
      stack.forward(rows, step);
      return output;
    },
    backward(dy, rows, step, toInput) {
      // A copy, because layers may work in place.
      backend.scale(dOutput, dy, rows * outputSize, 1);
      stack.backward(rows, step, toInput);
      return dInput;
    },
    useStatistics: (how, trained) => stack.useStatistics(how, trained),
    clearGradients() {
      for (const { gradient } of stack.parameters) gradient.data.fill(0);
    },
  };
}

/** What one layer makes its arrays with, and the lists that they end up in. */
function layerArrays(type: string, ordinal: number, stack: StackContext) {
  const { seed, backend, memory, checkArray, prefix = '' } = stack;
  const parameters: Parameter[] = [];
  const arrays: NamedArray[] = [];
  const where = `${prefix}${type}${ordinal + 1}`;
  let random: RandomState | undefined;
  const array = (own: string, shape: readonly number[]) => {
    const name = `${where}.${own}`;
    if (arrays.some((other) => other.name === name)) {
      fail(type, 'name', 'a new one', own);
    }
    checkArray?.(name, shape);
    return { name, shape, value: memory.float32(shape.reduce((product, size) => product * size)) };
  };

  const parameter = (name: string, shape: readonly number[], options: ParameterOptions = {}): Parameter => {
    const own = array(name, shape);
    const { initializer, regularizer, constraint, learningRateFactor, trainable = true } = options;
    if (initializer !== undefined && !checkArray) {
      random ??= layerStream(seed, type, ordinal);
      const context = { shape, inputs: shape[0], outputs: shape[shape.length - 1], random };
      const started = definitionOf<InitializerDefinition>('initializer', where, name, initializer, initializers);
      started.definition.fill(own.value.data, context, started.options);
    }
    const context = { shape, backend };
    if (!trainable) {
      arrays.push(own);
      return { ...own, gradient: undefined as unknown as Tensor, regularizer: undefined, constraint: undefined };
    }
    const penalty = regularizer && definitionOf<RegularizerDefinition>('regularizer', where, name, regularizer);
    const running = penalty?.definition.build(penalty.options, context);
    // A value without its gradient would not be trained.
    if (running?.penalty) checkMethods(penalty?.definition.type as string, running, 'addGradient');
    const rule = constraint && definitionOf<ConstraintDefinition>('constraint', where, name, constraint);
    const made: Parameter = {
      ...own,
      gradient: memory.float32(own.value.length),
      regularizer: running,
      constraint: rule?.definition.build(rule.options, context),
      learningRateFactor,
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

  const inner = (size: number, layers: readonly Description<'layer'>[]): InnerLayers => {
    const own = { ...stack, seed: innerSeed(seed, type, ordinal), where: type, prefix: `${where}.` };
    const made = new Stack(size, layers, own, 'values');
    parameters.push(...made.parameters);
    arrays.push(...made.arrays);
    return innerLayers(made, backend);
  };
  return { parameters, arrays, context: { parameter, state, key, inner } };
}
