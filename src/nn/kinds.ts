// The kinds of this room that the package exports, list by list.
export * from './layers/index.ts';
export * from './losses/index.ts';
