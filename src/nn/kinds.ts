// The kinds of this module. All that these files export, the package exports.
export * from './constraints.ts';
export * from './initializers.ts';
export * from './layers/index.ts';
export * from './losses/index.ts';
export * from './regularizers.ts';
