// Accuracy: the one metric that is recorded by default, so it counts right samples batch by batch, as fast as a kernel can.
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
  start(_, { targets: targetSize }) {
    const counts = Float64Array.of(0, 0); // correct, all
    return {
      add(batch) {
        const { rows, sampleWeight: weights } = batch;
        if (!weights) {
          counts[0] += batch.countCorrect();
          counts[1] += rows;
          return;
        }
        const predicted = batch.classes();
        const { data: targets } = batch.targets;
        for (let i = 0; i < rows; i++) {
          let same = 0;
          while (same < targetSize && predicted[i * targetSize + same] === targets[i * targetSize + same]) same++;
          if (same === targetSize) counts[0] += weights[i];
          counts[1] += weights[i];
        }
      },
      value: () => counts[0] / counts[1],
    };
  },
});
