// A plugin of esbuild, for the build and for the test of the core's size.
import { readFileSync } from 'node:fs';

/**
 * Leaves out what `describe` says of kinds and options: the JSON Schema and the docs are made of it, and no program reads it,
 * which would be 1.8 kB of the core.
 */
export const withoutDescriptions = {
  name: 'without-descriptions',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(/\bdescribe:\s*(?:'[^'\n]*'|"[^"\n]*"),?/g, ''),
    }));
  },
};
