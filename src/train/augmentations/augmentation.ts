// Augmentations: what is done to each batch before its step.
import type { Backend, Memory, Tensor } from '../../backend/index.ts';
import {
  type Definition,
  type Description,
  define,
  definitionOf,
  type Factory,
  fail,
  type Named,
  number,
  type OptionRules,
  type ResolvedOptions,
} from '../../errors/index.ts';
import type { Network } from '../../nn/index.ts';
import { counterWord, exp, log, stepKey } from '../../random/index.ts';

/** What an augmentation works on and with. */
export interface AugmentationContext {
  readonly inputSize: number;
  /** The greatest number of rows. */
  readonly batchSize: number;
  readonly backend: Backend;
  /** Where arrays live as long as the fit. */
  readonly memory: Memory;
  /** Half 0 or 1 of the 64-bit key for what is drawn in `step`: a function of (seed, type, ordinal, step). */
  key(step: number, half: 0 | 1): number;
  /** Uniform random numbers in [0, 1) for `step`, the same ones every time. */
  uniforms(step: number): () => number;
  /** Makes the targets of the step (1 − share) times those of row i and `share` times those of row (i + shift) mod rows. */
  mixTargets(rows: number, shift: number, share: number): void;
}

/** How an augmentation works. */
export interface AugmentationDefinition<R extends OptionRules = OptionRules> extends Definition<R> {
  /** Whether it calls `mixTargets`: one of a fit's augmentations can. */
  readonly mixes?: boolean;
  /** Starts it for one fit. */
  build(options: ResolvedOptions<R>, context: AugmentationContext): RunningAugmentation;
}

/** Changes the inputs of a batch (rows, inputSize) in place; `step` is the number of its step. */
export type RunningAugmentation = ((input: Tensor, rows: number, step: number) => void) | SecondBatch;

/** What makes a second batch of the first, for the same step. */
export interface SecondBatch {
  /** What the loss of the first counts in that of the step. */
  readonly share: number;
  /** Changes the inputs in place, by the gradient of their loss. */
  move(input: Tensor, gradient: Tensor, rows: number): void;
}

/**
 * Defines an augmentation, for the option `augment` of `fit` and of a spec's training. It changes the inputs of each training batch in
 * place, and can mix its targets.
 *
 * @example
 * ```js
 * import { defineAugmentation, number } from 'regulus';
 *
 * const scaling = defineAugmentation({
 *   type: 'scaling',
 *   shorthand: 'range',
 *   options: { range: number('[0, 1)') },
 *   build: ({ range }, { inputSize, uniforms }) => (input, rows, step) => {
 *     const next = uniforms(step);
 *     for (let i = 0; i < rows; i++) {
 *       const factor = 1 + range * (2 * next() - 1);
 *       for (let j = 0; j < inputSize; j++) input.data[i * inputSize + j] *= factor;
 *     }
 *   },
 * });
 * console.log(scaling(0.1)); // { type: 'scaling', range: 0.1 }
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineAugmentation<const T extends string, const R extends OptionRules, const S extends string = never>(
  definition: AugmentationDefinition<R> & Named<T, S>,
): Factory<'augmentation', T, R, S> {
  return define('augmentation', definition, 'build');
}

/** A number of the Beta(alpha, alpha) distribution for alpha in (0, 1] (Jöhnk 1964), by logarithms because powers may underflow. */
export function symmetricBeta(alpha: number, next: () => number): number {
  for (;;) {
    const [a, b] = [log(1 - next()) / alpha, log(1 - next()) / alpha];
    const greatest = Math.max(a, b);
    const sum = greatest + log(exp(a - greatest) + exp(b - greatest));
    if (sum <= 0) return exp(a - sum);
  }
}

/** The rule of `alpha`. */
/* @__NO_SIDE_EFFECTS__ */
export function betaRule(value: number) {
  return number('(0, 1]', { default: value, describe: 'Parameter of the Beta distribution' });
}

/** The augmentations of a fit at work, and the loss of what they have mixed. */
export class Augmenter {
  readonly #network: Network;
  readonly #running: Exclude<RunningAugmentation, SecondBatch>[];
  /** The second batch, and what the inputs and the gradients of the first are kept in. */
  readonly #second: SecondBatch | undefined;
  readonly #firstInputs: Tensor | undefined;
  readonly #firstGradients: readonly Tensor[];
  /** Targets of the other rows, and their gradient. */
  readonly #others: Tensor<Int32Array | Float32Array> | undefined;
  readonly #gradient: Tensor | undefined;
  #weights: Float64Array | undefined;
  /** Those of the other rows. */
  #otherWeights: Float64Array | undefined;
  #share = 0;

  constructor(
    where: string,
    descriptions: readonly Description<'augmentation'>[],
    network: Network,
    seed: number,
    batchSize: number,
    memory: Memory,
  ) {
    this.#network = network;
    const { inputSize, backend, width } = network;
    const { targetSize, integerTargets } = network.loss;
    const ordinals = new Map<string, number>();
    const all = descriptions.map((description, i) => {
      const name = `augment[${i}]`;
      const { definition, options } = definitionOf<AugmentationDefinition>('augmentation', where, name, description);
      const { type } = definition;
      const ordinal = ordinals.get(type) ?? 0;
      ordinals.set(type, ordinal + 1);
      const key = (step: number, half: 0 | 1) => stepKey(seed, type, ordinal, step, half);
      const uniforms = (step: number) => {
        const [key0, key1] = [key(step, 0), key(step, 1)];
        let i = 0;
        return () => (counterWord(i++, key0, key1) >>> 0) / 2 ** 32;
      };
      const mixTargets = (rows: number, shift: number, share: number) => this.#mixTargets(rows, shift, share);
      const context = { inputSize, batchSize, backend, memory, key, uniforms, mixTargets };
      return { mixes: definition.mixes, run: definition.build(options, context) };
    });
    const mixing = all.filter(({ mixes }) => mixes).length;
    if (mixing > 1)
      fail(where, 'augment', 'a list with one at most that mixes targets', descriptions, 'Remove others.');
    const seconds = all.map(({ run }) => run).filter((run) => typeof run === 'object');
    this.#second = seconds[0];
    this.#running = all.map(({ run }) => run).filter((run) => typeof run === 'function');
    if (seconds.length > 1 || (this.#second && all[all.length - 1].run !== this.#second)) {
      const { type } = descriptions[all.findIndex(({ run }) => run === this.#second)];
      fail(where, 'augment', `a list with ${type} once, at its end`, descriptions, 'It needs the whole batch.');
    }
    const parameters = this.#second ? network.parameters : [];
    this.#firstGradients = parameters.map(({ gradient }) => memory.float32(gradient.length));
    if (this.#second) {
      network.reserveTraining(batchSize, true);
      this.#firstInputs = memory.float32(batchSize * inputSize);
    }
    if (mixing === 0) return;
    this.#others = memory[integerTargets ? 'int32' : 'float32'](batchSize * targetSize);
    this.#gradient = memory.float32(batchSize * width);
  }

  /** Changes the batch that the network holds, and with it the `weights` of its rows. */
  apply(rows: number, step: number, weights: Float64Array | undefined): void {
    this.#share = 0;
    this.#weights = weights;
    for (let i = 0; i < this.#running.length; i++) this.#running[i](this.#network.inputTensor, rows, step);
  }

  #mixTargets(rows: number, shift: number, share: number): void {
    const { targets, loss } = this.#network;
    const { data: others } = this.#others as Tensor<Int32Array | Float32Array>;
    shiftRows(others, targets.data, rows, loss.targetSize, shift);
    const weights = this.#weights;
    const otherWeights = weights?.map((_, i) => weights[(i + shift) % rows]);
    // Of classes and labels, the losses are mixed, each with the weight of its sample: for cross-entropy that is to mix the targets.
    if (loss.task !== 'regression') {
      this.#share = share;
      this.#otherWeights = otherWeights;
      return;
    }
    // Numbers are mixed themselves, and so are their weights.
    this.#network.backend.moveTowards(targets as Tensor, this.#others as Tensor, rows * loss.targetSize, share);
    weights?.forEach((own, i) => {
      weights[i] += share * (otherWeights![i] - own);
    });
  }

  /** As `Network.lossSum`, of the mixed targets. */
  lossSum(rows: number): number {
    const network = this.#network;
    const own = network.lossSum(rows, this.#weights);
    const share = this.#share;
    if (share === 0) return own;
    const gradient = this.#gradient as Tensor;
    const other = network.lossSum(rows, this.#otherWeights, this.#others, gradient);
    network.backend.moveTowards(network.outputGradient, gradient, rows * network.width, share);
    return own + share * (other - own);
  }

  /** Whether steps have a second batch. */
  get hasSecond(): boolean {
    return this.#second !== undefined;
  }

  /**
   * After `backward`, with the sum of the losses until then: trains on the second batch. The sum that it returns and the gradients are of
   * both; the network holds the first again.
   */
  addSecond(rows: number, step: number, sum: number): number {
    const network = this.#network;
    const { backend, parameters, inputTensor, inputSize } = network;
    const [second, inputs] = [this.#second as SecondBatch, this.#firstInputs as Tensor];
    const first = this.#firstGradients;
    backend.scale(inputs, inputTensor, rows * inputSize, 1);
    for (let i = 0; i < first.length; i++) backend.scale(first[i], parameters[i].gradient, first[i].length, 1);
    second.move(inputTensor, network.inputGradient, rows);
    let own = 0;
    network.keepingState(() => {
      network.forward(rows, step);
      own = this.lossSum(rows);
      network.backward(rows, step, false);
    });
    const { share } = second;
    for (let i = 0; i < first.length; i++) {
      backend.moveTowards(parameters[i].gradient, first[i], first[i].length, share);
    }
    backend.scale(inputTensor, inputs, rows * inputSize, 1);
    return own + share * (sum - own);
  }
}

/** Copies row (i + shift) mod rows of `from` to row i of `to`. */
export function shiftRows(
  to: Float32Array | Int32Array,
  from: Float32Array | Int32Array,
  rows: number,
  size: number,
  shift: number,
): void {
  to.set(from.subarray(shift * size, rows * size));
  to.set(from.subarray(0, shift * size), (rows - shift) * size);
}
