// Results regrouped the way figures and tables need them: by variant, in spec order.
import type { NetworkSpec, Results, TrainingSpec } from '../experiment/index.ts';
import { variantColor, variantDash } from './style.ts';

export type Trial = Results['trials'][number];

/** The trained networks of one variant, and how the variant is drawn. */
export interface Run {
  variant: string;
  color: string;
  dash: number[];
  network: NetworkSpec;
  training: TrainingSpec;
  trials: Trial[];
}

/** One entry per variant that has at least one finished trial. */
export function groupRuns({ spec, trials }: Results): Run[] {
  return spec.variants
    .map(({ label, network, training }, index) => ({
      variant: label,
      color: variantColor(index),
      dash: variantDash(index),
      network: { ...spec.network, ...network },
      training: { ...spec.training, ...training },
      trials: trials.filter((trial) => trial.variant === label),
    }))
    .filter((run) => run.trials.length > 0);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two digits, which is exact for test sets whose size divides 10 000. */
export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)}%`;

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** At most `limit` of `items`, evenly spaced, always the same ones. */
export function thin<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]);
}
