// What a trial is called, in results and in messages.
import { checkOption, checkParts, text } from '../errors/index.ts';
import type { TrialKey } from './results.ts';
import type { SweepPoint } from './spec.ts';

/**
 * The name of a trial, or of its result, in messages: `Dropout, network.dropout = 0.5, fold 2 of 5, seed 7`.
 *
 * @example
 * ```js
 * import { trialName } from 'regulus/experiment';
 * console.log(trialName({ variant: 'L2', point: { 'network.l2': 0.01 }, seed: 7 })); // L2, network.l2 = 0.01, seed 7
 * ```
 */
export function trialName(trial: TrialKey): string {
  checkParts('trialName', 'trial', trial);
  const { variant, point, fold, seed } = trial;
  const place = fold ? [`fold ${fold.index + 1} of ${fold.of}`] : [];
  return [variant, ...(point ? [pointText(point)] : []), ...place, `seed ${seed}`].join(', ');
}

/** What identifies a trial, of the trial or of its result. @hidden */
export const trialKey = ({ variant, point, fold, seed }: TrialKey): TrialKey => ({
  variant,
  ...(point && { point }),
  ...(fold && { fold }),
  seed,
});

/** `network.hiddenUnits = [64,32], scaling = none` */
export function pointText(point: SweepPoint): string {
  const values = settingsOf(point).map(([path, value]) => {
    return `${path} = ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return values.join(', ');
}

/** Of a point with many settings, those names do without that it leaves out. */
const FEW = 4;

/**
 * The settings of a point that names and tables show: of more than a few, such as those of a cocktail, those alone that it has.
 *
 * @hidden
 */
export function settingsOf(point: SweepPoint): [path: string, value: SweepPoint[string]][] {
  checkParts('settingsOf', 'point', point);
  const all = Object.entries(point);
  const given = all.filter(([, value]) => value !== null);
  return all.length > FEW && given.length > 0 ? given : all;
}

/**
 * The last word of a path of a sweep: `network.l2` as `l2`.
 *
 * @example
 * ```js
 * import { shortPath } from 'regulus/experiment';
 * console.log(shortPath('training.optimizer.learningRate')); // learningRate
 * ```
 */
export const shortPath = (path: string): string =>
  checkOption('shortPath', 'path', path, text()).slice(path.lastIndexOf('.') + 1);
