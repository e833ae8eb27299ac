// The confusion matrices of the baseline and of the variant with the best mean: which classes are taken for which.
import { sum } from '../../statistics/index.ts';
import { bandLabels, indexed, layer } from '../charts.ts';
import { chosenText, hasManyTrials, leaders } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { className, INK_ON_TINT, tint, UNSEEN, vegaLite } from '../look.ts';
import { applicable, percent } from '../words.ts';

const RIGHT = '#0072b2';
const WRONG = '#d55e00';

/** Cells get numbers up to this many classes. */
const MAX_NUMBERED = 12;

/** Classes drawn at all, which bounds the size of the drawing. */
const MAX_CLASSES = 40;

export const confusion = defineFigure({
  name: 'confusion',
  title: 'Confusion',
  draw(context) {
    const { runs, results, metric } = context;
    const leading = leaders(context);
    const best = leading.find(({ variant }) => variant === results.baseline) ?? leading[0];
    const shown = runs.flatMap((run) => {
      const counts = summed(run.trials.flatMap(({ confusion }) => (confusion ? [confusion] : [])));
      return counts && (run === best || run.variant === results.baseline) ? [{ run, shares: sharesOf(counts) }] : [];
    });
    if (shown.length === 0) return undefined;
    const classes = shown[0].shares.length;
    if (classes > MAX_CLASSES) return undefined;
    const step = classes <= 4 ? 64 : Math.max(10, Math.min(34, Math.floor(340 / classes)));
    const labels = Array.from(
      { length: classes },
      (_, k) => results.classNames?.[k] ?? (classes <= 4 ? className(k) : String(k)),
    );
    const shownRuns = shown.map(({ run }) => run);
    const text = { type: 'text', fontSize: classes <= 4 ? 13 : 10, color: INK_ON_TINT };
    const color = { field: 'color', type: 'nominal', scale: null, legend: null };
    return {
      caption: applicable(
        `Of the test points of each true class (row), the percentage predicted as each class (column)${hasManyTrials(shownRuns) ? ', all seeds together' : ''}.`,
        'Right predictions are blue, wrong ones orange, with colours that grow with the square root so that rare mistakes show.',
        shown.length > 1
          ? `On the left the baseline, on the right ${leading.length > 1 ? 'one of the variants' : 'the variant'} with the ${metric.best} mean test ${metric.label}.`
          : `No variant has a ${metric.best === 'highest' ? 'higher' : 'lower'} mean test ${metric.label} than ${best.variant}.`,
        chosenText(shownRuns),
      ).join(' '),
      alt: `Confusion matrices with ${classes} classes. ${shown.map(({ run, shares }) => `${run.variant}: ${worstMistake(shares, results.classNames)}`).join(' ')}`,
      spec: vegaLite({
        spacing: 40,
        params: [{ name: 'classes', value: labels }],
        hconcat: shown.map(({ run, shares }, panel) => {
          const channel = (field: string, title: string | null, axis: object) => ({
            ...{ field, type: 'ordinal', sort: null, title },
            axis: { domain: false, ticks: false, labelExpr: indexed('classes'), ...axis },
          });
          const x = channel('predicted', 'Predicted class', bandLabels(labels, step));
          const y = channel('actual', panel === 0 ? 'True class' : null, { labels: panel === 0 });
          return {
            ...{ width: { step }, height: { step }, data: { values: cells(shares) } },
            title: { text: run.variant, limit: Math.max(step * classes, 160) },
            layer: [
              layer({ type: 'rect', stroke: '#ffffff', strokeWidth: 1 }, { x, y, color }),
              ...(classes <= MAX_NUMBERED ? [layer(text, { x, y, text: { field: 'text' } })] : []),
            ],
          };
        }),
      }),
    };
  },
});

function summed(matrices: number[][][]): number[][] | undefined {
  return matrices.length > 0
    ? matrices[0].map((row, i) => row.map((_, j) => sum(matrices.map((matrix) => matrix[i][j]))))
    : undefined;
}

/** Of the points of each true class, the shares that are predicted as each class. */
const sharesOf = (counts: number[][]): number[][] =>
  counts.map((row) => {
    const total = sum(row);
    return row.map((count) => (total > 0 ? count / total : 0));
  });

function cells(shares: number[][]): object[] {
  return shares.flatMap((row, i) =>
    row.map((share, j) => ({
      actual: i,
      predicted: j,
      color: share === 0 ? UNSEEN : tint(i === j ? RIGHT : WRONG, 0.05 + 0.6 * Math.sqrt(share)),
      text: share === 0 ? '' : (share * 100).toFixed(1),
    })),
  );
}

function worstMistake(shares: number[][], names: readonly string[] = []): string {
  const mistakes = shares.flatMap((row, i) => row.map((share, j) => ({ i, j, share: i === j ? 0 : share })));
  const { i, j, share } = mistakes.reduce((a, b) => (b.share > a.share ? b : a));
  if (share === 0) return 'no mistakes.';
  return `most often, ${percent(share, 1)} of class ${names[i] ?? i} is taken for class ${names[j] ?? j}.`;
}
