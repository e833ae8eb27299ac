// Layers side by side: an element-wise layer must not overwrite what its neighbour still needs. Every ordered pair of types, those of
// the package and those of a user, also with a user's layer before, between and behind them; in pairs, the first with all its options.
import { describe, expect, test } from 'vitest';
import { dense, meanSquaredError } from '../../src/nn/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import { eachEngine } from './engines.ts';
import { checkNetwork } from './gradients.ts';
import { ownLayers, ownReferences, silent } from './own-layers.ts';
import { eachSample } from './samples.ts';

const registered = eachSample('layer').map(([, layer]) => layer);
const shape = { inputSize: 4, rows: 5 };
const titled = (layers: typeof registered) => layers.map((layer) => [JSON.stringify(layer), layer] as const);
const all = titled([...registered, ...ownLayers]);
/** One of each type: its second sample, which has options, where there is one. */
const types = [...new Set(registered.map(({ type }) => type))].map((type) => {
  const [first, second = first] = registered.filter((layer) => layer.type === type);
  return second;
});
const others = [...types, ...ownLayers];

describe.each(eachEngine)('on %s', (_engine, engine) => {
  const check = (...layers: Parameters<typeof checkNetwork>[2]) =>
    checkNetwork(engine, shape, layers, meanSquaredError(), ownReferences);

  test.each(all)('%s before any other', (_title, first) => {
    for (const second of others) check(dense(6), first, second, dense(3));
  });

  test.each(all)('%s first in a network, and last', (_title, layer) => {
    for (const other of others) {
      check(layer, other, dense(3));
      check(dense(3), other, layer);
    }
  });

  describe.each(titled(types))('%s', (_title, first) => {
    test.each(ownLayers.map((layer) => [layer.type, layer] as const))('with a %s', (_type, own) => {
      for (const second of types) {
        check(dense(6), own, first, second, dense(3));
        check(dense(6), first, own, second, dense(3));
        check(dense(6), first, second, own, dense(3));
      }
    });
  });
});

test('a layer that does not say what it needs is found out', () => {
  const [turn] = ownLayers.filter(({ type }) => type === 'turn');
  for (const [, engine] of eachEngine) {
    const check = (...layers: Parameters<typeof checkNetwork>[2]) =>
      checkNetwork(engine, shape, layers, meanSquaredError(), ownReferences);
    check(dense(6), silent(), dense(3));
    expect(() => check(dense(6), silent(), turn, dense(3))).toThrow(/^gradient of dense1\.kernel/);
  }
});

test('the way down the loss is the same with tanh before dropout as with dropout alone', async () => {
  const x = { data: Float64Array.of(-1, -0.5, 0.5, 1), shape: [4, 1] as [number, number] };
  const y = Float64Array.of(-2, -1, 1, 2);
  for (const [, engine] of eachEngine) {
    const layers = registered.filter(({ type }) => type === 'tanh' || type === 'dropout');
    using model = sequential({
      inputSize: 1,
      layers: [dense(8), ...layers, dense(1)],
      loss: meanSquaredError(),
      engine,
    });
    const { loss } = model.evaluate({ x, y });
    await model.fit({ x, y }, { epochs: 200, optimizer: sgd({ learningRate: 0.05 }) });
    expect(model.evaluate({ x, y }).loss).toBeLessThan(0.2 * loss);
  }
});
