// KFold and StratifiedKFold: partitions of rows for cross-validation.
import {
  anyOf,
  boolean,
  fail,
  type GivenOptions,
  integer,
  type ResolvedOptions,
  resolveOptions,
} from '../errors/index.ts';
import { type ClassDataset, checkDataset, type Dataset } from './dataset.ts';
import { randomSources, randomStateFrom } from './random-source.ts';
import { rowsOfClasses, shareOut } from './take-rows.ts';

const rules = {
  nSplits: integer(2, { default: 5, describe: 'Number of folds' }),
  shuffle: boolean({ default: false, describe: 'Whether rows are assigned to folds at random' }),
  randomState: anyOf(randomSources, { optional: true, describe: 'Seed or stream, for shuffle: true only; default 0' }),
};

/**
 * Options of {@link KFold} and {@link StratifiedKFold}. `nSplits`: number of folds, at least 2, default 5. `shuffle`:
 * whether rows are assigned to folds at random, default false. `randomState`: seed or stream, for `shuffle: true` only,
 * default 0.
 * @interface
 */
export type KFoldOptions = GivenOptions<typeof rules>;

/** Rows of one cross-validation split, each part in ascending order. */
export interface Fold {
  trainIndices: Int32Array;
  testIndices: Int32Array;
}

/**
 * K-fold cross-validation: each row is tested once. Without shuffling, folds are runs of consecutive rows.
 *
 * Indices are those of scikit-learn's `KFold` for the same parameters and seed.
 *
 * @example
 * ```js
 * import { KFold, makeMoons, takeRows } from 'regulus';
 *
 * const moons = makeMoons({ nSamples: 30 });
 * for (const { trainIndices, testIndices } of new KFold({ nSplits: 3, shuffle: true, randomState: 1 }).split(moons)) {
 *   console.log(takeRows(moons, trainIndices).y.length, testIndices.length); // 20 10
 * }
 * ```
 */
export class KFold {
  readonly #options: Options;

  /** @throws ParameterError for an option that is unknown, out of range or useless */
  constructor(options: KFoldOptions = {}) {
    this.#options = resolveOptions('KFold', options, rules, check);
  }

  /**
   * The splits of `dataset`'s rows, whatever its targets; at least as many rows as folds are needed.
   *
   * @throws ParameterError, NumericError for a bad dataset or too few rows
   */
  split(dataset: Dataset): Fold[] {
    const { nSplits, shuffle, randomState = 0 } = this.#options;
    const where = 'KFold.split';
    const rows = checkRows(where, checkDataset(where, 'dataset', dataset), nSplits);
    const foldOfRow = Int32Array.from(inTurn(shareOut(rows, nSplits)));
    if (!shuffle) return foldsFrom(foldOfRow, nSplits);
    const folds = foldOfRow.slice();
    randomStateFrom(randomState)
      .permutation(rows)
      .forEach((row, i) => {
        foldOfRow[row] = folds[i];
      });
    return foldsFrom(foldOfRow, nSplits);
  }
}

/**
 * K-fold cross-validation whose folds keep the shares of the classes as nearly as possible.
 *
 * Indices are those of scikit-learn's `StratifiedKFold` for the same parameters and seed. A class with fewer rows than
 * there are folds is missing from some test parts.
 *
 * @example
 * ```js
 * import { StratifiedKFold } from 'regulus';
 * import { loadWine } from 'regulus/datasets';
 *
 * const [fold] = new StratifiedKFold({ nSplits: 5 }).split(loadWine());
 * console.log(fold.trainIndices.length, fold.testIndices.length); // 142 36
 * ```
 */
export class StratifiedKFold {
  readonly #options: Options;

  /** @throws ParameterError for an option that is unknown, out of range or useless */
  constructor(options: KFoldOptions = {}) {
    this.#options = resolveOptions('StratifiedKFold', options, rules, check);
  }

  /**
   * The splits of `dataset`'s rows; at least one class needs as many rows as there are folds.
   *
   * @throws ParameterError, NumericError for a bad dataset, other targets than class indices, or too few rows
   */
  split(dataset: ClassDataset): Fold[] {
    const { nSplits, shuffle, randomState = 0 } = this.#options;
    const where = 'StratifiedKFold.split';
    const remedy = 'Use KFold for targets that are numbers.';
    const { y } = checkDataset(where, 'dataset', dataset, { targets: 'classes', remedy });
    const rows = checkRows(where, dataset, nSplits);
    const random = randomStateFrom(randomState);
    const groups = [...rowsOfClasses(y).values()];
    const largest = groups.reduce((most, { length }) => Math.max(most, length), 0);
    if (nSplits > largest) fail(where, 'nSplits', `at most the rows of the largest class (${largest})`, nSplits);
    const foldOfRow = new Int32Array(rows);
    let dealt = 0; // rows sorted by class are dealt to the folds in turn
    for (const members of groups) {
      const sizes = new Int32Array(nSplits);
      for (let i = 0; i < members.length; i++) sizes[(dealt + i) % nSplits] += 1;
      dealt += members.length;
      const folds = inTurn([...sizes]);
      if (shuffle) random.shuffle(folds);
      members.forEach((row, i) => {
        foldOfRow[row] = folds[i];
      });
    }
    return foldsFrom(foldOfRow, nSplits);
  }
}

type Options = ResolvedOptions<typeof rules>;

function check({ shuffle, randomState }: Options) {
  if (shuffle || randomState === undefined) return undefined;
  return { option: 'randomState', rule: 'left out when shuffle is false', remedy: 'Set shuffle: true to use it.' };
}

function checkRows(where: string, { x }: Dataset, nSplits: number): number {
  const rows = x.shape[0];
  if (rows < nSplits) fail(where, 'dataset', `at least nSplits (${nSplits}) rows long`, rows);
  return rows;
}

/** The number of each fold, as often as its size says. */
function inTurn(sizes: readonly number[]): number[] {
  return sizes.flatMap((size, fold) => new Array<number>(size).fill(fold));
}

function foldsFrom(foldOfRow: Int32Array, nSplits: number): Fold[] {
  const rows = Int32Array.from(foldOfRow.keys());
  return Array.from({ length: nSplits }, (_, fold) => ({
    trainIndices: rows.filter((row) => foldOfRow[row] !== fold),
    testIndices: rows.filter((row) => foldOfRow[row] === fold),
  }));
}
