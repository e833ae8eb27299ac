// The dataset of an experiment, loaded once, and its splits, each made once.
import type { Catalog } from '../errors/index.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ReadFile } from './data-files.ts';
import { type LoadedDataset, loadDataset } from './load-dataset.ts';
import { type DataSpec, type PreparedData, splitData } from './prepare-data.ts';
import { lossOf } from './task.ts';

export interface Splits {
  /** @throws what loading it throws. */
  loaded(): LoadedDataset;
  /** The data of a spec: the experiment's, or that of one of its trials. Without a fold, a k-fold split tests on its first fold. */
  of(spec: DataSpec): PreparedData;
}

export function splitsOf(spec: DataSpec, catalog: Catalog, readFile?: ReadFile): Splits {
  const made = new Map<string, PreparedData>();
  let whole: LoadedDataset | undefined;
  const loaded = () => {
    const { targets } = lossOf(spec.training ?? {}, catalog);
    whole ??= loadDataset(spec.dataset, { readFile, targets });
    return whole;
  };
  const of = ({ dataset, split, preprocessing = [], scaling, fold }: DataSpec) => {
    const parts = { dataset, split, preprocessing, scaling, ...(fold && { fold }) };
    const key = canonicalJson({ ...parts, fold: fold?.index ?? 0 });
    const data = made.get(key) ?? splitData(loaded(), parts, catalog);
    made.set(key, data);
    return data;
  };
  return { loaded, of };
}
