// Random streams belong to (type, ordinal): a layer changes neither the initial values nor the draws of layers of other types.
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { type Description, integer } from '../../src/errors/index.ts';
import {
  batchNormalization,
  defineLayer,
  dense,
  dropout,
  heNormal,
  meanSquaredError,
  Network,
} from '../../src/nn/index.ts';
import { ownLayers } from './own-layers.ts';
import { eachSample } from './samples.ts';

const engine = createEngine();
const [ROWS, SIZE] = [12, 6];

/** A layer of a user that draws: an initial kernel from its stream, and noise from its key. */
const noisy = defineLayer({
  type: 'noisy',
  options: {},
  build(_, { size, parameter, key }) {
    const kernel = parameter('kernel', [size, size], { initializer: heNormal() });
    return {
      outputSize: size,
      needsInput: true,
      forward({ data: y }, { data: x }, rows, step) {
        const draw = step === undefined ? 0 : key(step, 0) / 2 ** 32;
        for (let i = 0; i < rows * size; i++) y[i] = x[i] + draw;
      },
      backward(dx, { data: dy }) {
        kernel.gradient.data.fill(0);
        dx?.data.set(dy);
      },
    };
  },
});

/** Gives so many ones, whatever comes before it. */
const ones = defineLayer({
  type: 'ones',
  shorthand: 'units',
  options: { units: integer(1) },
  build: ({ units }) => ({
    outputSize: units,
    needsInput: true,
    forward: ({ data }, _x, rows) => void data.fill(1, 0, rows * units),
    backward() {},
  }),
});

/** Initial arrays by name, and what a last layer, dropout of ones, draws in some steps. */
function draws(layers: readonly Description<'layer'>[], seed = 3) {
  const network = new Network(SIZE, [...layers, ones(32), dropout(0.5)], meanSquaredError(), seed, engine.backend);
  const arrays = new Map(network.arrays.map(({ name, value }) => [name, [...value.data]]));
  network.reserve(ROWS);
  const masks = [0, 1, 7].map((step) => {
    network.forward(ROWS, step);
    return [...network.output.data.subarray(0, ROWS * 32)];
  });
  network.free();
  return { arrays, masks };
}

const base: Description<'layer'>[] = [dense(5), batchNormalization(), noisy(), dense(7), dropout(0.2)];
/** How many values come to each place of `base`, and out of it. */
const sizes = [SIZE, 5, 5, 5, 7, 7];
const others = [...eachSample('layer').map(([, layer]) => layer), ...ownLayers, noisy()];

describe.each(others.map((layer) => [JSON.stringify(layer), layer] as const))('one more %s', (_title, layer) => {
  test.each(sizes.map((size, place) => [place, size]))(
    'at place %i changes no stream of another type',
    (place, size) => {
      const before = draws(base);
      // Behind it comes what would come without it.
      const after = draws(base.toSpliced(place, 0, layer, ones(size)));
      const names = [...before.arrays.keys()].filter((name) => !name.startsWith(layer.type));
      expect(names.length).toBeGreaterThan(3);
      for (const name of names) expect(after.arrays.get(name), name).toEqual(before.arrays.get(name));
      if (layer.type !== 'dropout') expect(after.masks).toEqual(before.masks);
    },
  );
});

test('every layer has a stream of its own, and every step another mask', () => {
  const { arrays, masks } = draws([dense(6), noisy(), dense(6), noisy()]);
  const kernels = ['dense1', 'noisy1', 'dense2', 'noisy2'].map((name) => String(arrays.get(`${name}.kernel`)));
  expect(new Set(kernels).size).toBe(4);
  expect(new Set(masks.map(String)).size).toBe(3);
  expect(draws([dense(6)], 4).arrays.get('dense1.kernel')).not.toEqual(draws([dense(6)]).arrays.get('dense1.kernel'));
  expect(draws([dense(6)], 4).masks).not.toEqual(draws([dense(6)]).masks);
});
