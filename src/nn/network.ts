// A stack of layers with its parameters and activations: forward, loss, backward. It knows nothing of epochs or data.
import { type Backend, Memory, type Tensor } from '../backend/index.ts';
import { stream } from '../random/index.ts';
import type { Layer, LayerSpec, Parameter } from './layer.ts';

/** A running network. `input` and `labels` are filled by the caller, then `forward` and the rest work on their first rows. */
export class Network {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly backend: Backend;
  readonly parameters: readonly Parameter[];
  /** Arrays that live as long as the network: parameters, and the state of its optimizer. */
  readonly memory: Memory;
  readonly #activations: Memory;
  readonly #gradients: Memory;
  readonly #layers: Layer[] = [];
  #rows = 0;
  #gradientRows = 0;
  #input!: Tensor; // (rows, inputSize)
  #labels!: Tensor<Int32Array>; // (rows)
  #logits!: Tensor; // (rows, outputSize), owned by a layer
  #scores!: Tensor; // (rows, outputSize): probabilities or dLogits

  constructor(inputSize: number, specs: readonly LayerSpec[], seed: number, backend: Backend) {
    this.inputSize = inputSize;
    this.backend = backend;
    this.memory = new Memory(backend);
    this.#activations = new Memory(backend);
    this.#gradients = new Memory(backend);
    const ordinals = { dense: 0, relu: 0, dropout: 0 };
    let size = inputSize;
    let previous: LayerSpec['kind'] | undefined;
    try {
      for (const spec of specs) {
        const ordinal = ordinals[spec.kind]++;
        const initialization = stream(seed, 'initialization', ordinal);
        const layer = spec.build(size, { backend, memory: this.memory, seed, ordinal, previous, initialization });
        this.#layers.push(layer);
        size = layer.outputSize;
        previous = spec.kind;
      }
    } catch (error) {
      this.free();
      throw error;
    }
    this.outputSize = size;
    this.parameters = this.#layers.flatMap((layer) => layer.parameters);
  }

  /** Where the samples of a batch go, (rows, inputSize). */
  get input(): Float32Array {
    return this.#input.data;
  }

  /** Where the labels of a batch go, (rows). */
  get labels(): Int32Array {
    return this.#labels.data;
  }

  /** The layers' output sizes and parameters, for summaries. */
  get layers(): readonly { outputSize: number; parameters: readonly Parameter[] }[] {
    return this.#layers;
  }

  /** Makes room for batches of up to `rows` samples. */
  reserve(rows: number): void {
    if (rows <= this.#rows) return;
    this.#activations.free();
    this.#rows = 0;
    this.#input = this.#activations.float32(rows * this.inputSize);
    this.#labels = this.#activations.int32(rows);
    this.#scores = this.#activations.float32(rows * this.outputSize);
    for (const layer of this.#layers) layer.reserve?.(rows, this.#activations);
    this.#rows = rows;
  }

  /** Makes room for training on batches of up to `rows` samples. */
  reserveTraining(rows: number): void {
    this.reserve(rows);
    if (rows <= this.#gradientRows) return;
    this.#gradients.free();
    this.#gradientRows = 0;
    // The gradient of the first layer's input is never asked for.
    for (const layer of this.#layers.slice(1)) layer.reserveGradients?.(rows, this.#gradients);
    this.#gradientRows = rows;
  }

  /** Computes the logits of the first `rows` samples of `input`; in training, `step` is the number of the step. */
  forward(rows: number, step?: number): void {
    let x = this.#input;
    // By index, here and in `penalty`: an iterator would be an allocation per step.
    for (let i = 0; i < this.#layers.length; i++) x = this.#layers[i].forward(x, rows, step);
    this.#logits = x;
  }

  /** Σ −log softmax(logits)[label] over the rows; prepares `backward`. */
  crossEntropy(rows: number): number {
    return this.backend.softmaxCrossEntropy(this.#scores, this.#logits, this.#labels, rows, this.outputSize);
  }

  countCorrect(rows: number): number {
    return this.backend.countCorrect(this.#logits, this.#labels, rows, this.outputSize);
  }

  /** Gradients of the mean cross-entropy, without penalties, which the optimizers add; after `crossEntropy`. */
  backward(rows: number, step: number): void {
    let dy = this.#scores;
    for (let i = this.#layers.length - 1; i >= 0; i--) dy = this.#layers[i].backward(dy, rows, step, i > 0);
  }

  /** The softmax of the logits, a view that the next call overwrites. */
  probabilities(rows: number): Float32Array {
    this.backend.softmax(this.#scores, this.#logits, rows, this.outputSize);
    return this.#scores.data.subarray(0, rows * this.outputSize);
  }

  /** The class with the greatest logit of each row, a view that the next call overwrites. */
  classes(rows: number): Int32Array {
    this.backend.argmax(this.#labels, this.#logits, rows, this.outputSize);
    return this.#labels.data.subarray(0, rows);
  }

  /** Σ l1·Σ|w| + l2·Σw² over all kernels. */
  penalty(): number {
    let sum = 0;
    for (let i = 0; i < this.parameters.length; i++) {
      const { value, l1, l2 } = this.parameters[i];
      if (l1 > 0 || l2 > 0) sum += this.backend.penalty(value, value.length, l1, l2);
    }
    return sum;
  }

  /** Gives all memory back. */
  free(): void {
    this.memory.free();
    this.#activations.free();
    this.#gradients.free();
  }
}
