// The errors, the rules of options and the checks that every other module shares.
export * from './check.ts';
export type { ErrorCode } from './codes.ts';
export * from './definition.ts';
export * from './errors.ts';
export type * from './host.ts';
export * from './options.ts';
export * from './pack.ts';
