// Inverted dropout.
import type { Backend, Tensor } from '../backend/index.ts';
import { checkNumber } from '../errors/index.ts';
import type { BuildContext, Layer, LayerSpec } from './layer.ts';

/**
 * Inverted dropout (Srivastava et al. 2014): in training each unit is zeroed with probability `rate` and the others are
 * scaled by 1 / (1 − rate), with a new mask at every step; at inference it is the identity.
 *
 * The mask depends on (seed, which dropout layer, step, index) alone, where the index counts the units of a batch row by
 * row: a smaller batch has the first rows of the mask.
 *
 * @param rate - share of units that are dropped, in [0, 1)
 * @throws ParameterError for a rate outside [0, 1).
 */
export function dropout(rate: number): LayerSpec {
  checkNumber('dropout', 'rate', rate, '[0, 1)', 'It is the share of units that are dropped, not kept.');
  return {
    kind: 'dropout',
    description: `dropout ${rate}`,
    recipe: ['dropout', rate],
    build: (size, context) => new Dropout(size, rate, context),
  };
}

class Dropout implements Layer {
  readonly parameters = [];
  readonly #backend: Backend;
  readonly #seed: number;
  readonly #ordinal: number;
  readonly #afterRelu: boolean;

  constructor(
    readonly outputSize: number,
    readonly rate: number,
    { backend, seed, ordinal, previous }: BuildContext,
  ) {
    this.#backend = backend;
    this.#seed = seed;
    this.#ordinal = ordinal;
    this.#afterRelu = previous === 'relu';
  }

  forward(x: Tensor, rows: number, step?: number): Tensor {
    if (step !== undefined) this.#mask(x, rows, step);
    return x;
  }

  backward(dy: Tensor, rows: number, step: number): Tensor {
    // The ReLU before it lets a gradient through only where its output, which dropout has zeroed in place, is positive.
    if (this.rate === 0) return dy;
    if (this.#afterRelu) this.#backend.scale(dy, dy, rows * this.outputSize, 1 / (1 - this.rate));
    else this.#mask(dy, rows, step);
    return dy;
  }

  #mask(x: Tensor, rows: number, step: number): void {
    if (this.rate === 0) return;
    const key0 = maskKey(this.#seed, this.#ordinal, step, 0);
    const key1 = maskKey(this.#seed, this.#ordinal, step, 1);
    this.#backend.dropout(x, x, rows * this.outputSize, this.rate, key0, key1);
  }
}

/** Half `half` (0 or 1) of the 64-bit key of a mask: (seed, layer, step) mixed by MurmurHash3's finalizer. */
export function maskKey(seed: number, layer: number, step: number, half: number): number {
  return mix(mix(mix(seed ^ (half === 0 ? 0x243f6a88 : 0x85a308d3)) + layer) + step);
}

/** A bijection of 32-bit integers in which every input bit changes about half of the output bits. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
