// The rectified linear unit.
import type { Backend, Tensor } from '../backend/index.ts';
import type { Layer, LayerSpec } from './layer.ts';

/** y = max(x, 0); the gradient is 0 at x = 0. */
export function relu(): LayerSpec {
  return { kind: 'relu', description: 'relu', recipe: ['relu'], build: (size, { backend }) => new Relu(size, backend) };
}

class Relu implements Layer {
  readonly parameters = [];
  #y!: Tensor;

  constructor(
    readonly outputSize: number,
    readonly backend: Backend,
  ) {}

  forward(x: Tensor, rows: number): Tensor {
    this.#y = x;
    this.backend.relu(x, x, rows * this.outputSize);
    return x;
  }

  // A dropout layer may since have zeroed or scaled the output in place: where it zeroed, dy is 0 as well, and the
  // scale is positive, so y > 0 still tells.
  backward(dy: Tensor, rows: number): Tensor {
    this.backend.reluBackward(dy, dy, this.#y, rows * this.outputSize);
    return dy;
  }
}
