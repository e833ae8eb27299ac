// A layer, a loss, a metric and an optimizer of one's own. `node examples/custom-layer.mjs` trains with them, twice the same.
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { defineLayer, defineLoss, defineMetric, defineOptimizer, dense, makeMoons, sequential } from 'regulus';

export const square = defineLayer({
  type: 'square', // y = x²
  options: {},
  build: (_, { size }) => ({
    outputSize: size,
    needsInput: true,
    forward: (y, x, rows) => y.data.set(x.data.subarray(0, rows * size).map((v) => v * v)),
    backward: (dx, dy, x, _y, rows) => dx?.data.set(dy.data.subarray(0, rows * size).map((g, i) => 2 * x.data[i] * g)),
  }),
});

export const squaredHinge = defineLoss({
  type: 'squaredHinge', // max(1 − t·z, 0)² for one output z and two classes, t = −1 and 1
  options: {},
  targets: 'classes',
  outputs: () => 1,
  build: () => ({ task: 'classification', classes: 2, targetSize: 1, value, classify }),
});
const classify = (classes, { data: z }, rows) => classes.data.set(z.subarray(0, rows).map((v) => (v > 0 ? 1 : 0)));
function value(dOutput, { data: z }, { data: labels }, rows) {
  const gaps = z.slice(0, rows).map((v, i) => Math.max(1 - (2 * labels[i] - 1) * v, 0));
  dOutput.data.set(gaps.map((gap, i) => ((2 - 4 * labels[i]) * gap) / rows));
  return gaps.reduce((sum, gap) => sum + gap * gap, 0);
}

export const errors = defineMetric({
  type: 'errors',
  options: {},
  better: 'lower',
  unit: 'none',
  tasks: ['classification'],
  start() {
    const wrong = [];
    return { add: (b) => wrong.push(b.rows - b.countCorrect()), value: () => wrong.reduce((sum, n) => sum + n, 0) };
  },
});

export const signDescent = defineOptimizer({
  type: 'signDescent',
  options: {},
  build: () => ({
    slots: 0,
    update: (w, g, _slots, rate) => w.data.set(w.data.map((v, i) => v - rate * Math.sign(g.data[i]))),
  }),
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const model = sequential({ inputSize: 2, layers: [dense(8), square(), dense(1)], loss: squaredHinge() });
  const options = { epochs: 20, optimizer: signDescent({ learningRate: 0.01 }), metrics: [errors()] };
  const history = await model.fit(makeMoons({ noise: 0.1 }), options);
  const hash = await crypto.subtle.digest('SHA-256', Buffer.from(JSON.stringify([history, model.getWeights()])));
  console.log(isMainThread ? 'main thread' : 'worker', Buffer.from(hash).toString('hex'), history.trainErrors.at(-1));
  if (isMainThread) new Worker(new URL(import.meta.url));
}
