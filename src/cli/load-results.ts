// Reads the files that a finished run has written into its folder.
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { type FigureData, type Results, validateFigureData, validateResults } from '../experiment/index.ts';
import { inFile, readNamed, readWhole } from '../runner/index.ts';
import { parseJson } from './parse-json.ts';

/**
 * The results in `folder`/results.json.
 *
 * @throws EnvironmentError when there are none; ParameterError when they are damaged or of another version.
 */
export const loadResults = (folder: string): Results => load(folder, 'results.json', validateResults);

/** @throws EnvironmentError when `folder` holds the results of an experiment of another name. */
export function checkOwner(folder: string, name: string, remedy: string): void {
  const other = nameOfResults(folder);
  if (other === undefined || other === name) return;
  throw new EnvironmentError(`${folder} holds the results of another experiment, '${other}'. ${remedy}`, {
    code: 'ERR_OTHER_EXPERIMENT',
  });
}

/** The name of the experiment whose results are in `folder`; undefined where there are none that can be read. */
function nameOfResults(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readWhole(join(folder, 'results.json')).toString());
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The numbers behind the figures, in `folder`/figures.json; throws as {@link loadResults}. */
export const loadFigureData = (folder: string): FigureData => load(folder, 'figures.json', validateFigureData);

const remedy =
  'Give the folder of a finished run, such as out/moons. To finish an interrupted run, repeat the command.';

function load<T>(folder: string, file: string, validate: (value: unknown) => T): T {
  const path = join(folder, file);
  const bytes = readNamed(path, remedy);
  try {
    return validate(parseJson(bytes.toString(), { remedy: 'Run the experiment again.' }));
  } catch (error) {
    throw inFile(path, error);
  }
}
