// The temperature that makes known probabilities what they should be.
import { expect, it } from 'vitest';
import { RandomState } from '../../src/index.ts';
import { fitTemperature } from '../../src/tables/temperature.ts';

it('finds what the logits were multiplied by', () => {
  const random = new RandomState(1);
  const rows = 5_000;
  for (const factor of [0.5, 1, 3]) {
    const y = new Int32Array(rows);
    const data = new Float64Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      const logit = 2 * (random.randn() as number);
      y[i] = Number((random.uniform(0, 1, 1) as Float64Array)[0] < 1 / (1 + Math.exp(-logit)));
      data[2 * i + 1] = 1 / (1 + Math.exp(-factor * logit));
      data[2 * i] = 1 / (1 + Math.exp(factor * logit));
    }
    expect(Math.abs(fitTemperature({ data, shape: [rows, 2] }, y) / factor - 1)).toBeLessThan(0.1);
  }
});

it('stays finite where all rows are right, and where probabilities are 0', () => {
  const rows = 50;
  const data = Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? 0.2 : 0.8));
  const right = fitTemperature({ data, shape: [rows, 2] }, new Int32Array(rows));
  expect(right).toBeGreaterThanOrEqual(0.1);
  expect(right).toBeLessThan(1);
  const wrong = fitTemperature({ data: Float64Array.of(1, 0, 0, 1), shape: [2, 2] }, Int32Array.of(0, 0));
  expect(wrong).toBeGreaterThan(5);
});
