// The comparison figure: how far each variant is from the baseline, pair by pair, with the mean and its interval.
import type { Comparison } from '../experiment/index.ts';
import type { Figure } from './figure.ts';
import { listed, type Run, signedPoints, thin, trialNoun } from './runs.ts';
import { config, INK, MUTED, VEGA_LITE } from './style.ts';
import { colorByVariant, variantRows } from './variant-channels.ts';

const WIDTH = 340;
const ROW_HEIGHT = 42;

/** Dots of a variant, which bounds the size of the drawing. */
const MAX_PAIRS = 100;

export function differencesFigure(runs: Run[], comparisons: readonly Comparison[]): Figure {
  const [baseline] = runs;
  const others = comparisons.flatMap(({ variant, difference, verdict }) => {
    const run = runs.find((candidate) => candidate.variant === variant);
    return run ? [{ run, variant, difference, verdict }] : [];
  });
  const estimates = others.map(({ variant, difference: { mean, ci95 }, verdict }) => ({
    variant,
    mean: mean * 100,
    low: (ci95?.[0] ?? mean) * 100,
    high: (ci95?.[1] ?? mean) * 100,
    label: signedPoints(mean),
    verdict,
  }));
  const pairs = others.flatMap(({ run }) => thin(differences(run, baseline), MAX_PAIRS));
  const y = variantRows;
  const x = {
    type: 'quantitative',
    title: `Test accuracy minus ${baseline.variant}, percentage points`,
    scale: { zero: true },
    axis: { tickCount: 6, format: '+~', labelExpr: "replace(datum.label, '+0', '0')" },
  };
  const color = colorByVariant(runs);
  return {
    name: 'paired-differences',
    title: `Difference to ${baseline.variant}`,
    caption:
      `Each circle is one ${trialNoun(runs)}: the variant’s test accuracy minus that of ${baseline.variant} from the same start` +
      `${baseline.trials.length > MAX_PAIRS ? ` (${MAX_PAIRS} evenly picked)` : ''}. ` +
      'Diamonds are means with their 95% intervals, not corrected for the number of comparisons; filled ones differ from zero after that correction.',
    alt: `Dot plot of differences in test accuracy to ${baseline.variant}, in points: ${listed(
      estimates.map(({ variant, label, verdict }) => `${variant} ${label} (${verdict})`),
    )}.`,
    spec: {
      $schema: VEGA_LITE,
      config,
      width: WIDTH,
      height: { step: ROW_HEIGHT },
      data: { values: estimates },
      layer: [
        {
          data: { values: [{}] },
          mark: { type: 'rule', color: MUTED, strokeDash: [4, 3] },
          encoding: { x: { ...x, datum: 0 } },
        },
        {
          data: { values: pairs },
          mark: { type: 'point', filled: false, size: 40, strokeWidth: 1.25, opacity: 0.85, yOffset: 10 },
          encoding: { x: { ...x, field: 'difference' }, y, color },
        },
        {
          mark: { type: 'rule', strokeWidth: 2, yOffset: -6 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
        },
        {
          mark: { type: 'point', shape: 'diamond', size: 110, strokeWidth: 1.5, opacity: 1, yOffset: -6 },
          encoding: {
            x: { ...x, field: 'mean' },
            y,
            stroke: color,
            fill: {
              ...color,
              condition: { test: "datum.verdict === 'no difference shown'", value: '#ffffff' },
            },
          },
        },
        {
          mark: { type: 'text', align: 'left', fontSize: 12, color: INK },
          encoding: { x: { value: WIDTH + 12 }, y, text: { field: 'label' } },
        },
      ],
    },
  };
}

/** In percentage points, over the trials that both have. */
function differences({ variant, trials }: Run, baseline: Run): { variant: string; difference: number }[] {
  return trials.flatMap(({ seed, fold, test }) => {
    const base = baseline.trials.find((trial) => trial.seed === seed && trial.fold?.index === fold?.index);
    return base ? [{ variant, difference: (test.accuracy - base.test.accuracy) * 100 }] : [];
  });
}
