// makeMultilabelClassification: counts of words, whose frequencies depend on the labels of a text.
import { boolean, type GivenOptions, integer, type ResolvedOptions } from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';
import { type Dataset, type Matrix, zeroMatrix } from './dataset.ts';
import { defineGenerator } from './define-generator.ts';
import { nSamples } from './generator-rules.ts';
import { randomState } from './random-source.ts';

const options = {
  nSamples,
  nFeatures: integer(1, { default: 20, describe: 'Number of words, each counted in a feature' }),
  nClasses: integer(1, { default: 5, describe: 'Number of labels there are' }),
  nLabels: integer(0, {
    default: 2,
    describe: 'Mean number of labels of a sample, before those above nClasses are left out',
  }),
  length: integer(1, { default: 50, describe: 'Mean number of words of a sample' }),
  allowUnlabeled: boolean({ default: true, describe: 'Whether samples may have no label' }),
  randomState,
};

/**
 * A random problem with several labels a sample, a bag-of-words model: the number of labels and of words are Poisson variates,
 * and words are drawn from the mean distribution of a sample's labels.
 *
 * Options, with their defaults: `nSamples` 100; `nFeatures` 20; `nClasses` 5, the number of labels; `nLabels` 2, their mean
 * number in a sample; `length` 50, the mean sum of a sample's features; `allowUnlabeled` true; `randomState` 0, seed or stream.
 *
 * Values are those of scikit-learn's `make_multilabel_classification` for the same parameters and seed.
 *
 * @returns x: [nSamples, nFeatures], whole numbers; y: a Matrix [nSamples, nClasses] of 0 and 1
 * @throws ParameterError for an option that is unknown, out of range or at odds with another
 * @example
 * ```js
 * import { makeMultilabelClassification } from 'regulus';
 *
 * const { x, y } = makeMultilabelClassification({ nSamples: 50, nClasses: 3, randomState: 42 });
 * console.log(x.shape, y.shape); // [50, 20] [50, 3]
 * ```
 */
export const makeMultilabelClassification = defineGenerator({
  type: 'makeMultilabelClassification',
  describe: 'Counts of words, whose frequencies depend on the labels of a text',
  options,
  check({ nClasses, nLabels, allowUnlabeled }) {
    // Draws that do not fit are made again: there must be some that do.
    if (nLabels > nClasses) return { option: 'nLabels', rule: `at most nClasses (${nClasses})` };
    return nLabels === 0 && !allowUnlabeled
      ? { option: 'nLabels', rule: 'at least 1 without allowUnlabeled' }
      : undefined;
  },
  generate(options, random): Dataset<Matrix> {
    const { nSamples, nFeatures, nClasses, length } = options;
    const x = zeroMatrix('makeMultilabelClassification', nSamples, nFeatures);
    const y = zeroMatrix('makeMultilabelClassification', nSamples, nClasses);
    const shares = random.randomSample(nClasses);
    const classes = cumulated(shares, sum(shares));
    const words = random.randomSample(nFeatures * nClasses);
    // Of the probabilities of all words with one label.
    const sums = Array.from({ length: nClasses }, (_, label) => sum(words.filter((_, i) => i % nClasses === label)));
    for (let i = 0; i < nSamples; i++) {
      const labels = drawLabels(options, classes, random);
      for (const label of labels) y.data[i * nClasses + label] = 1;
      let count = 0;
      while (count === 0) count = random.poisson(length);
      if (labels.length === 0) {
        for (const word of random.randint(0, nFeatures, count)) x.data[i * nFeatures + word]++;
        continue;
      }
      const frequencies = Float64Array.from({ length: nFeatures }, (_, word) =>
        labels.reduce((total, label) => total + words[word * nClasses + label] / sums[label], 0),
      );
      const steps = cumulated(frequencies, 1);
      const ends = steps.map((step) => step / steps[nFeatures - 1]);
      for (let drawn = 0; drawn < count; drawn++) x.data[i * nFeatures + placeOf(random.randomSample(), ends)]++;
    }
    return { x, y };
  },
});

/** Options of {@link makeMultilabelClassification}. @interface */
export type MakeMultilabelClassificationOptions = GivenOptions<typeof makeMultilabelClassification.definition.options>;

/** The labels of a sample, in ascending order. */
function drawLabels(
  { nClasses, nLabels, allowUnlabeled }: ResolvedOptions<typeof options>,
  classes: Float64Array,
  random: RandomState,
): number[] {
  let count: number;
  do count = random.poisson(nLabels);
  while (count > nClasses || (count === 0 && !allowUnlabeled));
  const drawn = new Set<number>();
  while (drawn.size < count) for (const u of random.randomSample(count - drawn.size)) drawn.add(placeOf(u, classes));
  return [...drawn].sort((a, b) => a - b);
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

/** The sums of the first values, each divided by `total` before. */
function cumulated(values: Float64Array, total: number): Float64Array {
  let running = 0;
  return values.map((value) => {
    running += value / total;
    return running;
  });
}

/** The first of `ends` that is not below `u`; the last where rounding has left all of them below. */
function placeOf(u: number, ends: Float64Array): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] < u) low = middle + 1;
    else high = middle;
  }
  return low;
}
