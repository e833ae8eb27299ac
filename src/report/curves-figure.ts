// The training curves: loss and accuracy per epoch, on training and on validation data.
import type { TrialHistory } from '../experiment/index.ts';
import type { Figure } from './figure.ts';
import { listed, mean, percent, type Run, type Trial, thin } from './runs.ts';
import { config, VEGA_LITE } from './style.ts';
import { textWidth } from './text-width.ts';

const PANEL = { width: 360, height: 220 };
const LEGEND_WIDTH = 2 * PANEL.width;
const SYMBOL_WIDTH = 50;

// Both bound the size of the drawing: points of all lines of a kind in a panel, and seeds of a variant.
const MAX_POINTS = 2000;
const MAX_SEEDS = 20;

type Series = keyof TrialHistory;

interface Row {
  epoch: number;
  value: number;
  variant: string;
  seed?: number;
}

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
  const lastEpoch = Math.max(...runs.flatMap(({ trials }) => trials.map(({ epochs }) => epochs)));
  const unvalidated = runs.filter(({ trials }) => trials.every(({ history }) => history.valLoss.length === 0));
  const row = (metric: 'loss' | 'accuracy', isLast: boolean) => {
    const panels = PANELS[metric].filter(({ series }) => runs.some((run) => hasSeries(run, series)));
    const values = panels.flatMap(({ series }) =>
      runs.flatMap(({ trials }) => trials.flatMap((t) => t.history[series])),
    );
    const domain = extent(metric === 'loss' ? [0, ...values] : values);
    return { hconcat: panels.map(({ title, series }) => panel(runs, { title, series, domain, lastEpoch, isLast })) };
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
  series: Series;
  domain: number[];
  lastEpoch: number;
  isLast: boolean;
}

function panel(runs: Run[], { title, series, domain, lastEpoch, isLast }: PanelOptions): object {
  const present = runs.filter((run) => hasSeries(run, series));
  const limit = pointsPerLine(runs);
  const seedRows = present.flatMap(({ trials }) =>
    thin(trials, MAX_SEEDS).flatMap((trial) => thinRows(trialRows(trial, series), limit.seed)),
  );
  const meanRows = present.flatMap((run) => thinRows(meanOfSeeds(run, series), limit.mean));
  const bestRows = present.filter(({ training }) => training.earlyStopping).flatMap((run) => bestEpochs(run, series));
  const manySeeds = runs.some(({ trials }) => trials.length > 1);

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
  const isAccuracy = series.endsWith('Accuracy');
  const position = {
    x: {
      field: 'epoch',
      type: 'quantitative',
      title: isLast ? 'Epoch' : null,
      scale: { domain: [0, lastEpoch], nice: false },
      axis: { tickCount: 6, tickMinStep: 1, grid: false },
    },
    y: {
      field: 'value',
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
              data: { values: seedRows },
              mark: { ...line, strokeWidth: 0.75, opacity: 0.3 },
              encoding: { ...position, color, detail: { field: 'seed', type: 'nominal' } },
            },
          ]
        : []),
      { data: { values: meanRows }, mark: line, encoding: { ...position, color, strokeDash } },
      {
        data: { values: bestRows },
        mark: {
          type: 'point',
          shape: 'circle',
          filled: false,
          fill: '#ffffff',
          opacity: 1,
          ...(manySeeds ? { size: 25, strokeWidth: 1.25 } : { size: 55, strokeWidth: 2 }),
        },
        encoding: { ...position, color },
      },
    ],
  };
}

const hasSeries = (run: Run, series: Series): boolean => run.trials.some(({ history }) => history[series].length > 0);

function trialRows({ variant, seed, history }: Trial, series: Series): Row[] {
  return history[series].map((value, index) => ({ epoch: index + 1, value, variant, seed }));
}

/** The mean over the seeds that reached each epoch. */
function meanOfSeeds({ variant, trials }: Run, series: Series): Row[] {
  const curves = trials.map(({ history }) => history[series]);
  const epochs = Math.max(...curves.map(({ length }) => length));
  return Array.from({ length: epochs }, (_, index) => ({
    epoch: index + 1,
    value: mean(curves.flatMap((curve) => (index < curve.length ? [curve[index]] : []))),
    variant,
  }));
}

function bestEpochs({ trials }: Run, series: Series): Row[] {
  return thin(trials, MAX_SEEDS).flatMap((trial) =>
    trialRows(trial, series).filter(({ epoch }) => epoch === trial.bestEpoch),
  );
}

function pointsPerLine(runs: Run[]): { mean: number; seed: number } {
  const seedLines = runs.flatMap(({ trials }) => thin(trials, MAX_SEEDS)).length;
  const share = (lines: number) => Math.max(20, Math.floor(MAX_POINTS / lines));
  return { mean: share(runs.length), seed: share(seedLines) };
}

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
  const seeds = Math.max(...runs.map(({ trials }) => trials.length));
  const sentences = ['Training and validation panels of a metric share their axes.'];
  if (seeds > 1) {
    const faint =
      seeds > MAX_SEEDS ? `${MAX_SEEDS} seeds of each variant are drawn faintly` : 'each faint line is one seed';
    sentences.push(`Bold lines are means over the seeds (up to ${seeds}) that reached the epoch; ${faint}.`);
  }
  if (runs.some(({ training }) => training.earlyStopping)) {
    sentences.push('A ring marks the epoch whose weights early stopping kept; the line ends where training stopped.');
  }
  const dropout = runs.some(({ network }) => network.dropout) ? ', with dropout on' : '';
  sentences.push(`Training values are averages over an epoch, taken while the weights change${dropout}.`);
  if (runs.some(({ network }) => network.l1 || network.l2)) {
    sentences.push(
      'Loss includes the L1 or L2 penalty: compare the shapes of loss curves between variants, not their levels.',
    );
  }
  if (unvalidated.length > 0)
    sentences.push(`No validation data: ${listed(unvalidated.map(({ variant }) => variant))}.`);
  if (lastEpoch > pointsPerLine(runs).seed) sentences.push('Lines go through evenly picked epochs.');
  return sentences.join(' ');
}
