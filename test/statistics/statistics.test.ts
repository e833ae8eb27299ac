// Estimates, tests and quantiles against SciPy and NumPy.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Estimate, estimate, estimateShare, holm, pairedTTest, quantiles } from '../../src/statistics/index.ts';
import { expectClose } from '../reference/close.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../golden/scipy/${name}`, import.meta.url), 'utf8'));
const { estimates } = read('estimates.json') as {
  estimates: (Estimate & { values: number[]; sd: number; ci95: [number, number] })[];
};
const shares = read('shares.json') as { values: number[]; dependence: number; ci95: [number, number] }[];
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

describe('estimateShare', () => {
  it('gives the interval on the logit scale that SciPy gives', () => {
    for (const { values, dependence, ci95 } of shares) {
      const { ci95: actual, ...rest } = estimateShare(values, dependence);
      expectClose(actual!, ci95, { rtol: 1e-6 });
      expect(actual![0]).toBeGreaterThanOrEqual(0);
      expect(actual![1]).toBeLessThanOrEqual(1);
      expect({ ...rest, ci95: null }).toEqual({ ...estimate(values, dependence), ci95: null });
    }
  });

  it('is the mean where all values are the same, and none for a single one', () => {
    expect(estimateShare([1, 1, 1]).ci95).toEqual([1, 1]);
    expect(estimateShare([0, 0]).ci95).toEqual([0, 0]);
    expect(estimateShare([0.75, 0.75]).ci95).toEqual([0.75, 0.75]);
    expect(estimateShare([0.5]).ci95).toBeNull();
  });
});

describe('pairedTTest', () => {
  it("gives the p value and interval of SciPy's paired t test", () => {
    for (const { variant, baseline, p, ci95 } of golden.paired) {
      const test = pairedTTest(variant, baseline);
      expectClose([test.p!], [p], { rtol: 1e-10 });
      expectClose(test.difference.ci95!, ci95, { rtol: 1e-7, atol: 1e-12 });
    }
  });

  it('widens for folds as Nadeau & Bengio say', () => {
    for (const { differences, dependence, p, ci95 } of golden.corrected) {
      const zeros = differences.map(() => 0);
      const test = pairedTTest(differences, zeros, dependence);
      expectClose([test.p!], [p], { rtol: 1e-10 });
      expectClose(test.difference.ci95!, ci95, { rtol: 1e-7, atol: 1e-12 });
      expect(test.p!).toBeGreaterThan(pairedTTest(differences, zeros).p!);
    }
  });

  it('is never less sure of equal differences than of unequal ones: SciPy gives 0, too', () => {
    const five = [1, 2, 3, 4, 5];
    const [equal, unequal] = [0.5, 0.475].map((last) => five.map((value, i) => value + (i < 4 ? 0.5 : last)));
    expect(pairedTTest(equal, five)).toEqual({ difference: { mean: 0.5, sd: 0, ci95: [0.5, 0.5], n: 5 }, p: 0 });
    expectClose([pairedTTest(unequal, five).p!], [6.2418757796e-8], { rtol: 1e-8 });
    expect(pairedTTest(five, five).p).toBe(1);
    expect(pairedTTest([0.8], [0.5])).toEqual({ difference: estimate([0.8 - 0.5]), p: null });
  });

  it.each([1, 3e-20, 7e20])('does not take rounding for a difference, or for scatter, of values times %d', (size) => {
    const scaled = (values: number[]) => values.map((value) => value * size);
    // These are all one point in a hundred, but not as doubles.
    const [high, low] = [scaled([0.81, 0.82, 0.83, 0.84]), scaled([0.8, 0.81, 0.82, 0.83])];
    expect(new Set(high.map((value, i) => value - low[i])).size).toBeGreaterThan(1);
    expect(pairedTTest(high, low).p).toBe(0);
    const rounded = high.map((value) => value * (1 + Number.EPSILON));
    expect(rounded).not.toEqual(high);
    expect(pairedTTest(rounded, high).p).toBe(1);
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
