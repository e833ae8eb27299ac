// The reliability diagrams: whether predicted probabilities mean what they say.
import type { Calibration } from '../../experiment/index.ts';
import { sum } from '../../statistics/index.ts';
import { layer, numeric, panelGrid, shareAxis } from '../charts.ts';
import { chosenText, hasManyTrials } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { MUTED, variantColor, vegaLite } from '../look.ts';
import { applicable, joinNames, percent } from '../words.ts';

const WIDTH = 760;
const AXIS_WIDTH = 44;

/** Variants shown, which bounds the size of the drawing. */
const MAX_PANELS = 12;

type Bin = Record<'confidence' | 'accuracy' | 'share', number>;

export const calibration = defineFigure({
  name: 'calibration',
  title: 'Calibration',
  draw({ runs }) {
    const all = runs.flatMap((run) => {
      const bins = pooled(run.trials.flatMap(({ calibration }) => (calibration ? [calibration] : [])));
      return bins.length > 0 ? [{ run, bins, error: percent(expectedError(bins), 1) }] : [];
    });
    const shown = all.slice(0, MAX_PANELS);
    if (shown.length === 0) return undefined;
    const shownRuns = shown.map(({ run }) => run);
    const least = Math.min(...shown.flatMap(({ bins }) => bins.flatMap((bin) => [bin.confidence, bin.accuracy])));
    const lowest = Math.max(0, Math.floor(least * 10) / 10);
    const { columns, panelWidth, gap, isLeft, isLowest } = panelGrid(shown.length, WIDTH);
    const side = Math.min(230, panelWidth - AXIS_WIDTH);
    const scale = { domain: [lowest, 1], nice: false };
    const area = { ...numeric('share', null, {}, { domain: [0, 1], range: [12, 420] }), legend: null };
    const diagonal = { values: [lowest, 1].map((at) => ({ confidence: at, accuracy: at })) };
    return {
      caption: applicable(
        `Test points in ten bins of the probability that the network gave to its prediction${hasManyTrials(shownRuns) ? ', all seeds together' : ''}: the share that was right against the mean probability.`,
        'On the dashed line probabilities mean what they say; below it the network is too sure of itself. Areas of the circles are shares of points.',
        'The calibration error is the mean distance from the line, weighted by these shares.',
        shown.length < all.length && `The first ${MAX_PANELS} variants are shown.`,
        chosenText(shownRuns),
      ).join(' '),
      alt: `Reliability diagrams. Expected calibration error: ${joinNames(shown.map(({ run, error }) => `${run.variant} ${error}`))}.`,
      spec: vegaLite({
        columns,
        spacing: { row: 26, column: gap },
        concat: shown.map(({ run, bins, error }, i) => {
          const color = variantColor(run.index);
          const ticks = { ...shareAxis, tickCount: 5 };
          const x = numeric(
            'confidence',
            isLowest(i) ? 'Predicted probability' : null,
            { ...ticks, tickCount: 4, grid: false },
            scale,
          );
          const y = numeric('accuracy', isLeft(i) ? 'Share that was right' : null, ticks, scale);
          const data = { values: bins };
          return {
            ...{ width: side, height: side },
            title: { text: run.variant, limit: side, subtitle: `calibration error ${error}` },
            layer: [
              layer({ type: 'line', color: MUTED, strokeWidth: 1, strokeDash: [4, 3] }, { x, y }, { data: diagonal }),
              layer({ type: 'line', color, strokeWidth: 1.5 }, { x, y }, { data }),
              layer({ type: 'point', filled: true, color, opacity: 0.85, clip: false }, { x, y, size: area }, { data }),
            ],
          };
        }),
      }),
    };
  },
});

/** The bins of several trials as one, without the empty ones. */
function pooled(trials: Calibration[]): Bin[] {
  const total = sum(trials.flatMap(({ count }) => count));
  const bins = trials[0]?.count.length ?? 0;
  return Array.from({ length: bins }, (_, bin) => {
    const weighted = (key: 'confidence' | 'accuracy') => sum(trials.map((trial) => trial.count[bin] * trial[key][bin]));
    const count = sum(trials.map((trial) => trial.count[bin]));
    return { confidence: weighted('confidence') / count, accuracy: weighted('accuracy') / count, share: count / total };
  }).filter(({ share }) => share > 0);
}

/** The expected calibration error (Naeini et al. 2015). */
function expectedError(bins: Bin[]): number {
  return sum(bins.map(({ confidence, accuracy, share }) => share * Math.abs(confidence - accuracy)));
}
