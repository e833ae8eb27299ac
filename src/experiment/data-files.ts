// The files that a spec's dataset names: how they are read, and the hash that makes their content part of a trial.
import { checkParts, EnvironmentError, isTypedArray, ParameterError, show } from '../errors/index.ts';
import { sha256 } from '../hash/index.ts';
import type { DatasetSpec, ExperimentSpec } from './spec.ts';

/** The bytes of the file at a path of a dataset. `readFileSync` is one; in a browser, look up what was fetched before. */
export type ReadFile = (path: string) => Uint8Array;

/**
 * Paths of the files that `dataset` names, x before y.
 *
 * @example
 * ```js
 * import { dataFiles } from 'regulus/experiment';
 * console.log(dataFiles({ npy: { x: 'x.npy', y: 'y.npy' } })); // ['x.npy', 'y.npy']
 * ```
 */
export function dataFiles(dataset: DatasetSpec): string[] {
  checkParts('dataFiles', 'dataset', dataset);
  if ('npy' in dataset) checkParts('dataFiles', 'dataset', dataset, { npy: 'object' });
  if ('csv' in dataset) return [dataset.csv];
  if ('npy' in dataset) return [dataset.npy.x, dataset.npy.y];
  return 'npz' in dataset ? [dataset.npz] : [];
}

/**
 * The spec with the SHA-256 of its data files, so that trials on other data are other trials. Specs without files come back
 * as they are.
 *
 * @throws ParameterError when the spec has a hash already and the files another one, and whatever `readFile` throws.
 * @example
 * ```js
 * import { pinFiles } from 'regulus/experiment';
 *
 * const readFile = () => new TextEncoder().encode('length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n');
 * console.log(pinFiles({ dataset: { csv: 'flowers.csv' } }, readFile).dataset.sha256);
 * ```
 */
export function pinFiles<T extends Pick<ExperimentSpec, 'dataset'>>(spec: T, readFile: ReadFile | undefined): T {
  checkParts('pinFiles', 'spec', spec, { dataset: 'object' });
  const { dataset } = spec;
  if (dataFiles(dataset).length === 0) return spec;
  return { ...spec, dataset: { ...dataset, sha256: sha256(...readDataFiles(dataset, readFile)) } };
}

/** The bytes of {@link dataFiles}, which must have the hash of `dataset` if it has one. */
export function readDataFiles(dataset: DatasetSpec, readFile: ReadFile | undefined): Uint8Array[] {
  const paths = dataFiles(dataset);
  if (typeof readFile !== 'function') {
    throw new EnvironmentError(`The data are in ${paths.join(' and ')}, which cannot be read here. Give a 'readFile'.`);
  }
  const files = paths.map((path) => {
    const bytes: unknown = readFile(path);
    if (isTypedArray(bytes, 'Uint8Array')) return bytes;
    // The error of an async function, which cannot be waited for, would end the process.
    Promise.resolve(bytes).catch(() => {});
    throw new ParameterError(
      `'readFile' must return a Uint8Array, no promise. For ${path} it returned ${show(bytes)}.`,
    );
  });
  const expected = 'sha256' in dataset ? dataset.sha256 : undefined;
  if (expected && sha256(...files) !== expected) {
    throw new ParameterError(
      `The content of ${paths.join(' and ')} is not what 'dataset.sha256' says: ` +
        `its SHA-256 is ${sha256(...files)} instead of ${expected}. Restore the data, or remove 'sha256' to use what is there.`,
      { code: 'ERR_CHECKSUM' },
    );
  }
  return files;
}
