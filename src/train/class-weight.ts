// What each sample counts in the training loss: its own weight, and that of its class.
import type { Dataset } from '../data/index.ts';
import { anyOf, fail, number, oneOf, record } from '../errors/index.ts';
import type { RunningLoss } from '../nn/index.ts';

/** What each class counts in the training loss, by the class's name or index, or `'balanced'`. */
export type ClassWeight = 'balanced' | { readonly [nameOrIndex: string]: number };

export const classWeightRule = anyOf([oneOf(['balanced']), record(number('[0, inf)'))], {
  optional: true,
  describe:
    "What each class counts in the training loss: by its name or index, 1 for others, or 'balanced', all classes the same",
});

/** The weights by index of `classWeight` by names, for classes that have some. What is wrong with it is told by who reads it. */
export function byIndex(
  classWeight: ClassWeight | undefined,
  classNames: readonly string[] | undefined,
): ClassWeight | undefined {
  if (!classNames || typeof classWeight !== 'object' || !classWeight) return classWeight;
  // −1, which is no class, for what is no name beside names.
  const isNamed = Object.keys(classWeight).some((name) => classNames.includes(name));
  const indexOf = (name: string) => (isNamed ? classNames.indexOf(name) : name);
  return Object.fromEntries(Object.entries(classWeight).map(([name, weight]) => [indexOf(name), weight]));
}

/**
 * The weight of each sample in the training loss; undefined where all count the same. `'balanced'` is scikit-learn's
 * samples / (classes · samples of the class), over the classes that are there.
 *
 * @throws ParameterError where the loss is not for classes, and for the index of no class
 */
export function lossWeights(
  where: string,
  { task, classes }: RunningLoss,
  { y, sampleWeight }: Dataset,
  classWeight: ClassWeight | undefined,
): Float64Array | undefined {
  if (classWeight === undefined) return sampleWeight;
  if (task !== 'classification')
    fail(where, 'classWeight', `left out for ${task}`, classWeight, 'Weigh samples instead.');
  const labels = y as Int32Array;
  const byClass = new Float64Array(classes as number).fill(1);
  if (classWeight === 'balanced') {
    const counts = new Float64Array(byClass.length);
    for (const label of labels) counts[label]++;
    const present = counts.reduce((sum, count) => sum + Number(count > 0), 0);
    for (let k = 0; k < counts.length; k++) byClass[k] = counts[k] > 0 ? labels.length / (present * counts[k]) : 0;
  } else {
    for (const [key, weight] of Object.entries(classWeight)) {
      if (!Object.hasOwn(byClass, key)) {
        fail(where, 'classWeight', `an object of labels or indices from 0 to ${byClass.length - 1}`, classWeight);
      }
      byClass[Number(key)] = weight;
    }
  }
  const weights = Float64Array.from(labels, (label, i) => byClass[label] * (sampleWeight?.[i] ?? 1));
  if (weights.every((weight) => weight === 0)) {
    fail(where, 'classWeight', 'above 0 for a class that is there', classWeight);
  }
  return weights;
}
