// The dataset with names that the CSV reader and the built-in sets give.
import type { Dataset } from '../data/index.ts';

/** A {@link Dataset} that knows what its numbers are called. */
export interface LabeledDataset extends Dataset {
  /** One a column of `x`. */
  featureNames: string[];
  /** The name of class index k is `classNames[k]`. */
  classNames: string[];
}
