// The confusion matrices of the baseline and of the best variant: which classes are taken for which.
import type { Figure } from './figure.ts';
import { percent, type Run } from './runs.ts';
import { className, config, INK_ON_TINT, tint, UNSEEN, VEGA_LITE } from './style.ts';

const RIGHT = '#0072b2';
const WRONG = '#d55e00';

/** Cells get numbers up to this many classes. */
const MAX_NUMBERED = 12;

/** Classes drawn at all, which bounds the size of the drawing. */
const MAX_CLASSES = 40;

/** Undefined when no trial has a confusion matrix. */
export function confusionFigure(runs: Run[], best: string): Figure | undefined {
  const shown = runs.flatMap((run, index) => {
    const counts = summed(run.trials.flatMap(({ confusion }) => (confusion ? [confusion] : [])));
    return counts && (index === 0 || run.variant === best) ? [{ ...run, counts }] : [];
  });
  if (shown.length === 0) return undefined;
  const classes = shown[0].counts.length;
  if (classes > MAX_CLASSES) return undefined;
  const step = classes <= 4 ? 64 : Math.max(10, Math.min(34, Math.floor(340 / classes)));
  const labels = Array.from({ length: classes }, (_, k) => (classes <= 4 ? className(k) : String(k)));
  const manySeeds = shown.some(({ trials }) => trials.length > 1);
  return {
    name: 'confusion',
    title: 'Confusion',
    caption:
      `Of the test points of each true class (row), the percentage predicted as each class (column)${manySeeds ? ', all seeds together' : ''}. ` +
      `Right predictions are blue, wrong ones orange, with colours that grow with the square root so that rare mistakes show. ${scope(shown, best)}`,
    alt: `Confusion matrices with ${classes} classes. ${shown.map((run) => `${run.variant}: ${worstMistake(run.counts)}`).join(' ')}`,
    spec: {
      $schema: VEGA_LITE,
      config,
      spacing: 40,
      hconcat: shown.map(({ variant, counts }, panel) => {
        const x = {
          field: 'predicted',
          type: 'ordinal',
          sort: null,
          title: 'Predicted class',
          axis: { labelAngle: 0, domain: false, ticks: false },
        };
        const y = {
          field: 'actual',
          type: 'ordinal',
          sort: null,
          title: panel === 0 ? 'True class' : null,
          axis: { domain: false, ticks: false },
        };
        return {
          width: { step },
          height: { step },
          title: { text: variant, limit: Math.max(step * classes, 160) },
          data: { values: cells(counts, labels) },
          layer: [
            {
              mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 1 },
              encoding: { x, y, color: { field: 'color', type: 'nominal', scale: null, legend: null } },
            },
            ...(classes <= MAX_NUMBERED
              ? [
                  {
                    mark: { type: 'text', fontSize: classes <= 4 ? 13 : 10, color: INK_ON_TINT },
                    encoding: { x, y, text: { field: 'text' } },
                  },
                ]
              : []),
          ],
        };
      }),
    },
  };
}

function scope(shown: Run[], best: string): string {
  if (shown.length > 1) return 'On the left the baseline, on the right the variant with the highest mean accuracy.';
  return shown[0].variant === best ? `No variant has a higher mean accuracy than ${best}.` : '';
}

function summed(matrices: number[][][]): number[][] | undefined {
  return matrices.length > 0
    ? matrices[0].map((row, i) => row.map((_, j) => matrices.reduce((sum, matrix) => sum + matrix[i][j], 0)))
    : undefined;
}

function cells(counts: number[][], labels: string[]): object[] {
  return counts.flatMap((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => {
      const share = total > 0 ? count / total : 0;
      return {
        actual: labels[actual],
        predicted: labels[predicted],
        color: share === 0 ? UNSEEN : tint(actual === predicted ? RIGHT : WRONG, 0.05 + 0.6 * Math.sqrt(share)),
        text: count === 0 ? '' : percent(share, 1).replace('%', ''),
      };
    });
  });
}

function worstMistake(counts: number[][]): string {
  const mistakes = counts.flatMap((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, predicted) =>
      actual !== predicted && count > 0 ? [{ actual, predicted, share: count / total }] : [],
    );
  });
  if (mistakes.length === 0) return 'no mistakes.';
  const { actual, predicted, share } = mistakes.reduce((a, b) => (b.share > a.share ? b : a));
  return `most often, ${percent(share, 1)} of class ${actual} is taken for class ${predicted}.`;
}
