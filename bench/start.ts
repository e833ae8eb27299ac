// A process that imports the package, makes a first product, and prints how long both took; run by start-section.ts.
const start = performance.now();
const { createEngine, dense, sequential } = (await import(
  new URL('../../dist/index.js', import.meta.url).href
)) as typeof import('../src/index.ts');
const imported = performance.now();
const model = sequential({
  inputSize: 64,
  layers: [dense(64)],
  engine: createEngine({ numerics: process.argv[2] as 'fast' | 'reproducible' }),
});
model.predict({ data: new Float32Array(64 * 64).fill(1), shape: [64, 64] });
const end = performance.now();
console.log(JSON.stringify({ imported: imported - start, product: end - imported, total: end - start }));
