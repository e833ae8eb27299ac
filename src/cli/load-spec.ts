// Finds the experiment that the command line names: a preset, a JSON file or a module such as regulus.config.ts.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { didYouMean, ParameterError } from '../errors/index.ts';
import { type ExperimentSpec, pinFiles, presets, validateSpec } from '../experiment/index.ts';
import { fileError, UsageError } from './io.ts';
import { describeJsonError } from './json-error.ts';
import { loadModule } from './load-module.ts';

/**
 * The preset of this name, or the spec in this file. Data files, whose paths a spec gives relative to its own file, come
 * back relative to the working directory and with their hash.
 *
 * @throws UsageError when `name` is neither a preset nor looks like a file; EnvironmentError when a file cannot be read;
 * ParameterError when it holds no valid spec.
 */
export async function loadSpec(name: string): Promise<ExperimentSpec> {
  if (Object.hasOwn(presets, name)) return presets[name];
  if (!/[\\/]|\.(json|[cm]?[jt]s)$/i.test(name)) {
    const names = Object.keys(presets);
    const hint = didYouMean(name, names);
    throw new UsageError(
      `Unknown preset '${name}'. ${hint && `${hint} `}Presets: ${names.join(', ')}. ` +
        'For a file, give a name that ends in .json, .ts, .js or .mjs.',
    );
  }
  const text = read(name);
  try {
    const spec = /\.[cm]?[jt]s$/i.test(name) ? await loadModule(resolve(name)) : parse(text);
    return pinFiles(validateSpec(spec), readData, (path) => fromHere(resolve(dirname(name), path)));
  } catch (error) {
    if (error instanceof ParameterError) error.message = `In ${name}: ${error.message}`;
    throw error;
  }
}

function read(path: string): string {
  try {
    // Some editors put a byte order mark first, which JSON.parse refuses.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw fileError(`read ${path}`, error, `Presets need no file: ${Object.keys(presets).join(', ')}.`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParameterError(`This is not JSON: ${describeJsonError(text)}.`);
  }
}

/** Relative to the working directory: the path goes into the results, where a home folder's name has no business. */
function fromHere(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/');
}

function readData(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(`read the data file ${path}`, error, "Paths of a spec are relative to the spec's own file.");
  }
}
