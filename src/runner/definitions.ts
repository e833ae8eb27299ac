// Modules that define kinds: loaded, in each thread once, and pinned by the hash of their content.
import { resolve } from 'node:path';
import { catalog as builtIn } from '../catalog/index.ts';
import { type Catalog, extendCatalog, factoriesIn, ParameterError } from '../errors/index.ts';
import type { ModuleFile } from '../experiment/index.ts';
import { contentHash, inFile, readNamed } from './files.ts';
import { loadModule } from './load-module.ts';

/** The kinds of `known` and those that `modules` export; paths are relative to `base`. */
export async function loadDefinitions(
  modules: readonly ModuleFile[],
  base: string,
  known: Catalog = builtIn,
): Promise<Catalog> {
  let catalog = known;
  for (const { path, sha256 } of modules) {
    const whole = resolve(base, path);
    if (hashOf(whole) !== sha256) {
      throw new ParameterError(`The content of ${path} is not what its 'sha256' says. Run the experiment again.`, {
        code: 'ERR_CHECKSUM',
      });
    }
    try {
      catalog = extendCatalog(catalog, factoriesIn(Object.values(await loadModule(whole, sha256))));
    } catch (error) {
      throw inFile(path, error);
    }
  }
  return catalog;
}

/** Modules, whose paths are relative to `base`, with the hashes of their content where those are not given. */
export const pinned = (modules: readonly { path: string; sha256?: string }[], base: string): ModuleFile[] =>
  modules.map(({ path, sha256 }) => ({ path, sha256: sha256 ?? hashOf(resolve(base, path)) }));

const hashOf = (path: string) =>
  contentHash(readNamed(path, "Paths of a spec are relative to the spec's own file.", 'the module '));
