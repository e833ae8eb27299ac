// One copy of a dataset for all threads.
import { catalog as builtIn } from '../catalog/index.ts';
import type { Catalog } from '../errors/index.ts';
import {
  canonicalJson,
  type LoadedDataset,
  loadDataset,
  lossOf,
  type ReadFile,
  type Trial,
} from '../experiment/index.ts';

type TypedArray = Float64Array | Float32Array | Int32Array;

/** The datasets of trials in shared memory: one, or two where some losses are for classes and others for numbers. */
export class SharedDatasets {
  readonly #readFile: ReadFile;
  readonly #catalog: Catalog;
  readonly #loaded = new Map<string, LoadedDataset>();

  constructor(readFile: ReadFile, catalog: Catalog = builtIn) {
    this.#readFile = readFile;
    this.#catalog = catalog;
  }

  /**
   * The dataset of a trial, and what tells it from others.
   *
   * @throws what loading it throws.
   */
  of({ dataset, training }: Trial): { key: string; loaded: LoadedDataset } {
    const { targets } = lossOf(training, this.#catalog);
    const key = canonicalJson({ dataset, targets });
    const loaded = this.#loaded.get(key) ?? share(loadDataset(dataset, { readFile: this.#readFile, targets }));
    this.#loaded.set(key, loaded);
    return { key, loaded };
  }
}

function share({ x, y, ...facts }: LoadedDataset): LoadedDataset {
  const targets = 'data' in y ? { data: shared(y.data), shape: y.shape } : shared(y);
  return { ...facts, x: { data: shared(x.data), shape: x.shape }, y: targets };
}

function shared<T extends TypedArray>(array: T): T {
  const Type = array.constructor as new (memory: SharedArrayBuffer) => T;
  const copy = new Type(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
