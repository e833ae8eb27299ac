// Networks of several kinds: which of them predict best what they have not learnt from, alone or together.
import type { Dataset, Matrix } from '../data/index.ts';
import { log } from '../random/index.ts';
import { bestTemperature, calibrated, LEAST } from '../uncertainty/index.ts';
import type { MemberJob, TrainedMember } from './train-member.ts';

/** Networks of one kind, one for each fold. */
export interface Group {
  readonly jobs: readonly MemberJob[];
  readonly networks: readonly TrainedMember[];
  /** For classes: what divides their logits. */
  readonly temperature?: number;
}

/**
 * Divides networks, `folds` of each kind, into groups, finds one temperature for each, and returns the group, or all of them, whose mean
 * predictions of the rows that a network has not learnt from have the least log loss, or squared error.
 */
export function bestGroups(
  jobs: readonly MemberJob[],
  networks: readonly TrainedMember[],
  folds: number,
  areClasses: boolean,
): readonly Group[] {
  const targets = jobs.slice(0, folds).flatMap(({ validation }) => [...((validation as Dataset).y as Int32Array)]);
  const groups: (Group & { unseen: Matrix })[] = [];
  for (let start = 0; start < networks.length; start += folds) {
    const [own, trained] = [jobs.slice(start, start + folds), networks.slice(start, start + folds)];
    const unseen = joined(trained.map(({ predictions }) => predictions as Matrix));
    if (areClasses) {
      // One more row, shared equally by all classes, keeps it finite where every row is right (as Platt 1999 does).
      const smoothing = 1 / (targets.length + 1);
      const temperature = bestTemperature(unseen, Int32Array.from(targets), { smoothing, range: [0.1, 10] });
      groups.push({ jobs: own, networks: trained, temperature, unseen: calibrated(unseen, temperature) });
    } else groups.push({ jobs: own, networks: trained, unseen });
  }
  const lossOf = (candidate: typeof groups): number => {
    const [, columns] = candidate[0].unseen.shape;
    let loss = 0;
    for (const [i, target] of targets.entries()) {
      const at = areClasses ? i * columns + target : i * columns;
      const mean = candidate.reduce((sum, { unseen }) => sum + unseen.data[at], 0) / candidate.length;
      loss += areClasses ? -log(Math.max(mean, LEAST)) : (mean - target) * (mean - target);
    }
    return loss;
  };
  // Every set of groups but the empty one, the largest first.
  const candidates = Array.from({ length: 2 ** groups.length - 1 }, (_, i) => groups.filter((_, k) => !((i >> k) & 1)));
  const losses = candidates.map(lossOf);
  return candidates[losses.indexOf(Math.min(...losses))];
}

/** All rows of matrices with the same columns. */
function joined(matrices: readonly Matrix[]): Matrix {
  const data = Float64Array.from(matrices.flatMap((matrix) => [...matrix.data]));
  const [columns] = matrices.map(({ shape }) => shape[1]);
  return { data, shape: [data.length / columns, columns] };
}
