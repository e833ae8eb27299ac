// The public names of `regulus/slim`: those of `regulus`, without inlined binaries, and `loadCore` to bring them.
export { type CoreBytes, type CoreSource, type CoreSources, loadCore } from './backend/index.ts';
export * from './index.ts';
