// Accuracy and cross-entropy against scikit-learn's accuracy_score and log_loss.

import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { dense } from '../../src/nn/index.ts';
import { sequential } from '../../src/train/index.ts';
import linear from '../golden/sklearn/linear.json' with { type: 'json' };
import { expectClose } from '../reference/close.ts';

interface Case {
  shape: [rows: number, classes: number];
  logits: number[];
  y: number[];
  accuracy: number;
  logLoss: number;
}
const { metrics } = linear as unknown as { metrics: Case[] };

const engines = {
  'wasm reproducible': createEngine(),
  'wasm fast': createEngine({ numerics: 'fast' }),
  js: createEngine({ backend: 'js' }),
};

describe.each(Object.entries(engines))('metrics on %s', (_name, engine) => {
  test.each(metrics)('$shape', ({ shape, logits, y, accuracy, logLoss }) => {
    const [rows, classes] = shape;
    // The logits go through a layer that is the identity.
    using model = sequential({ inputSize: classes, layers: [dense(classes, { useBias: false })], engine });
    const identity = Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
    model.setWeights([{ shape: [classes, classes], data: identity }]);
    const data = { x: { data: Float64Array.from(logits), shape }, y: Int32Array.from(y) };
    const evaluation = model.evaluate(data);
    expect(evaluation.accuracy).toBe(accuracy);
    // Float32 exponentials: a sample is within 3e-7 (test/backend/accuracy.test.ts), a mean of many nearer; 1.4e-9 here.
    expectClose([evaluation.dataLoss], [logLoss], { rtol: 1e-8 });
    expect(evaluation.loss).toBe(evaluation.dataLoss);
    expect(model.predict(data.x)).toHaveLength(rows);
  });
});
