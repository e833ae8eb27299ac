// The kinds of this room that the package exports, list by list.
export * from './augmentations/index.ts';

import { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
import { reduceLROnPlateau } from './reduce-learning-rate.ts';

export { type EarlyStoppingOptions, earlyStopping, reduceLROnPlateau };

/**
 * All callbacks of the package.
 *
 * @example
 * ```js
 * import { callbacks } from 'regulus';
 * console.log(callbacks.map(({ definition }) => definition.type));
 * ```
 */
export const callbacks = [earlyStopping, reduceLROnPlateau] as const;
