// What main.js gives the tests.
declare global {
  var regulus: typeof import('../../../src/index.ts');
  var worker: typeof import('../../../src/worker/index.ts');
}

export {};
