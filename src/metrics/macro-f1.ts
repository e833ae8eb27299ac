// Macro F1: beside accuracy the metric of the core, so it counts by itself what it needs.
import { defineMetric } from './metric.ts';

/**
 * The mean over classes (or labels) of F1, each counting the same however rare it is: `f1({ average: 'macro' })`, under a name of
 * its own. Classes that are neither predicted nor there do not count; labels of that kind count as 0.
 *
 * @example
 * ```js
 * import { dense, macroF1, makeMoons, sequential } from 'regulus';
 * console.log(sequential({ inputSize: 2, layers: [dense(2)] }).evaluate(makeMoons(), { metrics: [macroF1()] }).macroF1);
 * ```
 */
export const macroF1 = defineMetric({
  type: 'macroF1',
  describe: 'Mean over the classes of F1',
  options: {},
  better: 'higher',
  unit: 'share',
  tasks: ['classification', 'multiLabel'],
  start(_, { classes, targets: columns }) {
    const size = classes ?? columns;
    // F1 is 2·TP / (actual + predicted).
    const [right, actual, predicted] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    const counts = new Uint8Array(size).fill(classes === undefined ? 1 : 0);
    return {
      add(batch) {
        const { rows, sampleWeight } = batch;
        const { data: is } = batch.targets;
        const said = batch.classes();
        for (let i = 0; i < rows * columns; i++) {
          const weight = sampleWeight ? sampleWeight[Math.floor(i / columns)] : 1;
          if (classes === undefined) {
            const label = i % columns;
            actual[label] += weight * is[i];
            predicted[label] += weight * said[i];
            right[label] += weight * is[i] * said[i];
          } else {
            actual[is[i]] += weight;
            predicted[said[i]] += weight;
            if (is[i] === said[i]) right[is[i]] += weight;
            counts[is[i]] = counts[said[i]] = 1;
          }
        }
      },
      value() {
        let [sum, number] = [0, 0];
        for (let k = 0; k < size; k++) {
          number += counts[k];
          sum += right[k] > 0 ? (2 * right[k]) / (actual[k] + predicted[k]) : 0;
        }
        return sum / number;
      },
    };
  },
});
