// The dataset of an experiment, loaded once, and its splits, each made once.
import type { Catalog } from '../errors/index.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ReadFile } from './data-files.ts';
import { type LoadedDataset, loadDataset } from './load-dataset.ts';
import { type DataSpec, type PreparedData, splitData } from './prepare-data.ts';
import { lossOf } from './task.ts';

export class Splits {
  readonly #spec: DataSpec;
  readonly #catalog: Catalog;
  readonly #readFile: ReadFile | undefined;
  readonly #made = new Map<string, PreparedData>();
  #loaded: LoadedDataset | undefined;

  constructor(spec: DataSpec, catalog: Catalog, readFile?: ReadFile) {
    this.#spec = spec;
    this.#catalog = catalog;
    this.#readFile = readFile;
  }

  /** @throws what loading it throws. */
  get loaded(): LoadedDataset {
    const { dataset, training = {} } = this.#spec;
    const { targets } = lossOf(training, this.#catalog);
    this.#loaded ??= loadDataset(dataset, { readFile: this.#readFile, targets });
    return this.#loaded;
  }

  /** The data of `spec`: the experiment's, or that of one of its trials. Without a fold, a k-fold split tests on its first fold. */
  of({ dataset, split, preprocessing = [], scaling, fold }: DataSpec): PreparedData {
    const parts = { dataset, split, preprocessing, scaling, ...(fold && { fold }) };
    const key = canonicalJson({ ...parts, fold: fold?.index ?? 0 });
    const data = this.#made.get(key) ?? splitData(this.loaded, parts, this.#catalog);
    this.#made.set(key, data);
    return data;
  }
}
