// The files that a spec's dataset names: how they are read, and the hash that makes their content part of a trial.
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { EnvironmentError, ParameterError } from '../errors/index.ts';
import type { DatasetSpec, ExperimentSpec } from './spec.ts';

/** The bytes of the file at a path of a dataset. `readFileSync` is one; in a browser, look up what was fetched before. */
export type ReadFile = (path: string) => Uint8Array;

/** Paths of the files that `dataset` names, x before y. */
export function dataFiles(dataset: DatasetSpec): string[] {
  if ('csv' in dataset) return [dataset.csv];
  if ('npy' in dataset) return [dataset.npy.x, dataset.npy.y];
  return 'npz' in dataset ? [dataset.npz] : [];
}

/**
 * The spec with the SHA-256 of its data files, so that trials on other data are other trials, and perhaps with other
 * paths: `locate` turns those of the spec into those that `readFile` takes. Specs without files come back as they are.
 *
 * @throws ParameterError when the spec has a hash already and the files another one, and whatever `readFile` throws.
 */
export function pinFiles<T extends Pick<ExperimentSpec, 'dataset'>>(
  spec: T,
  readFile: ReadFile | undefined,
  locate: (path: string) => string = (path) => path,
): T {
  if (dataFiles(spec.dataset).length === 0) return spec;
  const dataset = relocate(spec.dataset, locate);
  const sha256 = hash(readDataFiles(dataset, readFile));
  return { ...spec, dataset: { ...dataset, sha256 } };
}

/** The bytes of {@link dataFiles}, which must have the hash of `dataset` if it has one. */
export function readDataFiles(dataset: DatasetSpec, readFile: ReadFile | undefined): Uint8Array[] {
  const paths = dataFiles(dataset);
  if (!readFile) {
    throw new EnvironmentError(`The data are in ${paths.join(' and ')}, which cannot be read here. Give a 'readFile'.`);
  }
  const files = paths.map(readFile);
  const expected = 'sha256' in dataset ? dataset.sha256 : undefined;
  if (expected && hash(files) !== expected) {
    throw new ParameterError(
      `The content of ${paths.join(' and ')} is not what 'dataset.sha256' says: ` +
        `its SHA-256 is ${hash(files)} instead of ${expected}. Restore the data, or remove 'sha256' to use what is there.`,
    );
  }
  return files;
}

function relocate(dataset: DatasetSpec, locate: (path: string) => string): DatasetSpec {
  if ('csv' in dataset) return { ...dataset, csv: locate(dataset.csv) };
  if ('npz' in dataset) return { ...dataset, npz: locate(dataset.npz) };
  if ('npy' in dataset) return { ...dataset, npy: { x: locate(dataset.npy.x), y: locate(dataset.npy.y) } };
  return dataset;
}

function hash(files: readonly Uint8Array[]): string {
  const state = sha256.create();
  for (const bytes of files) state.update(bytes);
  return bytesToHex(state.digest());
}
