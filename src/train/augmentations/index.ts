// All augmentations of the package: what is here is exported, and known to specs, workers and files.
import { adversarial } from './adversarial.ts';
import { cutmix, cutout } from './cutmix.ts';
import { inputNoise } from './input-noise.ts';
import { mixup } from './mixup.ts';

export { adversarial, cutmix, cutout, inputNoise, mixup };

/**
 * All augmentations of the package.
 *
 * @example
 * ```js
 * import { augmentations } from 'regulus';
 * console.log(augmentations.map(({ definition }) => definition.type));
 * ```
 */
export const augmentations = [mixup, cutmix, cutout, inputNoise, adversarial] as const;
