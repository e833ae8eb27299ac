// Weight penalties, the updates of the optimizers, and the proximal step of L1.
import type { Operations } from '../wasm/generated/operations.ts';

/** The gradient with the penalties' share, g + l1·sign(w) + 2·l2·w. */
function penalized(g: number, w: number, l1: number, l2: number): number {
  return g + l1 * Math.sign(w) + 2 * l2 * w;
}

/** What the soft threshold t takes from w: w within [−t, t], ±t beyond. */
function taken(w: number, t: number): number {
  return Math.max(Math.min(w, t), -t);
}

export const optimizers = {
  penalty({ data: w }, n, l1, l2) {
    let absolute = 0;
    let squared = 0;
    for (let i = 0; i < n; i++) {
      absolute += Math.abs(w[i]);
      squared += w[i] * w[i];
    }
    return l1 * absolute + l2 * squared;
  },
  addPenaltyGradient({ data: g }, { data: w }, n, l1, l2) {
    for (let i = 0; i < n; i++) g[i] = penalized(g[i], w[i], l1, l2);
  },

  sgd({ data: w }, { data: g }, n, rate, l1, l2) {
    for (let i = 0; i < n; i++) w[i] -= rate * penalized(g[i], w[i], l1, l2);
  },
  momentum({ data: w }, { data: g }, { data: v }, n, rate, mu, l1, l2) {
    for (let i = 0; i < n; i++) {
      v[i] = mu * v[i] + penalized(g[i], w[i], l1, l2);
      w[i] -= rate * v[i];
    }
  },
  nesterov({ data: w }, { data: g }, { data: v }, n, rate, mu, l1, l2) {
    for (let i = 0; i < n; i++) {
      const gradient = penalized(g[i], w[i], l1, l2);
      v[i] = mu * v[i] + gradient;
      w[i] -= rate * (gradient + mu * v[i]);
    }
  },
  adam(
    { data: w },
    { data: g },
    { data: m },
    { data: v },
    n,
    stepSize,
    decay1,
    decay2,
    rescale,
    epsilon,
    decay,
    l1,
    l2,
  ) {
    for (let i = 0; i < n; i++) {
      const gradient = penalized(g[i], w[i], l1, l2);
      m[i] += decay1 * (gradient - m[i]);
      v[i] += decay2 * (gradient * gradient - v[i]);
      w[i] -= (stepSize * m[i]) / (Math.sqrt(v[i]) * rescale + epsilon) + decay * w[i];
    }
  },
  adagrad({ data: w }, { data: g }, { data: s }, n, rate, epsilon) {
    for (let i = 0; i < n; i++) {
      s[i] += g[i] * g[i];
      w[i] -= (rate * g[i]) / (Math.sqrt(s[i]) + epsilon);
    }
  },
  nadam({ data: w }, { data: g }, { data: m }, { data: v }, n, ownStep, meanStep, decay1, decay2, rescale, epsilon) {
    for (let i = 0; i < n; i++) {
      m[i] += decay1 * (g[i] - m[i]);
      v[i] += decay2 * (g[i] * g[i] - v[i]);
      w[i] -= (ownStep * g[i] + meanStep * m[i]) / (Math.sqrt(v[i]) * rescale + epsilon);
    }
  },
  lion({ data: w }, { data: g }, { data: m }, n, rate, decay1, decay2) {
    for (let i = 0; i < n; i++) {
      w[i] -= rate * Math.sign(m[i] + decay1 * (g[i] - m[i]));
      m[i] += decay2 * (g[i] - m[i]);
    }
  },
  rmsprop({ data: w }, { data: g }, { data: s }, { data: v }, n, rate, decay, epsilon, mu, l1, l2) {
    for (let i = 0; i < n; i++) {
      const gradient = penalized(g[i], w[i], l1, l2);
      s[i] += decay * (gradient * gradient - s[i]);
      v[i] = mu * v[i] + gradient / (Math.sqrt(s[i]) + epsilon);
      w[i] -= rate * v[i];
    }
  },

  softThreshold({ data: w }, n, threshold) {
    for (let i = 0; i < n; i++) w[i] -= taken(w[i], threshold);
  },
  softThresholdAdam({ data: w }, { data: v }, n, threshold, rescale, epsilon) {
    for (let i = 0; i < n; i++) w[i] -= taken(w[i], threshold / (Math.sqrt(v[i]) * rescale + epsilon));
  },
} satisfies Partial<Operations>;
