// How messages name a trial.
import type { TrialResult } from './results.ts';

/** What tells a trial, or its result, from the others of its experiment: `Dropout, network.dropout = 0.5, fold 2 of 5, seed 7`. */
export function trialName({
  variant,
  point,
  fold,
  seed,
}: Pick<TrialResult, 'variant' | 'point' | 'fold' | 'seed'>): string {
  const values = Object.entries(point ?? {}).map(([path, value]) => `${path} = ${value}`);
  return [variant, ...values, ...(fold ? [`fold ${fold.index + 1} of ${fold.of}`] : []), `seed ${seed}`].join(', ');
}

/** The last word of a path of a sweep: `network.l2` as `l2`. */
export const shortPath = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
