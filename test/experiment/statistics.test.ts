// Estimates over seeds against SciPy.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/experiment/index.ts';
import { estimate, tQuantile975 } from '../../src/experiment/statistics.ts';
import { expectClose } from '../reference/close.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/scipy/estimates.json', import.meta.url), 'utf8')) as {
  tQuantile975: [degreesOfFreedom: number, value: number][];
  estimates: (Estimate & { values: number[]; sd: number; ci95: [number, number] })[];
};

describe('tQuantile975', () => {
  it('is within 1e-7 of SciPy for 1 to 200 degrees of freedom and beyond', () => {
    const actual = golden.tQuantile975.map(([degreesOfFreedom]) => tQuantile975(degreesOfFreedom));
    const expected = golden.tQuantile975.map(([, value]) => value);
    expectClose(actual, expected, { rtol: 1e-7 });
    expectClose(actual.slice(0, 30), expected.slice(0, 30), { rtol: 1e-14 });
  });
});

describe('estimate', () => {
  it('gives the mean, standard deviation and 95 % interval of SciPy', () => {
    for (const { values, mean, sd, ci95 } of golden.estimates) {
      const actual = estimate(values);
      expect(actual.n).toBe(values.length);
      expectClose([actual.mean, actual.sd!, ...actual.ci95!], [mean, sd, ...ci95], { rtol: 1e-7, atol: 1e-15 });
    }
  });

  it('gives no spread for a single value', () => {
    expect(estimate([0.5])).toEqual({ mean: 0.5, sd: null, ci95: null, n: 1 });
  });
});
