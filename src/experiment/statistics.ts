// Mean, standard deviation and the 95 % interval of the mean over seeds.
import type { Estimate } from './results.ts';

/** 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom. */
// biome-ignore format: a table of six a row
const quantiles = [
  12.7062047364321, 4.30265272991127, 3.18244630528426, 2.7764451051978, 2.57058183661474, 2.44691184879168,
  2.3646242510103, 2.30600413503337, 2.26215716274099, 2.22813885196494, 2.20098516008295, 2.17881282966342,
  2.16036865646101, 2.14478668791693, 2.13144954555932, 2.11990529922101, 2.10981557783318, 2.10092204024096,
  2.09302405440826, 2.08596344726584, 2.07961384472766, 2.07387306790401, 2.06865761041904, 2.06389856162802,
  2.05953855275329, 2.05552943864287, 2.05183051648028, 2.04840714179524, 2.0452296421327, 2.04227245630124,
];

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * 97.5 % quantile of Student's t for a whole number of degrees of freedom, within 1e-7 relative: a table, then the
 * expansion around the normal quantile (Abramowitz & Stegun 26.7.5). Both need arithmetic alone, so that every
 * engine gives the same bits.
 */
export function tQuantile975(degreesOfFreedom: number): number {
  if (degreesOfFreedom <= quantiles.length) return quantiles[degreesOfFreedom - 1];
  const v = degreesOfFreedom;
  const z2 = z * z;
  const g1 = (z2 + 1) / 4;
  const g2 = ((5 * z2 + 16) * z2 + 3) / 96;
  const g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return z * (1 + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v);
}

/** Estimates the mean of the population that `values` (at least one) were drawn from. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = sum(values) / n;
  if (n === 1) return { mean, sd: null, ci95: null, n };
  const sd = Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / (n - 1));
  const half = (tQuantile975(n - 1) * sd) / Math.sqrt(n);
  return { mean, sd, ci95: [mean - half, mean + half], n };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
