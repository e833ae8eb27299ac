// Weight penalties, the updates of the optimizers, and the proximal step of L1.

import { firstMoment, flushed, secondMoment } from './functions.ts';
import type { Kernels } from './kernels.ts';

/** The gradient with the penalties' share, g + l1·sign(w) + 2·l2·w. */
function penalized(g: number, w: number, l1: number, l2: number): number {
  return g + l1 * Math.sign(w) + 2 * l2 * w;
}

/** The step of the soft threshold t, to be subtracted from w: w within [−t, t], ±t beyond. */
function softThresholdStep(w: number, t: number): number {
  return Math.max(Math.min(w, t), -t);
}

export const optimizers = {
  penalty(w, n, l1, l2) {
    let absolute = 0;
    let squared = 0;
    for (let i = 0; i < n; i++) {
      absolute += Math.abs(w[i]);
      squared += w[i] * w[i];
    }
    return l1 * absolute + l2 * squared;
  },
  addPenaltyGradient(g, w, n, l1, l2) {
    for (let i = 0; i < n; i++) g[i] = penalized(g[i], w[i], l1, l2);
  },

  sgd(w, g, n, rate, l1, l2) {
    for (let i = 0; i < n; i++) w[i] = flushed(w[i] - rate * flushed(penalized(g[i], w[i], l1, l2)));
  },
  momentum(w, g, v, n, rate, mu, l1, l2) {
    for (let i = 0; i < n; i++) {
      v[i] = flushed(mu * v[i] + flushed(penalized(g[i], w[i], l1, l2)));
      w[i] = flushed(w[i] - rate * v[i]);
    }
  },
  nesterov(w, g, v, n, rate, mu, l1, l2) {
    for (let i = 0; i < n; i++) {
      const gradient = flushed(penalized(g[i], w[i], l1, l2));
      v[i] = flushed(mu * v[i] + gradient);
      w[i] = flushed(w[i] - rate * (gradient + mu * v[i]));
    }
  },
  adam(w, g, m, v, n, stepSize, decay1, decay2, rescale, epsilon, decay, l1, l2) {
    for (let i = 0; i < n; i++) {
      const gradient = flushed(penalized(g[i], w[i], l1, l2));
      m[i] = firstMoment(m[i], gradient, decay1);
      v[i] = secondMoment(v[i], gradient, decay2);
      w[i] = flushed(w[i] - ((stepSize * m[i]) / (Math.sqrt(v[i]) * rescale + epsilon) + decay * w[i]));
    }
  },
  adagrad(w, g, s, n, rate, epsilon) {
    for (let i = 0; i < n; i++) {
      const gradient = flushed(g[i]);
      s[i] += gradient * gradient;
      w[i] = flushed(w[i] - (rate * gradient) / (Math.sqrt(s[i]) + epsilon));
    }
  },
  nadam(w, g, m, v, n, ownStep, meanStep, decay1, decay2, rescale, epsilon) {
    for (let i = 0; i < n; i++) {
      const gradient = flushed(g[i]);
      m[i] = firstMoment(m[i], gradient, decay1);
      v[i] = secondMoment(v[i], gradient, decay2);
      w[i] = flushed(w[i] - (ownStep * gradient + meanStep * m[i]) / (Math.sqrt(v[i]) * rescale + epsilon));
    }
  },
  lion(w, g, m, n, rate, decay1, decay2) {
    for (let i = 0; i < n; i++) {
      const gradient = flushed(g[i]);
      w[i] = flushed(w[i] - rate * Math.sign(m[i] + decay1 * (gradient - m[i])));
      m[i] = firstMoment(m[i], gradient, decay2);
    }
  },
  rmsprop(w, g, s, v, n, rate, decay, epsilon, mu, l1, l2) {
    for (let i = 0; i < n; i++) {
      const gradient = flushed(penalized(g[i], w[i], l1, l2));
      s[i] = secondMoment(s[i], gradient, decay);
      v[i] = flushed(mu * v[i] + gradient / (Math.sqrt(s[i]) + epsilon));
      w[i] = flushed(w[i] - rate * v[i]);
    }
  },

  softThreshold(w, n, threshold) {
    for (let i = 0; i < n; i++) w[i] -= softThresholdStep(w[i], threshold);
  },
  softThresholdAdam(w, v, n, threshold, rescale, epsilon) {
    for (let i = 0; i < n; i++) w[i] -= softThresholdStep(w[i], threshold / (Math.sqrt(v[i]) * rescale + epsilon));
  },
} satisfies Partial<Kernels>;
