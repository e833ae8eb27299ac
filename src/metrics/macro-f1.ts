// Macro-averaged F1.
import { defineMetric } from './metric.ts';

/**
 * The mean over classes (or labels) of F1 = 2·TP / (2·TP + FP + FN), each counting the same however rare it is. Classes that
 * are neither predicted nor there do not count; labels of that kind count as 0. As scikit-learn's
 * `f1_score(average='macro', zero_division=0)`.
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
  start(_, { classes, outputs }) {
    const columns = classes ?? outputs;
    const right = new Float64Array(columns);
    /** How often each was predicted, plus how often it was there: 2·TP + FP + FN. */
    const mentioned = new Float64Array(columns);
    return {
      add(batch) {
        const predicted = batch.classes();
        const { data: targets } = batch.targets;
        for (let i = 0; i < predicted.length; i++) {
          if (classes !== undefined) {
            mentioned[predicted[i]]++;
            mentioned[targets[i]]++;
            if (predicted[i] === targets[i]) right[predicted[i]]++;
          } else {
            mentioned[i % columns] += predicted[i] + targets[i];
            right[i % columns] += predicted[i] * targets[i];
          }
        }
      },
      value() {
        let sum = 0;
        let counted = 0;
        for (let j = 0; j < columns; j++) {
          if (mentioned[j] > 0) sum += (2 * right[j]) / mentioned[j];
          if (mentioned[j] > 0 || classes === undefined) counted++;
        }
        return sum / counted;
      },
    };
  },
});
