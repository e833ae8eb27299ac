// Finds the experiment that the command line names: a preset or a JSON file.
import { readFileSync } from 'node:fs';
import { didYouMean, ParameterError } from '../errors/index.ts';
import { type ExperimentSpec, presets, validateSpec } from '../experiment/index.ts';
import { fileError, UsageError } from './io.ts';
import { describeJsonError } from './json-error.ts';

/**
 * The preset of this name, or the spec in this file.
 *
 * @throws UsageError when `name` is neither a preset nor looks like a file; EnvironmentError when the file cannot be
 * read; ParameterError when it holds no valid spec.
 */
export function loadSpec(name: string): ExperimentSpec {
  if (Object.hasOwn(presets, name)) return presets[name];
  if (!/[\\/]|\.json$/i.test(name)) {
    const names = Object.keys(presets);
    const hint = didYouMean(name, names);
    throw new UsageError(
      `Unknown preset '${name}'. ${hint && `${hint} `}Presets: ${names.join(', ')}. For a file, give a name that ends in .json.`,
    );
  }
  try {
    return validateSpec(parse(read(name)));
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
