// Engines and the operations they offer; the only module that knows WebAssembly.
export type { Backend, EngineInfo } from './backend.ts';
export { keepThreshold } from './dropout-mask.ts';
export {
  createEngine,
  defaultEngine,
  type Engine,
  type EngineOptions,
  type EngineThreads,
  type EngineWide,
} from './engine.ts';
export { Memory } from './memory.ts';
export { layOut, type Tensor } from './tensor.ts';
export { TINY } from './tiny.ts';
export { type CoreBytes, type CoreSource, type CoreSources, loadCore } from './wasm/core.ts';
