// The table of a sweep's points, from the lowest validation loss up.
import { isChosen, type Results } from '../experiment/index.ts';
import { describePoint } from './describe.ts';
import { escapeHtml } from './escape.ts';
import { htmlTable } from './html-table.ts';
import { percent } from './runs.ts';
import { interval } from './verdict.ts';

const MAX_ROWS = 100;

/** Empty without a sweep. */
export function sweepTable({ summary, sweep }: Results): string {
  const points = summary
    .flatMap(({ variant, point, testAccuracy, validationLoss }) =>
      point && validationLoss ? [{ variant, point, testAccuracy, loss: validationLoss.mean }] : [],
    )
    .sort((a, b) => a.loss - b.loss);
  if (points.length === 0) return '';
  const rows = points.slice(0, MAX_ROWS).map(({ variant, point, testAccuracy: { mean, ci95 }, loss }) => {
    const isBest = isChosen(sweep, variant, point);
    return {
      isBest,
      cells: [
        escapeHtml(variant) + (isBest ? ' <small>chosen</small>' : ''),
        escapeHtml(describePoint(point)),
        loss.toFixed(4),
        percent(mean),
        ci95 ? interval(ci95) : 'none',
      ],
    };
  });
  const left = points.length > MAX_ROWS ? `<p class="note">The ${MAX_ROWS} best of ${points.length} points.</p>` : '';
  return `<details>
<summary>All points of the sweep</summary>
<div class="wide" role="region" aria-label="Sweep table" tabindex="0">
${htmlTable(['Variant', 'Point', 'Validation loss', 'Test accuracy', '95% interval'], rows)}
</div>
${left}</details>`;
}
