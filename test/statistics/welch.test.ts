// Welch's test, and Student's t between whole degrees of freedom, against SciPy.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { estimate, welch } from '../../src/statistics/index.ts';
import { tQuantile975, tTwoSidedP } from '../../src/statistics/student-t.ts';
import { expectClose } from '../reference/close.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/scipy/welch.json', import.meta.url), 'utf8')) as {
  welch: { a: number[]; b: number[]; p: number; ci95: [number, number] }[];
  tQuantile975: [degreesOfFreedom: number, value: number][];
  tTwoSidedP: [t: number, degreesOfFreedom: number, p: number][];
};

describe("Student's t for fractions of a degree of freedom", () => {
  it('has the quantiles of SciPy', () => {
    const actual = golden.tQuantile975.map(([degreesOfFreedom]) => tQuantile975(degreesOfFreedom));
    expectClose(
      actual,
      golden.tQuantile975.map(([, value]) => value),
      { rtol: 1e-7 },
    );
  });

  it('has the p values of SciPy', () => {
    const actual = golden.tTwoSidedP.map(([t, degreesOfFreedom]) => tTwoSidedP(t, degreesOfFreedom));
    expectClose(
      actual,
      golden.tTwoSidedP.map(([, , p]) => p),
      { rtol: 1e-11 },
    );
  });
});

describe('welch', () => {
  it('gives the p value and the interval of SciPy', () => {
    for (const { a, b, p, ci95 } of golden.welch) {
      const actual = welch([estimate(a), estimate(b)]);
      expectClose([actual.p!], [p], { rtol: 1e-10 });
      expectClose(actual.ci95!, ci95, { rtol: 1e-7, atol: 1e-12 });
    }
  });

  it('is as wide as two estimates are, with and without dependence', () => {
    const a = estimate([0.7, 0.8, 0.9]);
    const b = estimate([0.8, 0.8, 0.8]);
    // The second sample does not vary: the degrees of freedom and the error are those of the first.
    const { ci95 } = welch([a, b], [0.25, 0.25]);
    const wide = estimate([0.7, 0.8, 0.9], 0.25).ci95!;
    expectClose([ci95![1] - ci95![0]], [wide[1] - wide[0]], { rtol: 1e-12 });
  });

  it('gives no interval for a single value', () => {
    const none = { ci95: null, p: null };
    expect(welch([estimate([0.5]), estimate([0.25, 0.5, 0.75])])).toEqual({ mean: 0, ...none });
  });

  it('is sure where no sample varies, as SciPy is', () => {
    const [low, high] = [estimate([0.5, 0.5]), estimate([0.75, 0.75, 0.75])];
    expect(welch([low, high])).toEqual({ mean: 0.25, ci95: [0.25, 0.25], p: 0 });
    expect(welch([low, low])).toEqual({ mean: 0, ci95: [0, 0], p: 1 });
    // The means of these differ by rounding.
    const [three, ten] = [3, 10].map((n) => estimate(Array.from({ length: n }, () => 0.7)));
    expect(three.mean).not.toBe(ten.mean);
    expect(welch([three, ten]).p).toBe(1);
  });
});
