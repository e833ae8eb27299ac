// The reliability diagrams: whether predicted probabilities mean what they say.
import type { Calibration } from '../experiment/index.ts';
import type { Figure } from './figure.ts';
import { listed, percent, type Run } from './runs.ts';
import { config, MUTED, panelGrid, VEGA_LITE } from './style.ts';

const WIDTH = 760;
const AXIS_WIDTH = 44;

/** Variants shown, which bounds the size of the drawing. */
const MAX_PANELS = 12;

interface Bin {
  confidence: number;
  accuracy: number;
  share: number;
}

/** Undefined when no trial has calibration bins. */
export function calibrationFigure(runs: Run[]): Figure | undefined {
  const shown = runs
    .flatMap((run) => {
      const bins = pooled(run.trials.flatMap(({ calibration }) => (calibration ? [calibration] : [])));
      return bins.length > 0 ? [{ ...run, bins, error: expectedError(bins) }] : [];
    })
    .slice(0, MAX_PANELS);
  if (shown.length === 0) return undefined;
  const least = Math.min(...shown.flatMap(({ bins }) => bins.flatMap((bin) => [bin.confidence, bin.accuracy])));
  const lowest = Math.max(0, Math.floor(least * 10) / 10);
  const { columns, panelWidth, gap } = panelGrid(shown.length, WIDTH);
  const side = Math.min(230, panelWidth - AXIS_WIDTH);
  const scale = { domain: [lowest, 1], nice: false };
  const manySeeds = shown.some(({ trials }) => trials.length > 1);
  return {
    name: 'calibration',
    title: 'Calibration',
    caption:
      'Test points in ten bins of the probability that the network gave to its prediction' +
      `${manySeeds ? ', all seeds together' : ''}: the share that was right against the mean probability. ` +
      'On the dashed line probabilities mean what they say; below it the network is too sure of itself. Areas of the circles are shares of points. ' +
      'The calibration error is the mean distance from the line, weighted by these shares.',
    alt: `Reliability diagrams. Expected calibration error: ${listed(shown.map(({ variant, error }) => `${variant} ${percent(error, 1)}`))}.`,
    spec: {
      $schema: VEGA_LITE,
      config,
      columns,
      spacing: { row: 26, column: gap },
      concat: shown.map(({ variant, color, bins, error }, index) => {
        const x = {
          field: 'confidence',
          type: 'quantitative',
          title: index + columns >= shown.length ? 'Predicted probability' : null,
          scale,
          axis: { format: '~%', tickCount: 5, grid: false },
        };
        const y = {
          field: 'accuracy',
          type: 'quantitative',
          title: index % columns === 0 ? 'Share that was right' : null,
          scale,
          axis: { format: '~%', tickCount: 5 },
        };
        return {
          width: side,
          height: side,
          title: { text: variant, limit: side, subtitle: `calibration error ${percent(error, 1)}` },
          layer: [
            {
              data: { values: [lowest, 1].map((at) => ({ confidence: at, accuracy: at })) },
              mark: { type: 'line', color: MUTED, strokeWidth: 1, strokeDash: [4, 3] },
              encoding: { x, y },
            },
            { data: { values: bins }, mark: { type: 'line', color, strokeWidth: 1.5 }, encoding: { x, y } },
            {
              data: { values: bins },
              mark: { type: 'point', filled: true, color, opacity: 0.85, clip: false },
              encoding: {
                x,
                y,
                size: {
                  field: 'share',
                  type: 'quantitative',
                  scale: { domain: [0, 1], range: [12, 420] },
                  legend: null,
                },
              },
            },
          ],
        };
      }),
    },
  };
}

/** The bins of several trials as one, without the empty ones. */
function pooled(trials: Calibration[]): Bin[] {
  const total = trials.flatMap(({ count }) => count).reduce((sum, count) => sum + count, 0);
  const bins = trials[0]?.count.length ?? 0;
  return Array.from({ length: bins }, (_, bin) => {
    const weighted = (key: 'confidence' | 'accuracy') =>
      trials.reduce((sum, trial) => sum + trial.count[bin] * trial[key][bin], 0);
    const count = trials.reduce((sum, trial) => sum + trial.count[bin], 0);
    return { confidence: weighted('confidence') / count, accuracy: weighted('accuracy') / count, share: count / total };
  }).filter(({ share }) => share > 0);
}

/** The expected calibration error (Naeini et al. 2015). */
function expectedError(bins: Bin[]): number {
  return bins.reduce((sum, { confidence, accuracy, share }) => sum + share * Math.abs(confidence - accuracy), 0);
}
