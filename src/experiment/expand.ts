// Expands a spec into its trials: every variant at every point of the sweep, on every fold and with every seed.
import { withValue } from './parameter-paths.ts';
import type { ExperimentSpec, FoldSpec, NetworkSpec, Numerics, SweepPoint, Trial, VariantSpec } from './spec.ts';
import { countPoints, points } from './sweep.ts';

/** What a variant at a point of the sweep takes from the spec. */
export type TrialSections = Pick<Trial, 'dataset' | 'split' | 'scaling' | 'network' | 'training'>;

/** Options of {@link expand} and {@link trials}. */
export interface ExpandOptions {
  /** Default `'reproducible'`. */
  numerics?: Numerics;
}

/**
 * Trials of a valid spec, made one by one: variant by variant, within each point by point, fold by fold, and seeds in
 * order. The first trial of each variant also asks for the figures' numbers.
 */
export function* trials(spec: ExperimentSpec, { numerics = 'reproducible' }: ExpandOptions = {}): Generator<Trial> {
  const seeds = seedList(spec.seeds);
  for (const variant of spec.variants) {
    const base = sectionsOf(spec, variant);
    let figures = true;
    for (const point of spec.sweep ? points(spec.sweep) : [undefined]) {
      const sections = point ? atPoint(base, point) : base;
      for (const fold of folds(spec)) {
        for (const seed of seeds) {
          yield {
            variant: variant.label,
            ...(point && { point }),
            ...(fold && { fold }),
            seed,
            ...sections,
            numerics,
            figures,
          };
          figures = false;
        }
      }
    }
  }
}

/** How many {@link trials} there are, without making them. */
export function countTrials(spec: ExperimentSpec): number {
  const seeds = Array.isArray(spec.seeds) ? spec.seeds.length : spec.seeds.count;
  return spec.variants.length * (spec.sweep ? countPoints(spec.sweep) : 1) * folds(spec).length * seeds;
}

/** All {@link trials} at once. */
export function expand(spec: ExperimentSpec, options: ExpandOptions = {}): Trial[] {
  return [...trials(spec, options)];
}

/** The seeds of a spec, one by one. */
export function seedList(seeds: ExperimentSpec['seeds']): number[] {
  if (Array.isArray(seeds)) return seeds;
  const { start = 0, count } = seeds;
  return Array.from({ length: count }, (_, i) => start + i);
}

/** The spec with a variant's keys. */
export function sectionsOf(spec: ExperimentSpec, variant: VariantSpec): TrialSections {
  const { dataset, split, scaling } = spec;
  return {
    dataset,
    split,
    scaling,
    network: merged(spec.network, variant.network),
    training: { ...spec.training, ...variant.training },
  };
}

/** A network of the other kind replaces the whole, because none of the keys go together. */
function merged(network: NetworkSpec, own: VariantSpec['network'] = {}): NetworkSpec {
  const replaces = ('layers' in network && 'hiddenUnits' in own) || ('hiddenUnits' in network && 'layers' in own);
  return { ...(!replaces && network), ...own } as NetworkSpec;
}

/** The sections with the values of a point. */
export function atPoint(sections: TrialSections, point: SweepPoint): TrialSections {
  return Object.entries(point).reduce((changed, [path, value]) => withValue(changed, path, value), sections);
}

function folds({ split }: ExperimentSpec): (FoldSpec | undefined)[] {
  if (!('folds' in split)) return [undefined];
  return Array.from({ length: split.folds }, (_, index) => ({ index, of: split.folds }));
}
