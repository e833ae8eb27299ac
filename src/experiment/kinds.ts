// The kinds that a spec may use, and their descriptions.
import { wholeCatalog } from '../catalog/index.ts';
import {
  type AnyFactory,
  type Catalog,
  type Description,
  extendCatalog,
  fromJson,
  type Kind,
} from '../errors/index.ts';
import { transformers } from '../preprocessing/index.ts';

/** A kind as a spec has it: a description, or the name of a type. @inline */
export type NamedKind = string | { readonly type: string };

const whole = new WeakMap<Catalog, Catalog>();

/** `catalog` with the layers, metrics and transformers that the core leaves out. */
export function withAllKinds(catalog: Catalog): Catalog {
  const all =
    whole.get(catalog) ?? extendCatalog(wholeCatalog(catalog), transformers as unknown as readonly AnyFactory[]);
  whole.set(catalog, all);
  return all;
}

/** The description of a kind of a spec. */
export function kindOf<K extends Kind>(kind: K, json: NamedKind, catalog: Catalog): Description<K> {
  const description = typeof json === 'string' ? { type: json } : json;
  return fromJson(kind, description, withAllKinds(catalog), 'the experiment spec');
}
