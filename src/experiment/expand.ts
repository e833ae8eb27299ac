// Expands a spec into its trials: every variant with every seed, fully resolved.
import type { ExperimentSpec, Numerics, Trial } from './spec.ts';

/**
 * Trials of a valid spec, variant by variant, seeds in order within each.
 * The first seed of each variant also asks for the figures' numbers.
 */
export function expand(spec: ExperimentSpec, { numerics = 'reproducible' }: { numerics?: Numerics } = {}): Trial[] {
  const { dataset, split, scaling } = spec;
  return spec.variants.flatMap((variant) =>
    spec.seeds.map((seed, i) => ({
      variant: variant.label,
      seed,
      dataset,
      split,
      scaling,
      network: { ...spec.network, ...variant.network },
      training: { ...spec.training, ...variant.training },
      numerics,
      figures: i === 0,
    })),
  );
}
