// The kinds of this module that the package exports, list by list.
export * from './augmentations/index.ts';

import { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
import { reduceLROnPlateau } from './reduce-learning-rate.ts';
import { snapshotEnsemble } from './snapshot-ensemble.ts';
import { swa } from './swa.ts';

export { type EarlyStoppingOptions, earlyStopping, reduceLROnPlateau, snapshotEnsemble, swa };

/**
 * All callbacks of the package.
 *
 * @example
 * ```js
 * import { callbacks } from 'regulus';
 * console.log(callbacks.map(({ definition }) => definition.type));
 * ```
 */
export const callbacks = [earlyStopping, reduceLROnPlateau, swa, snapshotEnsemble] as const;
