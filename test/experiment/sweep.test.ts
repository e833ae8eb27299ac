// The points of grids and of random sweeps.
import { describe, expect, it } from 'vitest';
import type { GridSweep, RandomSweep, SweepPoint } from '../../src/experiment/index.ts';
import { countDrawable, countPoints, points } from '../../src/experiment/sweep.ts';

const l2 = 'network.l2';

function valuesOf(path: string, sweep: GridSweep | RandomSweep): unknown[] {
  return [...points(sweep)].map((point) => point[path]);
}

const grid = (parameters: GridSweep['parameters']): GridSweep => ({ type: 'grid', parameters });
const random = (samples: number, parameters: RandomSweep['parameters'], seed?: number): RandomSweep => ({
  type: 'random',
  samples,
  parameters,
  ...(seed !== undefined && { seed }),
});

describe('grids', () => {
  it('combine all values, the last parameter changing first', () => {
    const sweep = grid({ [l2]: [0, 1], scaling: ['none', 'minmax'], 'training.epochs': { from: 1, to: 3, count: 3 } });
    const expected: SweepPoint[] = [];
    for (const a of [0, 1])
      for (const b of ['none', 'minmax'])
        for (const c of [1, 2, 3]) expected.push({ [l2]: a, scaling: b, 'training.epochs': c });
    expect([...points(sweep)]).toEqual(expected);
    expect(countPoints(sweep)).toBe(12);
  });

  it('have tidy values at equal distances, on a linear and on a log scale', () => {
    expect(valuesOf(l2, grid({ [l2]: { from: 0, to: 0.3, count: 4 } }))).toEqual([0, 0.1, 0.2, 0.3]);
    const powers = { from: 1e-5, to: 10, count: 7, scale: 'log' as const };
    expect(valuesOf(l2, grid({ [l2]: powers }))).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10]);
    const odd = { from: 0.012345678901234567, to: 0.1, count: 2, scale: 'log' as const };
    expect(valuesOf(l2, grid({ [l2]: odd }))).toEqual([0.012345678901234567, 0.1]);
  });

  it('round integers, and leave out what this makes equal', () => {
    const patience = 'training.earlyStopping.patience';
    const sweep = grid({ [patience]: { from: 1, to: 8, count: 12, scale: 'log' } });
    expect(valuesOf(patience, sweep)).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(countPoints(sweep)).toBe(7);
  });
});

describe('random sweeps', () => {
  it('are the same each time, and others with another seed', () => {
    const parameters = { [l2]: { from: 1e-6, to: 1, scale: 'log' as const }, 'network.dropout': { from: 0, to: 0.9 } };
    const first = [...points(random(50, parameters, 1))];
    expect([...points(random(50, parameters, 1))]).toEqual(first);
    expect([...points(random(20, parameters, 1))]).toEqual(first.slice(0, 20));
    expect([...points(random(50, parameters, 2))]).not.toEqual(first);
    expect([...points(random(50, parameters))]).toEqual([...points(random(50, parameters, 0))]);
    // 10 ** (6 * u - 6) and 0.9 * u for the u of numpy.random.RandomState(1).random_sample().
    expect(first.slice(0, 3)).toEqual([
      { [l2]: 0.000317784, 'network.dropout': 0.648292 },
      { [l2]: 0.00000100158, 'network.dropout': 0.272099 },
      { [l2]: 0.00000759513, 'network.dropout': 0.0831047 },
    ]);
  });

  it('are uniform in the value or in its logarithm', () => {
    const linear = valuesOf(l2, random(2000, { [l2]: { from: 2, to: 4 } })) as number[];
    const log = valuesOf(l2, random(2000, { [l2]: { from: 1e-4, to: 1, scale: 'log' } })) as number[];
    for (const values of [linear.map((value) => (value - 2) / 2), log.map((value) => 1 + Math.log10(value) / 4)]) {
      // Kolmogorov and Smirnov's distance; 1.95 / sqrt(n) is exceeded by chance once in a thousand.
      const sorted = values.toSorted((a, b) => a - b);
      const distance = Math.max(...sorted.map((value, i) => Math.abs(value - (i + 0.5) / sorted.length)));
      expect(distance).toBeLessThan(1.95 / Math.sqrt(2000));
    }
    expect(linear.every((value) => value >= 2 && value <= 4)).toBe(true);
    expect(log.every((value) => value >= 1e-4 && value <= 1)).toBe(true);
  });

  it('draw every integer of a range, and every value of a list, without repeating a point', () => {
    const units = 'network.hiddenUnits[0]';
    const drawn = valuesOf(units, random(8, { [units]: { from: 3, to: 10 } })) as number[];
    expect(drawn.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    const log = valuesOf(units, random(8, { [units]: { from: 1, to: 8, scale: 'log' } })) as number[];
    expect(new Set(log).size).toBe(8);
    const listed = [...points(random(6, { [l2]: [1, 2, 3], scaling: ['none', 'minmax'] }))];
    expect(new Set(listed.map((point) => JSON.stringify(point))).size).toBe(6);
  });

  it('know how many points they can tell apart', () => {
    expect(countDrawable({ [l2]: [1, 2, 3], 'training.epochs': { from: 5, to: 9 } })).toBe(15);
    expect(countDrawable({ [l2]: [1, 2, 3], 'network.dropout': { from: 0, to: 0.5 } })).toBe(Number.POSITIVE_INFINITY);
    expect(countPoints(random(7, { [l2]: { from: 0, to: 1 } }))).toBe(7);
  });
});
