// Activations and their gradients.
import type { Operations } from '../wasm/generated/operations.ts';
import { density, expm1, flushed, logistic, normal, softplus, tanh } from './functions.ts';

export const activations = {
  relu({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = Math.max(x[i], 0);
  },
  reluBackward({ data: dx }, { data: dy }, { data: y }, n) {
    for (let i = 0; i < n; i++) dx[i] = y[i] > 0 ? flushed(dy[i]) : 0;
  },
  leakyRelu({ data: y }, { data: x }, n, slope) {
    for (let i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
  },
  leakyReluBackward({ data: dx }, { data: dy }, { data: y }, n, slope) {
    for (let i = 0; i < n; i++) dx[i] = y[i] > 0 ? flushed(dy[i]) : slope * flushed(dy[i]);
  },
  elu({ data: y }, { data: x }, n, alpha, scale) {
    for (let i = 0; i < n; i++) y[i] = scale * (x[i] > 0 ? x[i] : alpha * expm1(x[i]));
  },
  eluBackward({ data: dx }, { data: dy }, { data: y }, n, alpha, scale) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * (y[i] > 0 ? scale : y[i] + scale * alpha);
  },
  tanh({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = tanh(x[i]);
  },
  tanhBackward({ data: dx }, { data: dy }, { data: y }, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * (1 - y[i] * y[i]);
  },
  sigmoid({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = logistic(x[i]);
  },
  sigmoidBackward({ data: dx }, { data: dy }, { data: y }, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * y[i] * (1 - y[i]);
  },
  softplus({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = softplus(x[i]);
  },
  softplusBackward({ data: dx }, { data: dy }, { data: y }, n) {
    for (let i = 0; i < n; i++) dx[i] = -flushed(dy[i]) * expm1(-y[i]);
  },
  gelu({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = x[i] * normal(x[i]);
  },
  geluBackward({ data: dx }, { data: dy }, { data: x }, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * (normal(x[i]) + x[i] * density(x[i]));
  },
  silu({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = x[i] * logistic(x[i]);
  },
  siluBackward({ data: dx }, { data: dy }, { data: x }, n) {
    for (let i = 0; i < n; i++) dx[i] = flushed(dy[i]) * logistic(x[i]) * (1 + x[i] * logistic(-x[i]));
  },
  mish({ data: y }, { data: x }, n) {
    for (let i = 0; i < n; i++) y[i] = x[i] * tanh(softplus(x[i]));
  },
  mishBackward({ data: dx }, { data: dy }, { data: x }, n) {
    for (let i = 0; i < n; i++) {
      const w = tanh(softplus(x[i]));
      dx[i] = flushed(dy[i]) * (w + x[i] * logistic(x[i]) * (1 - w * w));
    }
  },
} satisfies Partial<Operations>;
