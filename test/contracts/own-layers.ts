// Layers as a user would define them, in plain JavaScript over `tensor.data`: one for each thing that a layer can say of what it
// needs. They are tested beside the package's own.
import { type Description, number } from '../../src/errors/index.ts';
import { type BuildContext, defineLayer, type Layer } from '../../src/nn/index.ts';
import { distanceFromZero, type LayerReference } from './reference/layer.ts';

/** Works in place; `backward` reads the values of its output. */
const buildSoftSign = (_options: object, { size }: BuildContext): Layer => ({
  outputSize: size,
  inPlace: true,
  needsOutput: 'values',
  forward({ data: y }, { data: x }, rows) {
    for (let i = 0; i < rows * size; i++) y[i] = x[i] / (1 + Math.abs(x[i]));
  },
  backward(dx, { data: dy }, _x, { data: y }, rows) {
    if (dx) for (let i = 0; i < rows * size; i++) dx.data[i] = dy[i] * (1 - Math.abs(y[i])) ** 2;
  },
});
const softSign = defineLayer({ type: 'softSign', options: {}, build: buildSoftSign });

/** Works in place; `backward` reads where its output is positive, and its output is positive only where its input is. */
const ramp = defineLayer({
  type: 'ramp',
  options: { slope: number('(0, inf)') },
  build: ({ slope }, { size }) => ({
    outputSize: size,
    inPlace: true,
    needsOutput: 'positive',
    keepsPositive: true,
    forward({ data: y }, { data: x }, rows) {
      for (let i = 0; i < rows * size; i++) y[i] = x[i] > 0 ? slope * x[i] : 0;
    },
    backward(dx, { data: dy }, _x, { data: y }, rows) {
      if (dx) for (let i = 0; i < rows * size; i++) dx.data[i] = y[i] > 0 ? slope * dy[i] : 0;
    },
  }),
});

/** Works in place and reads nothing. */
const turn = defineLayer({
  type: 'turn',
  options: {},
  build: (_, { size }) => ({
    outputSize: size,
    inPlace: true,
    forward({ data: y }, { data: x }, rows) {
      for (let i = 0; i < rows * size; i++) y[i] = 0.25 - 2 * x[i];
    },
    backward(dx, { data: dy }, _x, _y, rows) {
      if (dx) for (let i = 0; i < rows * size; i++) dx.data[i] = -2 * dy[i];
    },
  }),
});

/** `backward` reads the input, and may write its gradient over that of the output. */
const bend = defineLayer({
  type: 'bend',
  options: {},
  build: (_, { size }) => ({
    outputSize: size,
    needsInput: true,
    inPlace: true,
    forward({ data: y }, { data: x }, rows) {
      for (let i = 0; i < rows * size; i++) y[i] = x[i] + 0.5 * x[i] * x[i];
    },
    backward(dx, { data: dy }, { data: x }, _y, rows) {
      if (dx) for (let i = 0; i < rows * size; i++) dx.data[i] = dy[i] * (1 + x[i]);
    },
  }),
});

/** Of another size than its input, with a trained array. */
const fold = defineLayer({
  type: 'fold',
  options: {},
  build(_, { size, parameter }) {
    const half = Math.ceil(size / 2);
    const weight = parameter('weight', [half]);
    weight.value.data.fill(1);
    return {
      outputSize: half,
      needsInput: true,
      forward({ data: y }, { data: x }, rows) {
        const { data: w } = weight.value;
        for (let i = 0; i < rows * half; i++) {
          const [row, j] = [Math.floor(i / half), i % half];
          y[i] = x[row * size + j] + w[j] * x[row * size + size - 1 - j];
        }
      },
      backward(dx, { data: dy }, { data: x }, _y, rows) {
        const { data: w } = weight.value;
        const { data: dw } = weight.gradient;
        dw.fill(0);
        dx?.data.fill(0, 0, rows * size);
        for (let i = 0; i < rows * half; i++) {
          const [row, j] = [Math.floor(i / half), i % half];
          dw[j] += dy[i] * x[row * size + size - 1 - j];
          if (!dx) continue;
          dx.data[row * size + j] += dy[i];
          dx.data[row * size + size - 1 - j] += w[j] * dy[i];
        }
      },
    };
  },
});

/** As `softSign`, but it does not say that it needs its output. */
export const silent = defineLayer({
  type: 'silent',
  options: {},
  build: (options, context) => ({ ...buildSoftSign(options, context), needsOutput: undefined }),
});

export const ownLayers: Description<'layer'>[] = [softSign(), ramp({ slope: 1.5 }), turn(), bend(), fold()];

export const ownFactories = [softSign, ramp, turn, bend, fold];

const softSignReference: LayerReference = { forward: (x) => x.map((value) => value / (1 + Math.abs(value))) };

export const ownReferences: Record<string, LayerReference> = {
  softSign: softSignReference,
  silent: softSignReference,
  ramp: {
    forward: (x, { options: { slope } }) => x.map((value) => Math.max(slope * value, 0)),
    kinkDistance: distanceFromZero,
  },
  turn: { forward: (x) => x.map((value) => 0.25 - 2 * value) },
  bend: { forward: (x) => x.map((value) => value + 0.5 * value * value) },
  fold: {
    forward(x, { rows, size, arrays: { weight } }) {
      const half = weight.length;
      return Float64Array.from({ length: rows * half }, (_, i) => {
        const [row, j] = [Math.floor(i / half), i % half];
        return x[row * size + j] + weight[j] * x[row * size + size - 1 - j];
      });
    },
  },
};
