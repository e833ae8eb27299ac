// Names of trials in messages.
import { expect, it } from 'vitest';
import { trialName } from '../../src/experiment/index.ts';

it('names what a point sets, and of more than a few settings not those that it leaves out', () => {
  const name = (point: Record<string, number | null>) => trialName({ variant: 'A', point, seed: 7 });
  const [few, many] = [2, 5].map((count) => Array.from({ length: count }, (_, i) => `network.k${i}`));
  const pointOf = (paths: readonly string[], value: number | null) =>
    Object.fromEntries(paths.map((path, i) => [path, i === 1 ? value : null]));
  expect(name(pointOf(few, 2))).toBe('A, network.k0 = null, network.k1 = 2, seed 7');
  expect(name(pointOf(many, 2))).toBe('A, network.k1 = 2, seed 7');
  expect(name(pointOf(many, null))).toContain('network.k0 = null, network.k1 = null, network.k2 = null');
});
