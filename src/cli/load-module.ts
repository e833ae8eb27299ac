// Loads an experiment from a TypeScript or JavaScript module.
import { EnvironmentError, ParameterError, RegulusError } from '../errors/index.ts';
import * as experiment from '../experiment/index.ts';

/**
 * The default export of the module at an absolute path. `regulus/experiment` is this process's own there, so that a config
 * works where Regulus is not installed, as with `npx`.
 *
 * @throws ParameterError when the module throws or has no default export.
 */
export async function loadModule(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti').catch((cause: unknown) => {
    throw new EnvironmentError("Modules need the package 'jiti', which is missing. Install it, or use JSON.", {
      cause,
    });
  });
  const jiti = createJiti(import.meta.url, {
    // The module may have changed since, and no files are to be left behind.
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    virtualModules: { 'regulus/experiment': experiment },
  });
  const module = await jiti.import<{ default?: unknown }>(path).catch((error: unknown) => {
    if (error instanceof RegulusError) throw error;
    throw new ParameterError(`This module cannot be loaded: ${summary(error)}`, { cause: error });
  });
  if (module.default === undefined) {
    throw new ParameterError('There is no default export. Write: export default defineExperiment({ … });');
  }
  return module.default;
}

/** The first line, and the place that the others name where the module cannot be parsed. */
function summary(error: unknown): string {
  const [first, ...others] = (error instanceof Error ? error.message : String(error)).split('\n');
  const place = /\S+:\d+:\d+/.exec(others.join(' '))?.[0];
  return place ? `${first.trim()} at ${place}` : first;
}
