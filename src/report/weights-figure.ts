// The weight histograms: first-layer kernels of every variant on the same bins and axes.
import type { FigureData } from '../experiment/index.ts';
import type { Figure } from './figure.ts';
import { figuresOf, listed, mean, percent, type Run } from './runs.ts';
import { config, panelGrid, VEGA_LITE } from './style.ts';

const WIDTH = 760;
const HEIGHT = 130;

/** Odd, so that one bin is centred on zero. */
const BINS = 51;
const NEAR_ZERO = 1e-3;

/** Shares are drawn on a square-root axis when the highest panel's peak is this many times the lowest panel's. */
const STEEP = 5;
const SQRT_TICKS = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 1];

interface Bin {
  from: number;
  to: number;
  share: number;
}

export function weightsFigure(runs: Run[], { variants }: FigureData): Figure {
  const shown = runs.flatMap((run) => {
    const trained = figuresOf(run, variants);
    return trained ? [{ ...run, weights: trained.firstLayerWeights, seed: trained.seed }] : [];
  });
  const limit = shown.reduce((max, { weights }) => weights.reduce((m, w) => Math.max(m, Math.abs(w)), max), 0) || 1;
  const panels = shown.map((run) => ({
    ...run,
    bins: histogram(run.weights, limit),
    zero: run.weights.filter((weight) => weight === 0).length / run.weights.length,
    nearZero: run.weights.filter((weight) => Math.abs(weight) < NEAR_ZERO).length / run.weights.length,
  }));
  const peaks = panels.map(({ bins }) => Math.max(...bins.map(({ share }) => share)));
  const highest = Math.max(...peaks);
  const steep = highest > STEEP * Math.min(...peaks);
  const { columns, panelWidth, gap } = panelGrid(panels.length, WIDTH);
  return {
    name: 'first-layer-weights',
    title: 'First-layer weights',
    caption:
      `Weights of the first layer in ${BINS} equal bins, the same in all panels (seed ${shown[0].seed}); biases are not included. ` +
      `Each panel names its shares of weights at zero and near it.${overSeeds(runs)}` +
      (steep
        ? ' The vertical axis grows with the square root of the share, so that a tall bin at zero does not flatten the rest.'
        : ''),
    alt: `Histograms of first-layer weights. Near zero: ${listed(panels.map(({ variant, nearZero }) => `${variant} ${percent(nearZero, 1)}`))}.`,
    spec: {
      $schema: VEGA_LITE,
      config,
      columns,
      spacing: { row: 26, column: gap },
      concat: panels.map(({ variant, color, bins, zero, nearZero }, index) => ({
        width: panelWidth,
        height: HEIGHT,
        title: {
          text: variant,
          limit: panelWidth,
          subtitle: `${percent(zero, 1)} zero, ${percent(nearZero, 1)} below ${NEAR_ZERO}`,
        },
        data: { values: bins },
        mark: { type: 'bar', color, binSpacing: 0 },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative',
            bin: 'binned',
            title: index + columns >= panels.length ? 'Weight' : null,
            scale: { domain: [-limit, limit], nice: false },
            axis: { tickCount: 5, grid: false },
          },
          x2: { field: 'to' },
          y: {
            field: 'share',
            type: 'quantitative',
            title: index % columns === 0 ? 'Share of weights' : null,
            scale: { type: steep ? 'sqrt' : 'linear', domain: [0, highest], nice: !steep },
            axis: {
              format: '~%',
              labels: index % columns === 0,
              ...(steep ? { values: SQRT_TICKS } : { tickCount: 5 }),
            },
          },
        },
      })),
    },
  };
}

/** The mean shares near zero over all seeds, where trials have them. */
function overSeeds(runs: Run[]): string {
  const shares = runs.flatMap(({ variant, trials }) => {
    const known = trials.flatMap(({ sparsity }) => (sparsity ? [sparsity.nearZero] : []));
    return known.length > 1 ? [`${variant} ${percent(mean(known), 1)}`] : [];
  });
  return shares.length > 0 ? ` Near zero on average over all seeds: ${listed(shares)}.` : '';
}

/** Shares of `weights` in equal bins over [-limit, limit]; empty bins are left out. */
function histogram(weights: number[], limit: number): Bin[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const weight of weights) counts[Math.min(BINS - 1, Math.floor(((weight + limit) / (2 * limit)) * BINS))]++;
  const edge = (index: number) => -limit + (2 * limit * index) / BINS;
  return counts.flatMap((count, index) =>
    count > 0 ? [{ from: edge(index), to: edge(index + 1), share: count / weights.length }] : [],
  );
}
