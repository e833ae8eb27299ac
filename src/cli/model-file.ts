// Reads what the commands for models are given: model files and tables.
import { type AnyModel, loadModel } from '../model/index.ts';
import { fileError, readWhole } from '../runner/index.ts';
import { inFile } from './load-results.ts';

/**
 * The model in a file.
 *
 * @throws EnvironmentError when it cannot be read, ParameterError when it holds no model.
 */
export function readModel(path: string): AnyModel {
  const bytes = read(path, 'Give a model file, such as out/moons/model.safetensors, which every run writes.');
  try {
    return loadModel<AnyModel>(bytes);
  } catch (error) {
    throw inFile(path, error);
  }
}

/** The bytes of a file. */
export function read(path: string, remedy: string): Uint8Array {
  try {
    return readWhole(path);
  } catch (error) {
    throw fileError(`read ${path}`, error, remedy);
  }
}
