// The training curves: loss and accuracy per epoch, on training and on validation data.
import { type CurvePoint, learningCurve, type TrialHistory } from '../experiment/index.ts';
import type { Figure } from './figure.ts';
import { listed, mean, mentions, percent, type Run, thin } from './runs.ts';
import { config, VEGA_LITE } from './style.ts';
import { textWidth } from './text-width.ts';

const PANEL = { width: 360, height: 220 };
const LEGEND_WIDTH = 2 * PANEL.width;
const SYMBOL_WIDTH = 50;

/** Points of all lines in a panel, which bounds the size of the drawing. */
const MAX_POINTS = 2000;

type Series = keyof TrialHistory;

type Row = CurvePoint & { variant: string };

const PANELS: Record<'loss' | 'accuracy', { title: string; series: Series }[]> = {
  loss: [
    { title: 'Training loss', series: 'trainLoss' },
    { title: 'Validation loss', series: 'valLoss' },
  ],
  accuracy: [
    { title: 'Training accuracy', series: 'trainAccuracy' },
    { title: 'Validation accuracy', series: 'valAccuracy' },
  ],
};

export function curvesFigure(runs: Run[]): Figure {
  const lastEpoch = Math.max(...runs.map((run) => curve(run, 'trainLoss').length));
  const unvalidated = runs.filter(({ trials }) => trials.every(({ history }) => history.valLoss.length === 0));
  const row = (metric: 'loss' | 'accuracy', isLast: boolean) => {
    const panels = PANELS[metric]
      .map(({ title, series }) => ({ title, curves: runs.map((run) => ({ run, rows: curve(run, series) })) }))
      .filter(({ curves }) => curves.some(({ rows }) => rows.length > 0));
    const values = panels.flatMap(({ curves }) =>
      curves.flatMap(({ rows }) => rows.flatMap(({ lower, upper }) => [lower, upper])),
    );
    const domain = extent(metric === 'loss' ? [0, ...values] : values);
    const options = { domain, lastEpoch, isLast, isAccuracy: metric === 'accuracy' };
    return { hconcat: panels.map(({ title, curves }) => panel(curves, { title, ...options })) };
  };
  return {
    name: 'training-curves',
    title: 'Training curves',
    caption: caption(runs, unvalidated, lastEpoch),
    alt:
      `Line charts of training and validation loss and accuracy over ${lastEpoch} epochs. Last validation accuracy: ` +
      `${listed(runs.filter((run) => !unvalidated.includes(run)).map(lastAccuracy)) || 'not measured'}.`,
    spec: {
      $schema: VEGA_LITE,
      config,
      spacing: 28,
      vconcat: [row('loss', false), row('accuracy', true)],
    },
  };
}

interface PanelOptions {
  title: string;
  domain: number[];
  lastEpoch: number;
  isLast: boolean;
  isAccuracy: boolean;
}

function panel(
  curves: { run: Run; rows: Row[] }[],
  { title, domain, lastEpoch, isLast, isAccuracy }: PanelOptions,
): object {
  const runs = curves.map(({ run }) => run);
  const values = curves.flatMap(({ rows }) => thinRows(rows, pointsPerLine(runs)));
  const bestRows = curves
    .filter(({ run }) => run.training.earlyStopping)
    .flatMap(({ run, rows }) => rows.filter(({ epoch }) => epoch === medianBestEpoch(run)));
  const manySeeds = hasManySeeds(runs);

  const variants = runs.map(({ variant }) => variant);
  const color = {
    field: 'variant',
    type: 'nominal',
    scale: { domain: variants, range: runs.map((run) => run.color) },
    legend: {
      title: null,
      orient: 'top',
      columns: legendColumns(variants),
      symbolType: 'stroke',
      symbolSize: 700,
      symbolOpacity: 1,
    },
  };
  const strokeDash = {
    field: 'variant',
    type: 'nominal',
    scale: { domain: variants, range: runs.map((run) => run.dash) },
  };
  const position = {
    x: {
      field: 'epoch',
      type: 'quantitative',
      title: isLast ? 'Epoch' : null,
      scale: { domain: [0, lastEpoch], nice: false },
      axis: { tickCount: 6, tickMinStep: 1, grid: false },
    },
    y: {
      field: 'median',
      type: 'quantitative',
      title: null,
      scale: { domain, nice: true, zero: false },
      axis: { tickCount: 6, minExtent: 40, ...(isAccuracy && { format: '~%' }) },
    },
  };
  const line = { type: 'line', strokeWidth: 2, strokeJoin: 'round', point: lastEpoch === 1 };
  return {
    ...PANEL,
    title,
    layer: [
      ...(manySeeds
        ? [
            {
              data: { values },
              mark: { type: 'area', opacity: 0.18 },
              encoding: { ...position, y: { ...position.y, field: 'lower' }, y2: { field: 'upper' }, color },
            },
          ]
        : []),
      { data: { values }, mark: line, encoding: { ...position, color, strokeDash } },
      {
        data: { values: bestRows },
        mark: {
          type: 'point',
          shape: 'circle',
          filled: false,
          fill: '#ffffff',
          opacity: 1,
          size: 55,
          strokeWidth: 2,
        },
        encoding: { ...position, color },
      },
    ],
  };
}

const hasManySeeds = (runs: Run[]): boolean => runs.some(({ trials }) => trials.length > 1);

function curve({ variant, trials }: Run, series: Series): Row[] {
  return learningCurve(trials, series).map((point) => ({ ...point, variant }));
}

/** The lower median, which at least half of the trials have reached, so that it lies on the curve. */
function medianBestEpoch({ trials }: Run): number {
  const epochs = trials.map(({ bestEpoch }) => bestEpoch).sort((a, b) => a - b);
  return epochs[Math.floor((epochs.length - 1) / 2)];
}

const pointsPerLine = (runs: Run[]): number => Math.max(20, Math.floor(MAX_POINTS / runs.length));

const extent = (values: number[]): number[] =>
  values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [values[0], values[0]]);

/** Evenly picked rows that keep the last, where the line must end. */
function thinRows(rows: Row[], limit: number): Row[] {
  return rows.length <= limit ? rows : [...thin(rows.slice(0, -1), limit - 1), rows[rows.length - 1]];
}

function legendColumns(labels: string[]): number {
  const widest = Math.max(...labels.map((label) => textWidth({ fontSize: 12 }, label)));
  return Math.max(1, Math.floor(LEGEND_WIDTH / (widest + SYMBOL_WIDTH)));
}

function lastAccuracy({ variant, trials }: Run): string {
  const last = trials.flatMap(({ history }) => history.valAccuracy.slice(-1));
  return `${variant} ${percent(mean(last))}`;
}

function caption(runs: Run[], unvalidated: Run[], lastEpoch: number): string {
  const sentences = ['Training and validation panels of a metric share their axes.'];
  if (hasManySeeds(runs)) {
    const trials = Math.max(...runs.map((run) => run.trials.length));
    sentences.push(
      `Lines are medians over up to ${trials} trained networks, bands hold the middle half of them (quartiles).`,
    );
  }
  if (runs.some(({ training }) => training.earlyStopping)) {
    sentences.push(
      hasManySeeds(runs)
        ? 'A ring marks the median of the epochs whose weights early stopping kept; the line ends where half of the networks had stopped.'
        : 'A ring marks the epoch whose weights early stopping kept; the line ends where training stopped.',
    );
  }
  const dropout = runs.some((run) => mentions(run, 'dropout')) ? ', with dropout on' : '';
  sentences.push(`Training values are averages over an epoch, taken while the weights change${dropout}.`);
  if (runs.some((run) => mentions(run, 'l1') || mentions(run, 'l2'))) {
    sentences.push(
      'Loss includes the L1 or L2 penalty: compare the shapes of loss curves between variants, not their levels.',
    );
  }
  if (unvalidated.length > 0)
    sentences.push(`No validation data: ${listed(unvalidated.map(({ variant }) => variant))}.`);
  if (lastEpoch > pointsPerLine(runs)) sentences.push('Lines go through evenly picked epochs.');
  return sentences.join(' ');
}
