// The JSON Schema of specs, for editors. A file of its own, because the types of schema.ts are zod's.
import * as z from 'zod';
import { catalog as builtIn } from '../catalog/index.ts';
import type { Catalog } from '../errors/index.ts';
import { schemaOf } from './schema.ts';

/**
 * The JSON Schema (draft 7, which editors know best) of a spec, for `"$schema"`.
 *
 * @example
 * ```js
 * import { specJsonSchema } from 'regulus/experiment';
 * console.log(Object.keys(specJsonSchema().properties).includes('sweep')); // true
 * ```
 */
export function specJsonSchema(catalog: Catalog = builtIn): object {
  return z.toJSONSchema(schemaOf(catalog).spec, {
    target: 'draft-7',
    reused: 'ref',
    override: ({ jsonSchema }) => {
      // Every integer would get the bounds of safe integers, which mean nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}
