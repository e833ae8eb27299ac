// Numbers beside linear functions of waves of them, forward and backward.
import { cos, sin } from '../../random/index.ts';
import type { Kernels } from './kernels.ts';

/** The angle of t turns, without whole ones. */
const angleOf = (t: number) => 2 * Math.PI * (t - Math.round(t));

export const periodic = {
  periodicEmbedding(y, x, _waves, frequencies, phases, kernel, bias, rows, features, rest, terms, outputs) {
    for (let i = 0, from = 0, to = 0; i < rows; i++) {
      for (let j = 0; j < features; j++) {
        const value = x[from++];
        y[to++] = value;
        for (let k = j * (outputs - 1); k < (j + 1) * (outputs - 1); k++) {
          let sum = bias[k];
          for (let c = 0; c < terms; c++) {
            const at = j * terms + c;
            sum += kernel[k * terms + c] * cos(angleOf(value * frequencies[at] + phases[at]));
          }
          y[to++] = sum;
        }
      }
      for (let j = 0; j < rest; j++) y[to++] = x[from++];
    }
  },
  periodicEmbeddingBackward(dx, dFrequencies, dPhases, dKernel, dBias, ...others) {
    const [dy, x, frequencies, phases, kernel, ...sizes] = others;
    const [rows, features, rest, terms, outputs] = sizes;
    dFrequencies.fill(0, 0, features * terms);
    dPhases.fill(0, 0, features * terms);
    dKernel.fill(0, 0, features * (outputs - 1) * terms);
    dBias.fill(0, 0, features * (outputs - 1));
    for (let i = 0, from = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < features; j++) {
        const value = x[from];
        let sum = dy[at++];
        for (let c = j * terms; c < (j + 1) * terms; c++) {
          const angle = angleOf(value * frequencies[c] + phases[c]);
          let dWave = 0;
          for (let k = 0; k < outputs - 1; k++) {
            const own = (j * (outputs - 1) + k) * terms + c - j * terms;
            dWave += dy[at + k] * kernel[own];
            dKernel[own] += dy[at + k] * cos(angle);
          }
          const slope = -2 * Math.PI * sin(angle) * dWave;
          dPhases[c] += slope;
          dFrequencies[c] += slope * value;
          sum += slope * frequencies[c];
        }
        for (let k = 0; k < outputs - 1; k++) dBias[j * (outputs - 1) + k] += dy[at++];
        dx[from++] = sum;
      }
      for (let j = 0; j < rest; j++) dx[from++] = dy[at++];
    }
  },
} satisfies Partial<Kernels>;
