// Loads JavaScript and TypeScript modules of the user: specs, and definitions of kinds.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { EnvironmentError, ParameterError, RegulusError } from '../errors/index.ts';

/**
 * The path of a file of this package, by the name that package.json gives it.
 *
 * @throws EnvironmentError where a bundler has put this module elsewhere.
 */
export function ownFile(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new EnvironmentError(
      "A bundler has separated 'regulus' from the files beside it, which worker threads run. Leave the package out of the " +
        'bundle, by `--external:regulus` of esbuild or `external` of others, and install it where the program runs.',
      { cause },
    );
  }
}

/** An entry of this package itself, so that modules work where Regulus is not installed, as with `npx`. */
const ownEntry = (name: string): Promise<object> => import(pathToFileURL(ownFile(name)).href);

/**
 * The exports of the module at an absolute path. `version`, such as the hash of its content, tells a module that has changed
 * since it was loaded before.
 *
 * @throws ParameterError when the module cannot be loaded, or throws.
 */
export async function loadModule(path: string, version: string): Promise<Record<string, unknown>> {
  if (/\.m?js$/.test(path)) {
    try {
      return await import(`${pathToFileURL(path).href}?${version}`);
    } catch (error) {
      // Its import of `regulus` may be what is not found.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw loadError(error);
    }
  }
  const { createJiti } = await import('jiti').catch((cause: unknown) => {
    throw new EnvironmentError('TypeScript modules need a package that is not installed. Run: npm install jiti', {
      code: 'ERR_PACKAGE_MISSING',
      cause,
    });
  });
  const [regulus, experiment] = await Promise.all(['regulus', 'regulus/experiment'].map(ownEntry));
  const jiti = createJiti(import.meta.url, {
    // Without caches, because the module may have changed, and cache files would stay behind.
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    virtualModules: { regulus, 'regulus/experiment': experiment },
  });
  return jiti.import<Record<string, unknown>>(path).catch((error: unknown) => {
    throw loadError(error);
  });
}

function loadError(error: unknown): Error {
  if (error instanceof RegulusError) return error;
  return new ParameterError(`This module cannot be loaded: ${summary(error)}`, { code: 'ERR_MODULE', cause: error });
}

/** The first line of the message, and the place that the other lines name if the module cannot be parsed. */
function summary(error: unknown): string {
  const [first, ...others] = (error instanceof Error ? error.message : String(error)).split('\n');
  const place = /\S+:\d+:\d+/.exec(others.join(' '))?.[0];
  return place ? `${first.trim()} at ${place}` : first;
}
