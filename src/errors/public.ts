// What the package exports of this module: the classes of errors, and what definitions are made of.
export { type AnyFactory, type Catalog, type Definition, extendCatalog, type Factory } from './definition.ts';
export * from './errors.ts';
export {
  anyOf,
  boolean,
  type Description,
  type GivenOptions,
  instance,
  integer,
  type Kind,
  kind,
  list,
  none,
  number,
  type OptionRule,
  type OptionRules,
  type OptionSettings,
  type OptionsArgument,
  type OptionsProblem,
  oneOf,
  pair,
  type ResolvedOptions,
  record,
  text,
  vector,
} from './options.ts';
