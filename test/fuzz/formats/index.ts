// All formats that are fuzzed.
import type { Format } from '../format.ts';
import { csv } from './csv.ts';
import { generators } from './generators.ts';
import { checkpoints, lockEntries, trialFiles } from './kept.ts';
import { models } from './models.ts';
import { npy, npz } from './numpy.ts';
import { figures, results } from './results.ts';
import { spec } from './spec.ts';
import { predictors, tables } from './tables.ts';
import { tensorflow } from './tensorflow.ts';
import { url } from './url.ts';

export const formats: readonly Format[] = [
  spec,
  generators,
  csv,
  npy,
  npz,
  tables,
  predictors,
  models,
  tensorflow,
  trialFiles,
  checkpoints,
  lockEntries,
  results,
  figures,
  url,
];
