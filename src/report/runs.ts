// Results regrouped the way figures and tables need them: by variant, in spec order.
import {
  isChosen,
  type NetworkSpec,
  type Results,
  type SweepPoint,
  type TrainingSpec,
  type VariantSummary,
} from '../experiment/index.ts';
import { variantColor, variantDash } from './style.ts';

export type Trial = Results['trials'][number];

/** The trained networks of one variant (with a sweep, at its chosen point), and how the variant is drawn. */
export interface Run {
  variant: string;
  point?: SweepPoint;
  summary: VariantSummary;
  color: string;
  dash: number[];
  network: NetworkSpec;
  training: TrainingSpec;
  trials: Trial[];
}

/** One entry per variant that has at least one finished trial. */
export function groupRuns({ spec, trials, summary, sweep }: Results): Run[] {
  const chosen = trials.filter(({ variant, point }) => isChosen(sweep, variant, point));
  return spec.variants.flatMap(({ label, network, training }, index) => {
    const own = chosen.filter(({ variant }) => variant === label);
    const ownSummary = summary.find(({ variant, point }) => variant === label && isChosen(sweep, variant, point));
    if (own.length === 0 || !ownSummary) return [];
    const [{ point }] = own;
    return {
      variant: label,
      ...(point && { point }),
      summary: ownSummary,
      color: variantColor(index),
      dash: variantDash(index),
      network: { ...spec.network, ...network },
      training: { ...spec.training, ...training },
      trials: own,
    };
  });
}

/** Whether the variant's network has a layer or penalty of this name, by itself or by its point of a sweep. */
export function mentions({ network, point }: Run, name: 'dropout' | 'l1' | 'l2'): boolean {
  return new RegExp(`\\b${name}"(?!:0[,}])`).test(JSON.stringify([network, point]));
}

interface TrialKey {
  variant: string;
  seed: number;
  point?: SweepPoint;
  fold?: { index: number };
}

/** Whether both speak of the same training run. */
export function isSameTrial(a: TrialKey, b: TrialKey): boolean {
  return (
    a.variant === b.variant &&
    a.seed === b.seed &&
    a.fold?.index === b.fold?.index &&
    JSON.stringify(a.point) === JSON.stringify(b.point)
  );
}

/** The figure numbers of `run`: with a sweep those of its chosen point, or of another one where it has none. */
export function figuresOf<T extends { variant: string; point?: SweepPoint }>(
  run: Run,
  figures: readonly T[],
): T | undefined {
  const own = figures.filter(({ variant }) => variant === run.variant);
  return own.find(({ point }) => JSON.stringify(point) === JSON.stringify(run.point)) ?? own[0];
}

/** What a figure's reader is told one dot of `runs` stands for. */
export function trialNoun(runs: readonly Run[]): string {
  return runs.some(({ trials }) => trials.some(({ fold }) => fold)) ? 'fold and seed' : 'seed';
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two digits, which is exact for test sets whose size divides 10 000. */
export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)}%`;

/** A difference of shares in percentage points. */
export const signedPoints = (difference: number): string =>
  `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(2)}`;

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** At most `limit` of `items`, evenly spaced, always the same ones. */
export function thin<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_, i) => items[Math.floor((i * items.length) / limit)]);
}
