// Reads what the commands for models are given: model files and tables.
import { ParameterError } from '../errors/index.ts';
import { type AnyModel, loadModel } from '../model/index.ts';
import { inFile, loadDefinitions, pinned, readNamed } from '../runner/index.ts';

/**
 * The model in a file. Code is never part of it: kinds that are none of the package's are those of the `modules` that the user names.
 *
 * @throws EnvironmentError when it cannot be read, ParameterError when it holds no model.
 */
export async function readModel(path: string, modules: readonly string[] = []): Promise<AnyModel> {
  const bytes = readNamed(path, 'Give a model file, such as out/moons/model.safetensors, which every run writes.');
  const named = modules.map((module) => ({ path: module }));
  const catalog = await loadDefinitions(pinned(named, '.'), '.');
  try {
    return loadModel<AnyModel>(bytes, { catalog });
  } catch (error) {
    if (error instanceof ParameterError && error.code === 'ERR_UNKNOWN_TYPE') {
      error.message += ' On the command line: --modules ./my-kinds.js.';
    }
    throw inFile(path, error);
  }
}
