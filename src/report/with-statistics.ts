// Brings results of Regulus 0.1, which have no comparisons, up to date: they follow from the trials.
import { type Results, summarize } from '../experiment/index.ts';

export function withStatistics(results: Results): Results & Required<Pick<Results, 'comparisons' | 'methods'>> {
  const { spec, engine, trials, comparisons, methods } = results;
  if (comparisons && methods) return { ...results, comparisons, methods };
  const added = summarize(spec, engine, trials);
  return { ...results, comparisons: added.comparisons ?? [], methods: added.methods ?? {} };
}
