// The rules of options that several generators have.
import { boolean, integer, number } from '../errors/index.ts';

export const nSamples = integer(1, { default: 100, describe: 'Number of samples' });
export const targetNoise = number('[0, inf)', {
  default: 0,
  describe: 'Standard deviation of the noise of the targets',
});
export const shuffle = boolean({ default: true, describe: 'Whether samples come in random order' });
export const shuffleBoth = boolean({ default: true, describe: 'Whether samples and features come in random order' });
