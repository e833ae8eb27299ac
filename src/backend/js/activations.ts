// Activations and their gradients.

import { density, expm1, flushed, logistic, normal, softplus, tanh } from './functions.ts';
import type { Kernels } from './kernels.ts';

export const activations = {
  relu(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = Math.max(x[i], 0);
  },
  reluBackward(dx, dy, y, n) {
    for (let i = 0; i < n; i++) dx[i] = y[i] > 0 ? flushed(dy[i]) : 0;
  },
  leakyRelu(y, x, n, slope) {
    for (let i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
  },
  leakyReluBackward(dx, dy, y, n, slope) {
    for (let i = 0; i < n; i++) dx[i] = y[i] > 0 ? flushed(dy[i]) : slope * flushed(dy[i]);
  },
  elu(y, x, n, alpha, scale) {
    for (let i = 0; i < n; i++) y[i] = scale * (x[i] > 0 ? x[i] : alpha * expm1(x[i]));
  },
  eluBackward(dx, dy, y, n, alpha, scale) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * (y[i] > 0 ? scale : y[i] + scale * alpha);
  },
  tanh(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = tanh(x[i]);
  },
  tanhBackward(dx, dy, y, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * (1 - y[i] * y[i]);
  },
  sigmoid(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = logistic(x[i]);
  },
  sigmoidBackward(dx, dy, y, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * y[i] * (1 - y[i]);
  },
  softplus(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = softplus(x[i]);
  },
  softplusBackward(dx, dy, y, n) {
    for (let i = 0; i < n; i++) dx[i] = -flushed(dy[i]) * expm1(-y[i]);
  },
  gelu(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = x[i] * normal(x[i]);
  },
  geluBackward(dx, dy, x, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * (normal(x[i]) + x[i] * density(x[i]));
  },
  silu(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = x[i] * logistic(x[i]);
  },
  siluBackward(dx, dy, x, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * logistic(x[i]) * (1 + x[i] * logistic(-x[i]));
  },
  mish(y, x, n) {
    for (let i = 0; i < n; i++) y[i] = x[i] * tanh(softplus(x[i]));
  },
  mishBackward(dx, dy, x, n) {
    for (let i = 0; i < n; i++) {
      const w = tanh(softplus(x[i]));
      dx[i] = flushed(dy[i]) * (w + x[i] * logistic(x[i]) * (1 - w * w));
    }
  },
} satisfies Partial<Kernels>;
