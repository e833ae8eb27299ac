// The encodings that dot plots of variants share: a row for each, in the variant's colour.
import type { Run } from './runs.ts';
import { INK } from './style.ts';

/** One row for each variant, in the order of the data. */
export const variantRows = {
  field: 'variant',
  type: 'nominal',
  sort: null,
  title: null,
  axis: { labelColor: INK, labelLimit: 220, labelPadding: 10, ticks: false, domain: false, grid: true },
};

/** The colours of the variants; the rows name them, so there is no legend. */
export function colorByVariant(runs: readonly Run[]) {
  return {
    field: 'variant',
    type: 'nominal',
    scale: { domain: runs.map(({ variant }) => variant), range: runs.map((run) => run.color) },
    legend: null,
  };
}
