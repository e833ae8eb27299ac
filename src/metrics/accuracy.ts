// Accuracy.
import { defineMetric } from './metric.ts';

/**
 * The share of samples that are predicted right; with several labels a sample, of those with all labels right. As
 * scikit-learn's `accuracy_score`.
 *
 * @example
 * ```js
 * import { accuracy, dense, makeMoons, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(2)] }).evaluate(makeMoons(), { metrics: [accuracy()] }).accuracy);
 * ```
 */
export const accuracy = defineMetric({
  type: 'accuracy',
  describe: 'Share of samples that are predicted right',
  options: {},
  better: 'higher',
  unit: 'share',
  tasks: ['classification', 'multiLabel'],
  start() {
    const counts = Float64Array.of(0, 0); // correct, all
    return {
      add(batch) {
        counts[0] += batch.countCorrect();
        counts[1] += batch.rows;
      },
      value: () => counts[0] / counts[1],
    };
  },
});
