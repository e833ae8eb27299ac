// The functions of `regulus/metrics` against scikit-learn's values.
import { describe, expect, test } from 'vitest';
import { ParameterError } from '../../src/errors/index.ts';
import * as functions from '../../src/metrics/entry.ts';
import golden from '../golden/sklearn/metrics.json' with { type: 'json' };
import { isClose } from '../reference/close.ts';

type Score = (first: unknown, second: unknown, options: object) => unknown;
// The entry has kinds of metrics and their list, too.
const scores = Object.fromEntries(
  Object.entries(functions).filter(([, value]) => typeof value === 'function' && !('kind' in value)),
) as unknown as Record<string, Score>;
const arrays = golden.arrays as unknown[];
const allCases = golden.cases as { name: string; args: number[]; options: object; value?: unknown; error?: true }[];

/** Compares numbers, lists and objects of them; JSON has NaN and infinities as texts. */
function expectSame(actual: unknown, expected: unknown, place: string): void {
  if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object), place).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expectSame((actual as Record<string, unknown>)[key], value, `${place}.${key}`);
    }
  } else if (expected === 'nan') expect(actual, place).toBeNaN();
  else {
    const number = typeof expected === 'string' ? Number(expected.replace('inf', 'Infinity')) : expected;
    if (!isClose(actual as number, number as number, { rtol: 1e-12, atol: 1e-14 })) {
      expect.fail(`${place} is ${actual} instead of ${expected}`);
    }
  }
}

const names = [...new Set(allCases.map(({ name }) => name))];

test('labels may be booleans, which predictors of them return', () => {
  expect(functions.accuracyScore([true, false, true], [true, true, true])).toBe(2 / 3);
  expect(functions.recallScore([true, false, true], [true, true, false])).toBe(0.5);
  expect(functions.rocAucScore([true, false, true], [0.9, 0.5, 0.1])).toBe(0.5);
  expect(functions.logLoss([true, false], [0.5, 0.5])).toBeCloseTo(Math.log(2), 12);
});

test('every function has golden values', () => {
  expect(names.sort()).toEqual(Object.keys(scores).sort());
});

describe.each(names)('%s', (name) => {
  const cases = allCases.filter((own) => own.name === name);

  test('has the values of scikit-learn, and an error where it has one', () => {
    for (const { args, options: given, ...expected } of cases) {
      const { sampleWeight, ...rest } = given as { sampleWeight?: number };
      const options = { ...rest, ...(sampleWeight !== undefined && { sampleWeight: arrays[sampleWeight] }) };
      const place = `${name}(${args}, ${JSON.stringify(given)})`;
      const [first, second] = args.map((i) => arrays[i]);
      if ('error' in expected) expect(() => scores[name](first, second, options), place).toThrow(ParameterError);
      else expectSame(scores[name](first, second, options), expected.value, place);
    }
  });

  test('takes typed arrays and matrices, too', () => {
    for (const { args, options: given, ...expected } of cases) {
      const { sampleWeight, ...rest } = given as { sampleWeight?: number };
      if ('error' in expected || args.some((i) => typeof (arrays[i] as unknown[])[0] === 'string')) continue;
      const weights = sampleWeight !== undefined && {
        sampleWeight: Float64Array.from(arrays[sampleWeight] as number[]),
      };
      const [first, second] = args.map((i) => typed(arrays[i] as number[] | number[][]));
      expectSame(scores[name](first, second, { ...rest, ...weights }), expected.value, name);
    }
  });

  test('an unknown option, and what are no arrays', () => {
    const [first, second] = cases.find((own) => !('error' in own))!.args.map((i) => arrays[i]);
    expect(() => scores[name](first, second, { beta: 1, nothing: 1 })).toThrow(/^Unknown option '(nothing|beta)' of /);
    for (const wrong of [undefined, null, 3, 'text', {}, [], [Number.NaN]]) {
      expect(() => scores[name](wrong, second, {}), String(wrong)).toThrow(ParameterError);
      expect(() => scores[name](first, wrong, {}), String(wrong)).toThrow(ParameterError);
    }
    for (const wrong of [3, [], [1], Array((first as []).length).fill(0), Array((first as []).length).fill(-1)]) {
      expect(() => scores[name](first, second, { sampleWeight: wrong }), String(wrong)).toThrow(ParameterError);
    }
  });
});

function typed(values: number[] | number[][]): unknown {
  if (!Array.isArray(values[0])) return Float64Array.from(values as number[]);
  return { data: Float64Array.from(values.flat()), shape: [values.length, values[0].length] };
}
