// Seeded random numbers with NumPy's values, and elementary functions that are the same on every engine.
export { counterWord } from './counter.ts';
export { atan, cos, exp, fusedMultiplyAdd, log, sin } from './elementary.ts';
export { STATE_WORDS } from './mersenne-twister.ts';
export { RandomState, type RandomStateSnapshot, type TypedArray } from './random-state.ts';
export { checkSeed, seedRule } from './seed.ts';
export { innerSeed, layerStream, SHUFFLING, splittingStream, stepKey } from './streams.ts';
