// Engines and the operations they offer; the only module that knows WebAssembly.
export { keepThreshold } from './dropout-mask.ts';
export { defaultEngine } from './engine.ts';
export { Memory } from './memory.ts';
export * from './public.ts';
export { layOut } from './tensor.ts';
export { TINY } from './tiny.ts';
export { type CoreBytes, type CoreSource, type CoreSources, loadCore } from './wasm/core.ts';
