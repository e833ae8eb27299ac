// The functions that the JavaScript backend computes activations and losses with, against independent ones.
import { expect, test } from 'vitest';
import { expm1, log1p, logistic, normal, softplus, tanh } from '../../src/backend/js/functions.ts';
import { expectClose } from '../reference/close.ts';
import { normal as integrated } from '../reference/operations.ts';

const points = Array.from({ length: 401 }, (_, i) => (i - 200) / 17.3);

test('are within 1e-13 of those of the host', () => {
  const negative = points.filter((x) => x <= 0);
  const small = negative.map((x) => -(2 ** (4 * x)));
  expectClose(points.map(tanh), points.map(Math.tanh), { rtol: 1e-13 });
  expectClose(
    points.map(logistic),
    points.map((x) => 1 / (1 + Math.exp(-x))),
    { rtol: 1e-13 },
  );
  expectClose(
    points.map(softplus),
    points.map((x) => Math.log1p(Math.exp(x))),
    { rtol: 1e-13 },
  );
  expectClose([...negative, ...small].map(expm1), [...negative, ...small].map(Math.expm1), { rtol: 3e-13 });
  expectClose(
    small.map((x) => log1p(-x)),
    small.map((x) => Math.log1p(-x)),
    { rtol: 1e-13 },
  );
});

test('the normal distribution function agrees with the integral of its density', () => {
  expectClose(
    points.map((x) => normal(x)),
    points.map((x) => integrated(x, 10_000)),
    { rtol: 1e-9 },
  );
  expect(normal(0)).toBe(0.5);
  // SciPy: norm.cdf([-1, 2, -6])
  expectClose([normal(-1), normal(2), normal(-6)], [0.15865525393145707, 0.9772498680518208, 9.865876450376946e-10], {
    rtol: 1e-14,
  });
});
