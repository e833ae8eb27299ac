// KFold and StratifiedKFold: partitions of rows for cross-validation.
import { checkBoolean, checkInteger, checkKeys, fail } from '../errors/index.ts';
import { checkDataset } from './check.ts';
import { type RandomSource, randomStateFrom } from './random-source.ts';
import type { Dataset } from './types.ts';

/** Options of {@link KFold} and {@link StratifiedKFold}. */
export interface KFoldOptions {
  /** Number of folds, at least 2; default 5. */
  nSplits?: number;
  /** Whether rows are assigned to folds at random; default false. */
  shuffle?: boolean;
  /** Seed or stream, for `shuffle: true` only; default 0. */
  randomState?: RandomSource;
}

/** Rows of one cross-validation split, each part in ascending order. */
export interface Fold {
  trainIndices: Int32Array;
  testIndices: Int32Array;
}

/**
 * K-fold cross-validation: each row is tested once. Without shuffling, folds are runs of consecutive rows.
 *
 * Indices are those of scikit-learn's `KFold` for the same parameters and seed.
 */
export class KFold {
  readonly #settings: Settings;

  constructor(options: KFoldOptions = {}) {
    this.#settings = checkOptions('KFold', options);
  }

  /** The splits of `dataset`'s rows; at least as many rows as folds are needed. */
  split(dataset: Dataset): Fold[] {
    const { nSplits, shuffle, randomState } = this.#settings;
    const rows = checkRows('KFold.split', dataset, nSplits);
    const order = Int32Array.from({ length: rows }, (_, i) => i);
    if (shuffle) randomStateFrom('KFold', randomState).shuffle(order);
    const foldOfRow = new Int32Array(rows);
    let start = 0;
    for (let fold = 0; fold < nSplits; fold++) {
      const size = Math.floor(rows / nSplits) + (fold < rows % nSplits ? 1 : 0);
      for (const row of order.subarray(start, start + size)) foldOfRow[row] = fold;
      start += size;
    }
    return foldsFrom(foldOfRow, nSplits);
  }
}

/**
 * K-fold cross-validation whose folds keep the shares of the classes as nearly as possible.
 *
 * Indices are those of scikit-learn's `StratifiedKFold` for the same parameters and seed. A class with fewer rows than
 * there are folds is missing from some test parts.
 */
export class StratifiedKFold {
  readonly #settings: Settings;

  constructor(options: KFoldOptions = {}) {
    this.#settings = checkOptions('StratifiedKFold', options);
  }

  /** The splits of `dataset`'s rows; at least one class needs as many rows as there are folds. */
  split(dataset: Dataset): Fold[] {
    const { nSplits, shuffle, randomState } = this.#settings;
    const rows = checkRows('StratifiedKFold.split', dataset, nSplits);
    const random = randomStateFrom('StratifiedKFold', randomState);
    const rowsByClass = new Map<number, number[]>(); // classes in order of appearance
    dataset.y.forEach((label, row) => {
      if (!rowsByClass.has(label)) rowsByClass.set(label, []);
      rowsByClass.get(label)!.push(row);
    });
    const largest = Math.max(...[...rowsByClass.values()].map((members) => members.length));
    if (nSplits > largest) {
      fail('StratifiedKFold.split', 'nSplits', `at most the rows of the largest class (${largest})`, nSplits);
    }
    const foldOfRow = new Int32Array(rows);
    let dealt = 0; // rows sorted by class are dealt to the folds in turn
    for (const members of rowsByClass.values()) {
      const sizes = new Int32Array(nSplits);
      for (let i = 0; i < members.length; i++) sizes[(dealt + i) % nSplits] += 1;
      dealt += members.length;
      const folds = Array.from(sizes).flatMap((size, fold) => new Array<number>(size).fill(fold));
      if (shuffle) random.shuffle(folds);
      members.forEach((row, i) => {
        foldOfRow[row] = folds[i];
      });
    }
    return foldsFrom(foldOfRow, nSplits);
  }
}

type Settings = Required<KFoldOptions>;

function checkOptions(where: string, options: KFoldOptions): Settings {
  checkKeys(where, options, ['nSplits', 'shuffle', 'randomState']);
  const { nSplits = 5, shuffle = false, randomState } = options;
  checkInteger(where, 'nSplits', nSplits, 2);
  checkBoolean(where, 'shuffle', shuffle);
  if (!shuffle && randomState !== undefined) {
    fail(where, 'randomState', 'left out when shuffle is false', randomState, 'Set shuffle: true to use it.');
  }
  const source = randomState === undefined ? 0 : randomState;
  randomStateFrom(where, source);
  return { nSplits, shuffle, randomState: source };
}

function checkRows(where: string, dataset: Dataset, nSplits: number): number {
  const rows = checkDataset(where, 'dataset', dataset).y.length;
  if (rows < nSplits) fail(where, 'dataset', `at least nSplits (${nSplits}) rows long`, rows);
  return rows;
}

function foldsFrom(foldOfRow: Int32Array, nSplits: number): Fold[] {
  const rows = Int32Array.from(foldOfRow.keys());
  return Array.from({ length: nSplits }, (_, fold) => ({
    trainIndices: rows.filter((row) => foldOfRow[row] !== fold),
    testIndices: rows.filter((row) => foldOfRow[row] === fold),
  }));
}
