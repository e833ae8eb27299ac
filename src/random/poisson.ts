// Poisson variates by the two algorithms of numpy.random.RandomState: products of uniforms for small means, PTRS else.
import { exp, log, polynomial } from './elementary.ts';

/** A sampler of counts with mean `mean`; `uniform` draws from [0, 1). */
export function poissonSampler(mean: number, uniform: () => number): () => number {
  if (mean === 0) return () => 0;
  return mean < 10 ? products(mean, uniform) : ptrs(mean, uniform);
}

/** How many uniforms can be multiplied before the product is at most e^-mean. */
function products(mean: number, uniform: () => number): () => number {
  const end = exp(-mean);
  return () => {
    let count = 0;
    for (let product = uniform(); product > end; product *= uniform()) count++;
    return count;
  };
}

/**
 * Hormann, "The transformed rejection method for generating Poisson random variables" (Insurance: Mathematics and Economics
 * 12, 1993). Names are the paper's. The order of operations is NumPy's.
 */
function ptrs(mean: number, uniform: () => number): () => number {
  const logMean = log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  return () => {
    for (;;) {
      const u = uniform() - 0.5;
      const v = uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (log(v) + log(inverseAlpha) - log(a / (us * us) + b) <= -mean + k * logMean - logGamma(k + 1)) return k;
    }
  };
}

// Stirling's series of log gamma, in 1/x^2, the highest power last.
const STIRLING = [
  8.333333333333333e-2, -2.777777777777778e-3, 7.936507936507937e-4, -5.952380952380952e-4, 8.417508417508418e-4,
  -1.917526917526918e-3, 6.41025641025641e-3, -2.955065359477124e-2, 1.796443723688307e-1, -1.3924322169059,
];

/** log((x - 1)!) for x from 1 on: Stirling's formula at 7 or more, and from there down. */
function logGamma(x: number): number {
  if (x === 1 || x === 2) return 0;
  const steps = x < 7 ? Math.floor(7 - x) : 0;
  let at = x + steps;
  const inverseSquare = (1 / at) * (1 / at);
  let value = polynomial(STIRLING, inverseSquare) / at + 0.5 * 1.8378770664093453 + (at - 0.5) * log(at) - at;
  for (let i = 0; i < steps; i++) value -= log(--at);
  return value;
}
