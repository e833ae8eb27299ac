// Finds the experiment that the command line names: a preset, a JSON file or a module such as regulus.config.ts.
import { dirname, resolve } from 'node:path';
import { type Catalog, didYouMean, ParameterError } from '../errors/index.ts';
import { type ExperimentSpec, pinFiles, presets } from '../experiment/index.ts';
import { contentHash, inFile, loadModule, openSpec, readerIn, readNamed } from '../runner/index.ts';
import { UsageError } from './io.ts';
import { parseJson } from './parse-json.ts';
import { tableSpec } from './table-spec.ts';

/** A spec, the kinds that it may use, and the folder that its paths are relative to. */
export interface LoadedSpec {
  spec: ExperimentSpec;
  catalog: Catalog;
  base: string;
}

/**
 * The preset of this name, or the spec in this file, with the hashes of its modules and data files.
 *
 * @throws UsageError when `name` is neither a preset nor looks like a file; EnvironmentError when a file cannot be read;
 * ParameterError when it holds no valid spec.
 */
export async function loadSpec(name: string, target?: string): Promise<LoadedSpec> {
  const isTable = /\.[ct]sv$/i.test(name);
  if (isTable !== (target !== undefined)) {
    throw new UsageError(
      'A table (.csv, .tsv) needs --target with the name of the column to predict, and nothing else does.',
    );
  }
  const names = Object.keys(presets);
  if (names.includes(name)) return open(presets[name], '.');
  if (!isTable && !/[\\/]|\.(jsonc?|[cm]?[jt]s)$/i.test(name)) {
    const hint = didYouMean(name, names);
    throw new UsageError(
      `Unknown preset '${name}'. ${hint && `${hint} `}Presets: ${names.join(', ')}. ` +
        'For a file, give a name that ends in .json, .ts, .js or .mjs.',
    );
  }
  const bytes = readNamed(name, `Presets need no file: ${names.join(', ')}.`);
  // Some editors put a byte order mark first, which JSON.parse refuses.
  const text = bytes.toString().replace(/^\uFEFF/, '');
  try {
    const json = target === undefined ? text : tableSpec(name, bytes, target);
    const spec = /\.[cm]?[jt]s$/i.test(name) ? await defaultExport(name, text) : parseJson(json, { comments: true });
    return await open(spec, dirname(name));
  } catch (error) {
    throw inFile(name, error);
  }
}

async function open(written: unknown, base: string): Promise<LoadedSpec> {
  const { spec, catalog } = await openSpec(written, base);
  return { spec: pinFiles(spec, readerIn(base)), catalog, base };
}

/** @throws ParameterError when the module throws or has no default export. */
async function defaultExport(name: string, text: string): Promise<unknown> {
  const version = contentHash(text);
  const { default: spec } = await loadModule(resolve(name), version);
  if (spec === undefined) {
    throw new ParameterError('There is no default export. Write: export default defineExperiment({ … });', {
      code: 'ERR_MODULE',
    });
  }
  return spec;
}
