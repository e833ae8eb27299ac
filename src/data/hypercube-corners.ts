// Distinct random corners of a hypercube, in the order in which scikit-learn draws them.
import type { RandomState } from '../random/index.ts';

/** Dimensions that are drawn without replacement; further ones are independent random bits. */
const DISTINCT_DIMENSIONS = 30;

/** `count` corners as rows of `dimensions` bits, most significant first; distinct as `count <= 2^dimensions`. */
export function hypercubeCorners(count: number, dimensions: number, random: RandomState): number[][] {
  const bits = Math.min(dimensions, DISTINCT_DIMENSIONS);
  const extra = Array.from({ length: count }, () =>
    Array.from({ length: dimensions - bits }, () => random.randint(0, 2)),
  );
  const corners = sampleWithoutReplacement(1 << bits, count, random);
  return extra.map((row, i) => {
    for (let bit = bits - 1; bit >= 0; bit--) row.push((corners[i] >>> bit) & 1);
    return row;
  });
}

/**
 * `count` distinct integers in [0, population). scikit-learn picks one of three methods by the share drawn, and each
 * takes other values from the stream.
 */
function sampleWithoutReplacement(population: number, count: number, random: RandomState): ArrayLike<number> {
  const share = count / population;
  if (share > 0.01 && share < 0.99) return random.permutation(population).subarray(0, count);
  return share < 0.2 ? rejectRepeats(population, count, random) : reservoir(population, count, random);
}

function rejectRepeats(population: number, count: number, random: RandomState): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.randint(0, population));
  return [...drawn];
}

/** Vitter's algorithm R: later items replace earlier ones with falling probability. */
function reservoir(population: number, count: number, random: RandomState): number[] {
  const kept = Array.from({ length: count }, (_, i) => i);
  for (let i = count; i < population; i++) {
    const j = random.randint(0, i + 1);
    if (j < count) kept[j] = i;
  }
  return kept;
}
