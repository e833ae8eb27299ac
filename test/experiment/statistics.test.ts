// Estimates, tests and quantiles against SciPy and NumPy.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/experiment/index.ts';
import { estimate, holm, quantiles, tTest } from '../../src/experiment/statistics.ts';
import { expectClose } from '../reference/close.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../golden/scipy/${name}`, import.meta.url), 'utf8'));
const { estimates } = read('estimates.json') as {
  estimates: (Estimate & { values: number[]; sd: number; ci95: [number, number] })[];
};
const golden = read('comparisons.json') as {
  paired: { variant: number[]; baseline: number[]; p: number; ci95: [number, number] }[];
  corrected: { differences: number[]; dependence: number; p: number; ci95: [number, number] }[];
  holm: { p: number[]; adjusted: number[] }[];
  quantiles: { values: number[]; shares: number[]; quantiles: number[] }[];
};

describe('estimate', () => {
  it('gives the mean, standard deviation and 95 % interval of SciPy', () => {
    for (const { values, mean, sd, ci95 } of estimates) {
      const actual = estimate(values);
      expect(actual.n).toBe(values.length);
      expectClose([actual.mean, actual.sd!, ...actual.ci95!], [mean, sd, ...ci95], { rtol: 1e-7, atol: 1e-15 });
    }
  });

  it('gives no spread for a single value', () => {
    expect(estimate([0.5])).toEqual({ mean: 0.5, sd: null, ci95: null, n: 1 });
  });
});

describe('tTest', () => {
  it("gives the p value and interval of SciPy's paired t test", () => {
    for (const { variant, baseline, p, ci95 } of golden.paired) {
      const difference = estimate(variant.map((value, i) => value - baseline[i]));
      expectClose([tTest(difference)!], [p], { rtol: 1e-10 });
      expectClose(difference.ci95!, ci95, { rtol: 1e-7, atol: 1e-12 });
    }
  });

  it('widens for folds as Nadeau & Bengio say', () => {
    for (const { differences, dependence, p, ci95 } of golden.corrected) {
      const difference = estimate(differences, dependence);
      expectClose([tTest(difference, dependence)!], [p], { rtol: 1e-10 });
      expectClose(difference.ci95!, ci95, { rtol: 1e-7, atol: 1e-12 });
      expect(tTest(difference, dependence)!).toBeGreaterThan(tTest(difference)!);
    }
  });

  it('does not take rounding for precision where all differences are equal', () => {
    // As accuracies these are all one point in a hundred, as doubles they are not equal.
    const differences = [0.81 - 0.8, 0.82 - 0.81, 0.83 - 0.82, 0.84 - 0.83];
    expect(new Set(differences).size).toBeGreaterThan(1);
    expect(tTest(estimate(differences))).toBe(0.125);
    expect(tTest(estimate([0, 0, 0]))).toBe(1);
    expect(tTest(estimate([0.3]))).toBeNull();
  });
});

describe('holm', () => {
  it('adjusts as the definition says, in the order given', () => {
    for (const { p, adjusted } of golden.holm) expectClose(holm(p), adjusted, { rtol: 1e-15 });
  });
});

describe('quantiles', () => {
  it("gives NumPy's, whatever the order of the values", () => {
    for (const { values, shares, quantiles: expected } of golden.quantiles) {
      expectClose(quantiles(values.toReversed(), shares), expected, { rtol: 1e-14, atol: 1e-15 });
    }
  });
});
