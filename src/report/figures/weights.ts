// The weight histograms: first-layer kernels of every variant on the same bins and axes.

import { average } from '../../statistics/index.ts';
import { numeric, panelGrid, shareAxis } from '../charts.ts';
import { chosenText, picturedText, picturesOf } from '../context.ts';
import { defineFigure } from '../figure.ts';
import { variantColor, vegaLite } from '../look.ts';
import { applicable, joinNames, percent } from '../words.ts';

const WIDTH = 760;
const HEIGHT = 130;

/** Odd, so that one bin is centred on zero. */
const BINS = 51;
const NEAR_ZERO = 1e-3;

/** Shares are drawn on a square-root axis when the highest panel's peak is this many times the lowest panel's. */
const STEEP = 5;
const SQRT_TICKS = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 1];

export const weights = defineFigure({
  name: 'first-layer-weights',
  title: 'First-layer weights',
  draw({ runs, data }) {
    const shown = runs.flatMap((run) => picturesOf(run, data, 'firstLayerWeights'));
    if (shown.length === 0) return undefined;
    const limit =
      shown.flatMap(({ picture }) => picture).reduce((max, weight) => Math.max(max, Math.abs(weight)), 0) || 1;
    const panels = shown.map(({ run, picture: weights }) => {
      const share = (isCounted: (size: number) => boolean) =>
        percent(weights.filter((weight) => isCounted(Math.abs(weight))).length / weights.length, 1);
      const [zero, nearZero] = [share((size) => size === 0), share((size) => size < NEAR_ZERO)];
      return { run, bins: histogram(weights, limit), zero, nearZero };
    });
    const peaks = panels.map(({ bins }) => Math.max(...bins.map(({ share }) => share)));
    const highest = Math.max(...peaks);
    const steep = highest > STEEP * Math.min(...peaks);
    const overSeeds = runs.flatMap(({ variant, trials }) => {
      const shares = trials.flatMap(({ sparsity }) => (sparsity ? [sparsity.nearZero] : []));
      return shares.length > 1 ? [`${variant} ${percent(average(shares), 1)}`] : [];
    });
    const { columns, panelWidth, gap, isLeft, isLowest } = panelGrid(panels.length, WIDTH);
    const yScale = { type: steep ? 'sqrt' : 'linear', domain: [0, highest], nice: !steep };
    const yTicks = steep ? { values: SQRT_TICKS } : { tickCount: 5 };
    return {
      caption: applicable(
        `Weights of the first layer in ${BINS} equal bins, the same in all panels (${picturedText(shown)}); biases are not included.`,
        'Each panel names its shares of weights at zero and near it.',
        overSeeds.length > 0 && `Near zero on average over all seeds: ${joinNames(overSeeds)}.`,
        steep &&
          'The vertical axis grows with the square root of the share, so that a tall bin at zero does not flatten the rest.',
        chosenText(shown.map(({ run }) => run)),
      ).join(' '),
      alt: `Histograms of first-layer weights. Near zero: ${joinNames(panels.map(({ run, nearZero }) => `${run.variant} ${nearZero}`))}.`,
      spec: vegaLite({
        columns,
        spacing: { row: 26, column: gap },
        concat: panels.map(({ run, bins, zero, nearZero }, i) => ({
          ...{ width: panelWidth, height: HEIGHT, data: { values: bins } },
          title: { text: run.variant, limit: panelWidth, subtitle: `${zero} zero, ${nearZero} below ${NEAR_ZERO}` },
          mark: { type: 'bar', color: variantColor(run.index), binSpacing: 0 },
          encoding: {
            x: {
              ...numeric('from', isLowest(i) ? 'Weight' : null, { tickCount: 5, grid: false }),
              ...{ bin: 'binned', scale: { domain: [-limit, limit], nice: false } },
            },
            x2: { field: 'to' },
            y: numeric(
              'share',
              isLeft(i) ? 'Share of weights' : null,
              { ...shareAxis, labels: isLeft(i), ...yTicks },
              yScale,
            ),
          },
        })),
      }),
    };
  },
});

/** Shares of `weights` in equal bins over [-limit, limit]; empty bins are left out. */
function histogram(weights: number[], limit: number): { from: number; to: number; share: number }[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const weight of weights) counts[Math.min(BINS - 1, Math.floor(((weight + limit) / (2 * limit)) * BINS))]++;
  const edge = (index: number) => -limit + (2 * limit * index) / BINS;
  return counts.flatMap((count, index) =>
    count > 0 ? [{ from: edge(index), to: edge(index + 1), share: count / weights.length }] : [],
  );
}
