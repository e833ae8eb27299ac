// What the package exports of this module: engines, and what layers and optimizers of others compute with.
export type { Backend, EngineInfo } from './backend.ts';
export { createEngine, type Engine, type EngineOptions, type EngineThreads, type EngineWide } from './engine.ts';
export type { Memory } from './memory.ts';
export type { Tensor } from './tensor.ts';
