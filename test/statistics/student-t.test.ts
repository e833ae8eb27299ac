// Student's t distribution against SciPy.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tQuantile975, tTwoSidedP } from '../../src/statistics/student-t.ts';
import { expectClose } from '../reference/close.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../golden/scipy/${name}`, import.meta.url), 'utf8'));
const quantiles: [degreesOfFreedom: number, value: number][] = read('estimates.json').tQuantile975;
const pValues: [t: number, degreesOfFreedom: number, p: number][] = read('comparisons.json').tTwoSidedP;

it('has quantiles within 1e-7 of SciPy for 1 to 200 degrees of freedom and beyond', () => {
  const actual = quantiles.map(([degreesOfFreedom]) => tQuantile975(degreesOfFreedom));
  const expected = quantiles.map(([, value]) => value);
  expectClose(actual, expected, { rtol: 1e-7 });
  expectClose(actual.slice(0, 30), expected.slice(0, 30), { rtol: 1e-14 });
});

it('has two-sided p values within 1e-11 of SciPy, from 1 down to the smallest double', () => {
  const actual = pValues.map(([t, degreesOfFreedom]) => tTwoSidedP(t, degreesOfFreedom));
  const expected = pValues.map(([, , p]) => p);
  expectClose(actual, expected, { rtol: 1e-11, atol: 1e-300 });
});

it('gives 1 for zero, 0 for infinity, and does not look at the sign', () => {
  expect(tTwoSidedP(0, 7)).toBe(1);
  expect(tTwoSidedP(Number.POSITIVE_INFINITY, 7)).toBe(0);
  expect(tTwoSidedP(-2, 7)).toBe(tTwoSidedP(2, 7));
});

it('undoes the quantile', () => {
  for (const v of [1, 2, 9, 30]) expectClose([tTwoSidedP(tQuantile975(v), v)], [0.05], { rtol: 1e-10 });
});
