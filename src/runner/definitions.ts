// Opens specs: the modules that they name are loaded, in each thread once, and pinned by the hash of their content.
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { catalog as builtIn } from '../catalog/index.ts';
import { type Catalog, extendCatalog, factoriesIn, ParameterError } from '../errors/index.ts';
import { type ExperimentSpec, type ModuleFile, validateSpec } from '../experiment/index.ts';
import { fileError, readWhole } from './files.ts';
import { loadModule } from './load-module.ts';

/**
 * A checked spec with the hashes of its modules, and the kinds that it may use: those of `known` and those of the modules,
 * whose paths are relative to `base`.
 *
 * @throws ParameterError for an invalid spec, EnvironmentError for a module that cannot be read.
 */
export async function openSpec(
  spec: unknown,
  base: string,
  known: Catalog = builtIn,
): Promise<{ spec: ExperimentSpec; catalog: Catalog; modules: readonly ModuleFile[] }> {
  const modules = pinModules(spec, base);
  const catalog = await loadDefinitions(modules, base, known);
  const pinned = modules.length > 0 ? { ...(spec as object), modules } : spec;
  return { spec: validateSpec(pinned, { catalog }), catalog, modules };
}

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
      if (error instanceof ParameterError) error.message = `In ${path}: ${error.message}`;
      throw error;
    }
  }
  return catalog;
}

/** The modules that an unchecked spec names, with the hashes of their content; none where the list is wrong. */
function pinModules(spec: unknown, base: string): ModuleFile[] {
  const { modules } = (spec ?? {}) as { modules?: unknown };
  const named = (Array.isArray(modules) ? modules : []).map((module) =>
    typeof module === 'string' ? { path: module } : module,
  ) as (Partial<ModuleFile> | null)[];
  if (!named.every((module): module is ModuleFile => typeof module?.path === 'string')) return [];
  return named.map(({ path, sha256 }) => ({ path, sha256: sha256 ?? hashOf(resolve(base, path)) }));
}

function hashOf(path: string): string {
  try {
    return createHash('sha256').update(readWhole(path)).digest('hex');
  } catch (error) {
    throw fileError(`read the module ${path}`, error, "Paths of a spec are relative to the spec's own file.");
  }
}
