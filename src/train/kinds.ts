// The kinds of this room that the package exports, list by list.
export * from './augmentations/index.ts';
