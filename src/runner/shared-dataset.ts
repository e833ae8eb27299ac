// One copy of a dataset for all threads.
import { canonicalJson, type LoadedDataset, loadDataset, type ReadFile, type Trial } from '../experiment/index.ts';

/** The dataset of the first trial, which is that of all trials unless a sweep changes it. */
export class SharedDataset {
  readonly #readFile: ReadFile;
  #key: string | undefined;
  #loaded: LoadedDataset | undefined;

  constructor(readFile: ReadFile) {
    this.#readFile = readFile;
  }

  /**
   * The dataset of `trial` in shared memory, or undefined where it is not that of the first trial.
   *
   * @throws what loading it throws.
   */
  for({ dataset }: Trial): LoadedDataset | undefined {
    const key = canonicalJson(dataset);
    this.#key ??= key;
    if (this.#key !== key) return undefined;
    this.#loaded ??= share(loadDataset(dataset, this.#readFile));
    return this.#loaded;
  }
}

function share({ x: { data, shape }, y, ...facts }: LoadedDataset): LoadedDataset {
  const memory = new SharedArrayBuffer(data.byteLength);
  const x = data instanceof Float32Array ? new Float32Array(memory) : new Float64Array(memory);
  x.set(data);
  const labels = new Int32Array(new SharedArrayBuffer(y.byteLength));
  labels.set(y);
  return { x: { data: x, shape }, y: labels, ...facts };
}
