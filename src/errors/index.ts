// The errors and argument checks that every other room shares.
export * from './check.ts';
export * from './errors.ts';
export * from './pack.ts';
