// The rectified linear unit.
import { defineLayer, elementwise } from './layer.ts';

/**
 * y = max(x, 0); the gradient is 0 at x = 0.
 *
 * @example
 * ```js
 * import { dense, relu, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(8), relu(), dense(2)] }).parameterCount); // 42
 * ```
 */
export const relu = defineLayer({
  type: 'relu',
  describe: 'max(x, 0)',
  options: {},
  build: (_, { size, backend }) => ({
    ...elementwise(size, 'positive', backend.relu, backend.reluBackward),
    keepsFlushed: true,
    epilogue: 'relu',
  }),
});
