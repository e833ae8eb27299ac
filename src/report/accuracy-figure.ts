// The outcome figure: test accuracy of every variant, seed by seed, with means and their intervals.
import type { Figure } from './figure.ts';
import { listed, percent, type Run, thin, trialNoun } from './runs.ts';
import { config, INK, VEGA_LITE } from './style.ts';
import { colorByVariant, variantRows } from './variant-channels.ts';

const WIDTH = 340;
const ROW_HEIGHT = 42;

/** Dots of a variant, which bounds the size of the drawing. */
const MAX_SEEDS = 100;

export function accuracyFigure(runs: Run[]): Figure {
  const seeds = Math.max(...runs.map(({ trials }) => trials.length));
  const manySeeds = seeds > 1;
  const noun = trialNoun(runs);
  const dotMeaning = seeds > MAX_SEEDS ? `${MAX_SEEDS} evenly picked seeds of each variant` : `one ${noun} each`;
  const estimates = runs.map(({ variant, summary }) => {
    const { mean, ci95, n } = summary.testAccuracy;
    return {
      variant,
      mean,
      label: percent(mean),
      n,
      low: Math.max(0, ci95?.[0] ?? mean),
      high: Math.min(1, ci95?.[1] ?? mean),
    };
  });
  const trials = runs.flatMap((run) =>
    thin(run.trials, MAX_SEEDS).map(({ variant, test }) => ({ variant, accuracy: test.accuracy })),
  );
  const y = variantRows;
  const x = {
    type: 'quantitative',
    title: 'Test accuracy',
    scale: {
      domain: paddedDomain([...trials.map(({ accuracy }) => accuracy), ...estimates.flatMap((e) => [e.low, e.high])]),
    },
    axis: { format: '~%', tickCount: 6 },
  };
  const color = colorByVariant(runs);
  const dots = {
    data: { values: trials },
    mark: manySeeds
      ? { type: 'point', filled: false, size: 40, strokeWidth: 1.25, opacity: 0.85, yOffset: 10 }
      : { type: 'point', filled: true, size: 110, opacity: 1 },
    encoding: { x: { ...x, field: 'accuracy' }, y, color },
  };
  const intervals = {
    mark: { type: 'rule', strokeWidth: 2, yOffset: -6 },
    encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
  };
  const means = {
    mark: { type: 'point', shape: 'diamond', filled: true, size: 110, opacity: 1, yOffset: -6 },
    encoding: { x: { ...x, field: 'mean' }, y, color },
  };
  const labels = {
    mark: { type: 'text', align: 'left', fontSize: 12, color: INK },
    encoding: { x: { value: WIDTH + 12 }, y, text: { field: 'label' } },
  };
  return {
    name: 'test-accuracy',
    title: 'Test accuracy',
    caption: manySeeds
      ? `Diamonds are means with their 95% intervals; circles are ${dotMeaning}. The numbers on the right are the means. The axis does not start at zero.`
      : 'One seed: each dot is one trained network, and there is no interval to show. The axis does not start at zero.',
    alt: `Dot plot of test accuracy: ${listed(estimates.map(({ variant, label }) => `${variant} ${label}`))}.`,
    spec: {
      $schema: VEGA_LITE,
      config,
      width: WIDTH,
      height: { step: ROW_HEIGHT },
      data: { values: estimates },
      layer: manySeeds ? [dots, intervals, means, labels] : [dots, labels],
    },
  };
}

/** The extent of `values` with a margin, inside [0, 1] and at least two points of accuracy wide. */
function paddedDomain(values: number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = Math.max(0.01, (high - low) * 0.08);
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
}
