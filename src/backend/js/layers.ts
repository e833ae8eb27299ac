// What layers other than activations compute: bias, dropout, noise.
import { cos, counterWord, log, RandomState } from '../../random/index.ts';
import { flushed } from './functions.ts';
import type { Kernels } from './kernels.ts';
import { matmul } from './matmul.ts';

export const layers = {
  dense(y, x, w, bias, rows, inputs, outputs, relu, tiny) {
    matmul.matmul(y, x, w, rows, inputs, outputs);
    const floor = relu ? 0 : -Infinity;
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < outputs; j++, at++) y[at] = flushed(Math.max(y[at] + bias[j], floor), tiny);
    }
  },
  denseGradients(dw, db, dy, x, y, rows, inputs, outputs, relu) {
    layers.biasGradient(db, dy, y, rows, outputs, relu);
    matmul.matmulTN(dw, x, dy, inputs, rows, outputs);
  },
  biasGradient(db, dy, y, rows, columns, relu) {
    db.fill(0, 0, columns);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) {
        dy[at] = relu && y[at] <= 0 ? 0 : flushed(dy[at]);
        db[j] += dy[at];
      }
    }
  },

  permutation(indices, _state, n, ...seeds) {
    indices.set(new RandomState(seeds).permutation(n));
  },

  dropout(y, x, n, threshold, scale, key0, key1) {
    for (let i = 0; i < n; i++) y[i] = counterWord(i, key0, key1) < threshold ? x[i] * scale : 0;
  },
  alphaDropout(y, x, n, threshold, scale, shift, dropped, key0, key1) {
    for (let i = 0; i < n; i++) y[i] = counterWord(i, key0, key1) < threshold ? x[i] * scale + shift : dropped;
  },
  noise(y, x, n, factor, stddev, key0, key1) {
    for (let i = 0; i < n; i++) {
      const u = ((counterWord(i, key0, key1) >>> 8) + 1) / 2 ** 24;
      const t = counterWord(i, key0 + 0x5851f42d, ~key1) / 2 ** 32;
      const z = Math.sqrt(-2 * log(u)) * cos(2 * Math.PI * t);
      y[i] = x[i] * (1 + factor * z) + stddev * z;
    }
  },
} satisfies Partial<Kernels>;
