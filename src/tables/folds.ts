// Which rows train each network of a predictor, and which choose its best epoch.
import { KFold, StratifiedKFold, trainTestSplit } from '../data/index.ts';

/** The rows of one network, in ascending order. */
export interface Rows {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

const withoutFeatures = (y: Int32Array | Float64Array) => ({
  x: { data: new Float64Array(y.length), shape: [y.length, 1] as [number, number] },
  y,
});

const largestClass = (y: Int32Array) => {
  const counts = new Map<number, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  return { counts, largest: Math.max(...counts.values()) };
};

/** Every row is in the validation part of one fold; classes keep their shares as nearly as possible. One split where no class has two rows. */
function foldsOf(y: Int32Array | Float64Array, folds: number, randomState: number): Rows[] {
  const nSplits = Math.min(folds, y instanceof Int32Array ? largestClass(y).largest : y.length);
  if (nSplits < 2) return [splitOf(y, 1 / folds, randomState)];
  const Folds = y instanceof Int32Array ? StratifiedKFold : KFold;
  const dataset = withoutFeatures(y) as ReturnType<typeof withoutFeatures> & { y: Int32Array };
  return new Folds({ nSplits, shuffle: true, randomState })
    .split(dataset)
    .map(({ trainIndices, testIndices }) => ({ train: trainIndices, validation: testIndices }));
}

/**
 * Divides the rows into up to five parts again and again, each time by the seed of that division, until `count` networks leave out one each; fewer where no
 * class has so many rows.
 *
 * @hidden
 */
export function partsOf(y: Int32Array | Float64Array, count: number, seedOf: (division: number) => number): Rows[] {
  const folds = Math.min(count, 5);
  return Array.from({ length: Math.ceil(count / folds) }, (_, division) => foldsOf(y, folds, seedOf(division)))
    .flat()
    .slice(0, count);
}

/** One split; classes keep their shares where both parts have two rows of each. */
export function splitOf(y: Int32Array | Float64Array, share: number, randomState: number): Rows {
  const rows = y.length;
  if (share === 0) return { train: Int32Array.from({ length: rows }, (_, i) => i), validation: new Int32Array() };
  const testSize = Math.min(rows - 1, Math.max(1, Math.round(share * rows)));
  const dataset = withoutFeatures(y);
  let stratify = false;
  if (y instanceof Int32Array) {
    const { counts } = largestClass(y);
    stratify = Math.min(testSize, rows - testSize) >= counts.size && [...counts.values()].every((count) => count > 1);
  }
  const { trainIndices, testIndices } = trainTestSplit(dataset, { testSize, stratify, randomState });
  return { train: trainIndices.sort(), validation: testIndices.sort() };
}
