// The learning-curve band: what the middle half of the trials did, epoch by epoch.
import { checkParts, fail } from '../errors/index.ts';
import { quantiles } from '../statistics/index.ts';
import type { TrialHistory, TrialResult } from './results.ts';

/** Median and quartiles over the trials that reached an epoch (counted from 1). */
export interface CurvePoint {
  epoch: number;
  lower: number;
  median: number;
  upper: number;
}

/**
 * The band of one series over `trials`, up to the last epoch that at least half of them reached: beyond it, the few trials
 * that ran longest would stand for all.
 *
 * @example
 * ```js
 * import { learningCurve, presets, runExperiment } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const spec = { ...moons, variants: [{ label: 'Plain' }], seeds: { count: 3 }, training: { ...moons.training, epochs: 2 } };
 * const { results } = await runExperiment(spec);
 * for (const { epoch, median } of learningCurve(results.trials, 'valDataLoss')) console.log(epoch, median);
 * ```
 */
export function learningCurve(
  trials: readonly Pick<TrialResult, 'history'>[],
  series: keyof TrialHistory,
): CurvePoint[] {
  if (!Array.isArray(trials)) fail('learningCurve', 'trials', 'a list of trials', trials);
  const curves = trials.map((trial) => {
    checkParts('learningCurve', 'trial', trial, { history: 'object' });
    checkParts('learningCurve', 'trial.history', trial.history, { [series]: 'list' });
    return trial.history[series];
  });
  const points: CurvePoint[] = [];
  for (let index = 0; ; index++) {
    const values = curves.flatMap((curve) => (index < curve.length ? [curve[index]] : []));
    if (values.length === 0 || values.length < curves.length / 2) return points;
    const [lower, median, upper] = quantiles(values, [0.25, 0.5, 0.75]);
    points.push({ epoch: index + 1, lower, median, upper });
  }
}
