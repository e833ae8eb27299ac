// The points of grids and of random sweeps.
import { describe, expect, it, vi } from 'vitest';
import type { GridSweep, RandomSweep, SweepPoint } from '../../src/experiment/index.ts';
import { countPoints, points } from '../../src/experiment/sweep.ts';
import { RandomState } from '../../src/random/index.ts';

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

  it('leave out parameters that are not asked for', () => {
    const sweep = grid({ [l2]: [0, 1], scaling: ['none', 'minmax'], 'training.epochs': [1, 2] });
    const some = [l2, 'training.epochs'];
    expect([...points(sweep, some)]).toEqual([0, 1].flatMap((a) => [1, 2].map((c) => ({ [l2]: a, [some[1]]: c }))));
    expect(countPoints(sweep, some)).toBe(4);
    expect([...points(sweep, [])]).toEqual([{}]);
  });

  it('take lists, booleans, objects and null', () => {
    const sweep = grid({ 'network.hiddenUnits': [[32], [64, 32]], 'training.earlyStopping': [null, { patience: 3 }] });
    expect([...points(sweep)].map((point) => Object.values(point))).toEqual([
      [[32], null],
      [[32], { patience: 3 }],
      [[64, 32], null],
      [[64, 32], { patience: 3 }],
    ]);
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

  it('never repeat a point after rounding', () => {
    const narrow = { from: 1, to: 1.00001 };
    const drawn = valuesOf(l2, random(500, { [l2]: narrow })) as number[];
    expect(new Set(drawn).size).toBe(500);
    expect(drawn.every((value) => value >= narrow.from && value <= narrow.to)).toBe(true);
    expect(drawn[0].toPrecision(6)).toBe(String(drawn[0]).padEnd(7, '0'));
    const log = valuesOf(l2, random(300, { [l2]: { from: 1e-4, to: 1.0001e-4, scale: 'log' } }));
    expect(new Set(log).size).toBe(300);
  });

  it.each<[string, number, RandomSweep['parameters']]>([
    ['neighbours far out on a log scale', 10, { 'training.epochs': { from: 1e15, to: 1e15 + 9, scale: 'log' } }],
    ['half of them', 5, { 'training.epochs': { from: 1e15, to: 1e15 + 9, scale: 'log' } }],
    ['each of very many', 100_000, { 'training.epochs': { from: 1, to: 100_000 } }],
    ['most of a list', 5, { [l2]: [1, 2, 3], scaling: ['none', 'minmax'] }],
  ])('need a bounded number of draws: %s', (_, samples, parameters) => {
    const draws = [
      vi.spyOn(RandomState.prototype, 'uniform'),
      vi.spyOn(RandomState.prototype, 'randint'),
      vi.spyOn(RandomState.prototype, 'permutation'),
    ];
    const drawn = [...points(random(samples, parameters))].map((point) => JSON.stringify(point));
    expect(new Set(drawn).size).toBe(samples);
    expect(draws.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBeLessThan(2000);
    vi.restoreAllMocks();
    expect(Object.values([...points(random(samples, parameters))][0])[0]).toBeTypeOf('number');
  });

  it('have different points in some of the parameters, too', () => {
    const sweep = random(6, { [l2]: [1, 2, 3], scaling: ['none', 'minmax'] });
    const some = [...points(sweep, [l2])];
    expect(some.map((point) => point[l2]).toSorted()).toEqual([1, 2, 3]);
    expect(countPoints(sweep, [l2])).toBe(3);
    expect(countPoints(random(7, { [l2]: { from: 0, to: 1 } }))).toBe(7);
  });
});
