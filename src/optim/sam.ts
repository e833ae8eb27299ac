// Sharpness-aware minimization.
import type { Tensor } from '../backend/index.ts';
import { define, kind, number } from '../errors/index.ts';
import { adam } from './adam.ts';
import { type RunningOptimizer, startOptimizer, type WrapperDefinition } from './optimizer.ts';

const options = {
  optimizer: kind('optimizer', { default: adam(), describe: 'What steps along the gradient' }),
  rho: number('(0, inf)', { default: 0.05, describe: 'How far the weights go uphill, in their Euclidean norm' }),
};

const definition: WrapperDefinition<typeof options> & { readonly type: 'sam' } = {
  type: 'sam',
  describe: 'Steps along the gradient at the worst weights nearby, which leads to flat minima',
  options,
  start({ optimizer, rho }, parameters, backend, memory, where, blocks) {
    const inner = startOptimizer(optimizer, parameters, backend, memory, where, blocks);
    const arrays = blocks ?? parameters;
    const kept = arrays.map(({ value }) => memory.float32(value.length));
    const copy = (to: Tensor, from: Tensor) => backend.scale(to, from, from.length, 1);
    const own: Pick<RunningOptimizer, 'type' | 'update'> = {
      type: `sam(${inner.type})`,
      update(again) {
        let squares = 0;
        for (let i = 0; again && i < parameters.length; i++) {
          const { gradient } = parameters[i];
          squares += backend.penalty(gradient, gradient.length, 0, 1);
        }
        if (again && squares > 0) {
          const distance = rho / Math.sqrt(squares);
          for (let i = 0; i < arrays.length; i++) {
            const { value, gradient } = arrays[i];
            copy(kept[i], value);
            backend.addScaled(value, gradient, value.length, distance);
          }
          again();
          for (let i = 0; i < arrays.length; i++) copy(arrays[i].value, kept[i]);
        }
        inner.update();
      },
    };
    // Everything else, which others may change as well, is that of the optimizer inside.
    return Object.assign(Object.create(inner), own);
  },
};

/**
 * Sharpness-aware minimization around any optimizer (Foret et al. 2021): each step goes `rho` uphill, w + rho·g / ‖g‖ with the norm of all
 * gradients together, computes the gradient of the same batch there, with the same masks, and gives it to `optimizer` at the old weights. A
 * step costs two. The gradients of penalties, clipping, decay and `ema` are those of `optimizer`, at the old weights; moving averages of
 * layers see the first pass alone.
 *
 * @throws ParameterError for an unknown option or a value out of range.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sam, sequential, sgd } from 'regulus';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * const optimizer = sam({ optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), rho: 0.1 });
 * console.log((await model.fit(makeMoons({ noise: 0.2 }), { epochs: 5, optimizer })).trainLoss);
 * ```
 */
export const sam = define('optimizer', definition);
