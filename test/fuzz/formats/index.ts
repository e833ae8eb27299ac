// All formats that are fuzzed.
import type { Format } from '../format.ts';
import { csv } from './csv.ts';
import { generators } from './generators.ts';
import { checkpoints, trialFiles } from './kept.ts';
import { npy, npz } from './numpy.ts';
import { figures, results } from './results.ts';
import { spec } from './spec.ts';
import { url } from './url.ts';

export const formats: readonly Format[] = [
  spec,
  generators,
  csv,
  npy,
  npz,
  trialFiles,
  checkpoints,
  results,
  figures,
  url,
];
