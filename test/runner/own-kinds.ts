// A user's module that defines a layer, a loss, a metric and an optimizer, and a spec that trains with them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { smallSpec } from '../experiment/small-spec.ts';

export const ownKinds = `
import { defineLayer, defineLoss, defineMetric, defineOptimizer, number } from 'regulus';

export const bend = defineLayer({
  type: 'bend',
  options: { slope: number('[0, 1]', { default: 0.1 }) },
  build: ({ slope }, { size }) => ({
    outputSize: size,
    needsInput: true,
    forward(y, x, rows) {
      for (let i = 0; i < rows * size; i++) y.data[i] = x.data[i] * (x.data[i] < 0 ? slope : 1);
    },
    backward(dx, dy, x, y, rows) {
      for (let i = 0; dx && i < rows * size; i++) dx.data[i] = dy.data[i] * (x.data[i] < 0 ? slope : 1);
    },
  }),
});

// max(0, 1 − t·z)² with t = ±1
export const squaredHinge = defineLoss({
  type: 'squaredHinge',
  options: {},
  targets: 'classes',
  outputs: () => 1,
  build: () => ({
    task: 'classification',
    classes: 2,
    targetSize: 1,
    value(dOutput, output, targets, rows) {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const t = 2 * targets.data[i] - 1;
        const margin = Math.max(0, 1 - t * output.data[i]);
        sum += margin * margin;
        dOutput.data[i] = (-2 * t * margin) / rows;
      }
      return sum;
    },
    classify(classes, output, rows) {
      for (let i = 0; i < rows; i++) classes.data[i] = output.data[i] > 0 ? 1 : 0;
    },
    probabilities(p, output, rows) {
      for (let i = rows - 1; i >= 0; i--) {
        const positive = Math.min(1, Math.max(0, (output.data[i] + 1) / 2));
        p.data[2 * i] = 1 - positive;
        p.data[2 * i + 1] = positive;
      }
    },
  }),
});

export const balanced = defineMetric({
  type: 'balanced',
  options: {},
  better: 'higher',
  unit: 'share',
  tasks: ['classification'],
  start(_, { classes }) {
    const right = new Float64Array(classes);
    const all = new Float64Array(classes);
    return {
      add(batch) {
        const predicted = batch.classes();
        batch.targets.data.forEach((label, i) => {
          if (i >= batch.rows) return;
          all[label]++;
          if (predicted[i] === label) right[label]++;
        });
      },
      value: () => right.reduce((sum, count, k) => sum + count / all[k], 0) / classes,
    };
  },
});

export const signDescent = defineOptimizer({
  type: 'signDescent',
  options: { factor: number('(0, inf)', { default: FACTOR }) },
  build: ({ factor }) => ({
    slots: 0,
    update({ data: w }, { data: g }, slots, rate) {
      for (let i = 0; i < w.length; i++) w[i] -= factor * rate * Math.sign(g[i]);
    },
  }),
});
`;

/** A folder below this repository, where modules find `regulus`; it is removed after the test. */
export function packageFolder(): string {
  mkdirSync('build', { recursive: true });
  const path = mkdtempSync(join('build', 'own-kinds-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Writes the module; `factor` makes its content another. */
export function writeKinds(path: string, factor = 1): void {
  writeFileSync(path, ownKinds.replace('FACTOR', String(factor)));
}

export function ownSpec(module = './my-kinds.js') {
  return {
    ...smallSpec(),
    modules: [module],
    network: {
      layers: [
        { type: 'dense', units: 6 },
        { type: 'bend', slope: 0.2 },
      ],
    },
    training: {
      epochs: 3,
      batchSize: 16,
      optimizer: { type: 'signDescent', learningRate: 0.01 },
      loss: 'squaredHinge',
    },
    metric: 'balanced',
    variants: [
      { label: 'Plain' },
      {
        label: 'L2',
        network: {
          layers: [{ type: 'dense', units: 6, kernelRegularizer: { type: 'l2', l2: 0.01 } }, { type: 'bend' }],
        },
      },
    ],
  };
}
