// Opens specs: checks them, with the kinds of the modules that they name.
import { catalog as builtIn } from '../catalog/index.ts';
import type { Catalog } from '../errors/index.ts';
import { type ExperimentSpec, type ModuleFile, validateSpec } from '../experiment/index.ts';
import { loadDefinitions, pinned } from './definitions.ts';

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
  const modules = modulesOf(spec, base);
  const catalog = await loadDefinitions(modules, base, known);
  const whole = modules.length > 0 ? { ...(spec as object), modules } : spec;
  return { spec: validateSpec(whole, { catalog }), catalog, modules };
}

/** The modules that an unchecked spec names, with the hashes of their content; none where the list is wrong. */
function modulesOf(spec: unknown, base: string): ModuleFile[] {
  const { modules } = (spec ?? {}) as { modules?: unknown };
  const named = (Array.isArray(modules) ? modules : []).map((module) =>
    typeof module === 'string' ? { path: module } : module,
  ) as (Partial<ModuleFile> | null)[];
  if (!named.every((module): module is ModuleFile => typeof module?.path === 'string')) return [];
  return pinned(named, base);
}
