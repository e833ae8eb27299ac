// The engines that every kind is tested on.
import { createEngine } from '../../src/backend/index.ts';

export const engines = {
  'wasm reproducible': createEngine(),
  'wasm fast': createEngine({ numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

/** For `describe.each`. */
export const eachEngine = Object.entries(engines);
