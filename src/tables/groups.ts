// Networks of several kinds predict together: what each kind counts follows from what it predicts of rows that it has not learnt from.
import type { Dataset, Matrix } from '../data/index.ts';
import { exp } from '../random/index.ts';
import { bestTemperature, calibrated, LEAST } from '../uncertainty/index.ts';
import type { MemberJob, TrainedMember } from './train-member.ts';

/** Networks of one kind, one for each fold. */
export interface Group {
  readonly jobs: readonly MemberJob[];
  readonly networks: readonly TrainedMember[];
  /** For classes: what divides their logits. */
  readonly temperature?: number;
  /** What the group counts in the mean of all predictions, beside the others. */
  readonly weight: number;
}

/** A group that would count less is left out. */
const LEAST_WEIGHT = 0.05;
const ROUNDS = 100;

/** One network. Its rows are few and have chosen the epoch, so that the root of what fits them best is nearer to what fits others. */
export function singleGroup(jobs: readonly MemberJob[], networks: readonly TrainedMember[]): Group {
  const y = jobs[0].validation?.y;
  const { predictions } = networks[0];
  // Losses of your own may give no probabilities.
  if (!(y instanceof Int32Array) || !predictions?.shape) return { jobs, networks, weight: 1 };
  return { jobs, networks, weight: 1, temperature: Math.sqrt(pooledTemperature([predictions], [...y])) };
}

/**
 * Divides networks, `folds` of each kind, into groups, finds one temperature for each, and weighs them: by expectation maximization for a
 * mixture of what they predict (for numbers, of normal distributions around it), after one row more for each kind, as in Laplace's rule: few rows
 * say little.
 */
export function weighedGroups(
  jobs: readonly MemberJob[],
  networks: readonly TrainedMember[],
  folds: number,
  areClasses: boolean,
): readonly Group[] {
  const targets = jobs.slice(0, folds).flatMap(({ validation }) => [...((validation as Dataset).y as Int32Array)]);
  const groups = Array.from({ length: networks.length / folds }, (_, k) => {
    const [own, trained] = [jobs, networks].map((list) => list.slice(k * folds, (k + 1) * folds));
    const group = { jobs: own as MemberJob[], networks: trained as TrainedMember[] };
    const unseen = joined(group.networks.map(({ predictions }) => predictions as Matrix));
    if (!areClasses) return { ...group, likelihoods: normalLikelihoods(unseen, targets) };
    const temperature = pooledTemperature([unseen], targets);
    const { data, shape } = calibrated(unseen, temperature);
    return { ...group, temperature, likelihoods: targets.map((target, i) => data[i * shape[1] + target]) };
  });
  const weights = mixtureWeights(groups.map(({ likelihoods }) => likelihoods));
  return groups
    .map(({ likelihoods: _, ...group }, k): Group => ({ ...group, weight: weights[k] }))
    .filter(({ weight }) => weight >= LEAST_WEIGHT);
}

/**
 * One temperature for several networks: that of the probabilities that each gives for rows that it has not learnt from, taken together, with the
 * classes of all these rows.
 *
 * @hidden
 */
export function pooledTemperature(unseen: readonly Matrix[], targets: readonly number[]): number {
  // One more row, shared equally by all classes, keeps it finite where every row is right (as Platt 1999 does).
  const smoothing = 1 / (targets.length + 1);
  return bestTemperature(joined(unseen), Int32Array.from(targets), { smoothing, range: [0.1, 10] });
}

/** The densities of numbers in normal distributions around what is predicted, with the variance of all these errors. */
function normalLikelihoods({ data }: Matrix, targets: readonly number[]): number[] {
  const squares = targets.map((target, i) => (data[i] - target) * (data[i] - target));
  const variance = Math.max(squares.reduce((sum, square) => sum + square) / squares.length, LEAST);
  return squares.map((square) => exp(-square / (2 * variance)) / Math.sqrt(variance));
}

/** The shares of a mixture, by how likely each row is in each of its parts. */
function mixtureWeights(likelihoods: readonly (readonly number[])[]): number[] {
  const parts = likelihoods.length;
  const rows = likelihoods[0].length;
  let weights: number[] = Array(parts).fill(1 / parts);
  for (let round = 0; round < ROUNDS; round++) {
    const counts: number[] = Array(parts).fill(1);
    for (let i = 0; i < rows; i++) {
      const shares = weights.map((weight, k) => weight * Math.max(likelihoods[k][i], LEAST));
      const total = shares.reduce((a, b) => a + b);
      for (let k = 0; k < parts; k++) counts[k] += shares[k] / total;
    }
    weights = counts.map((count) => count / (rows + parts));
  }
  return weights;
}

/** All rows of matrices with the same columns. */
function joined(matrices: readonly Matrix[]): Matrix {
  const data = Float64Array.from(matrices.flatMap((matrix) => [...matrix.data]));
  const [columns] = matrices.map(({ shape }) => shape[1]);
  return { data, shape: [data.length / columns, columns] };
}
