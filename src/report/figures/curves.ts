// The training curves: the loss, and the metric that decides, per epoch on training and on validation data.
import { type CurvePoint, learningCurve, type TrialHistory } from '../../experiment/index.ts';
import { average } from '../../statistics/index.ts';
import { extent, layer, leftAxis, numeric, thin, variantColors, variantTexts } from '../charts.ts';
import {
  chosenText,
  dropsUnits,
  hasManyTrials,
  isPenalized,
  lossesText,
  membersText,
  type Run,
  stopsEarly,
} from '../context.ts';
import { defineFigure } from '../figure.ts';
import { variantDash, vegaLite } from '../look.ts';
import { applicable, capitalized, joinNames, type MetricWords, variantNames } from '../words.ts';

const PANEL = { width: 360, height: 220 };

/** Points of all lines in a panel, which bounds the size of the drawing. */
const MAX_POINTS = 2000;

type Row = CurvePoint & { variant: number };

/** The two panels of one metric, which share their axes: what each variant did on training and on validation data. */
interface Pair {
  words: MetricWords;
  panels: { title: string; lines: { run: Run; rows: Row[] }[] }[];
}

export const curves = defineFigure({
  name: 'training-curves',
  title: 'Training curves',
  draw({ runs, metric, loss }) {
    const pairs = (metric.name === loss.name ? [loss] : [loss, metric])
      .map((words) => pairOf(runs, words))
      .filter(({ panels }) => panels.length > 0);
    if (pairs.length === 0) return undefined;
    const lines = pairs.flatMap(({ panels }) => panels.flatMap(({ lines }) => lines));
    const lastEpoch = Math.max(...lines.map(({ rows }) => rows.length));
    const last = pairs[pairs.length - 1];
    const lastValues = runs.flatMap(({ variant, trials }) => {
      const values = trials.flatMap(({ history }) => history[seriesOf('val', last.words)]?.slice(-1) ?? []);
      return values.length > 0 ? [`${variant} ${last.words.value(average(values))}`] : [];
    });
    return {
      caption: caption(runs, lastEpoch),
      alt:
        `Line charts of training and validation ${joinNames(pairs.map(({ words }) => words.label))} over ${lastEpoch} epochs. ` +
        `Last validation ${last.words.label}: ${joinNames(lastValues) || 'not measured'}.`,
      spec: vegaLite({
        params: [variantTexts(runs)],
        spacing: 28,
        vconcat: pairs.map((pair) => ({ hconcat: drawings(pair, runs, lastEpoch, pair === last) })),
      }),
    };
  },
});

const seriesOf = (part: 'train' | 'val', { name }: MetricWords): keyof TrialHistory => `${part}${capitalized(name)}`;

function pairOf(runs: Run[], words: MetricWords): Pair {
  const panels = (['train', 'val'] as const).map((part) => {
    const series = seriesOf(part, words);
    const lines = runs.map((run) => {
      const recorded = run.trials.filter(({ history }) => history[series]);
      return { run, rows: learningCurve(recorded, series).map((point) => ({ ...point, variant: run.index })) };
    });
    const title = `${part === 'train' ? 'Training' : 'Validation'} ${words.label}`;
    return { title, lines: lines.filter(({ rows }) => rows.length > 0) };
  });
  return { words, panels: panels.filter(({ lines }) => lines.length > 0) };
}

function drawings({ words, panels }: Pair, runs: Run[], lastEpoch: number, isLast: boolean): object[] {
  const all = panels.flatMap(({ lines }) => lines.flatMap(({ rows }) => rows));
  const values = all.flatMap(({ lower, upper }) => [lower, upper]);
  const symbols = { symbolType: 'stroke', symbolSize: 700, symbolOpacity: 1 };
  const color = variantColors(runs, { width: 2 * PANEL.width, symbolWidth: 50, ...symbols });
  const strokeDash = { ...color, scale: { ...color.scale, range: runs.map(({ index }) => variantDash(index)) } };
  const scale = { domain: extent(words.isShare ? values : [0, ...values]), nice: true, zero: false };
  const y = (field: string) => numeric(field, null, leftAxis(words), scale);
  const epochs = { tickCount: 6, tickMinStep: 1, grid: false };
  const x = numeric('epoch', isLast ? 'Epoch' : null, epochs, { domain: [0, lastEpoch], nice: false });
  const ring = { type: 'point', filled: false, fill: '#ffffff', opacity: 1, size: 55, strokeWidth: 2 };
  return panels.map(({ title, lines }) => {
    const data = { values: lines.flatMap(({ rows }) => thinRows(rows, pointsPerLine(runs))) };
    const best = lines.flatMap(({ run, rows }) =>
      stopsEarly(run) ? rows.filter(({ epoch }) => epoch === medianBestEpoch(run)) : [],
    );
    const line = { type: 'line', strokeWidth: 2, strokeJoin: 'round', point: lastEpoch === 1 };
    const band = layer({ type: 'area', opacity: 0.18 }, { x, y: y('lower'), y2: { field: 'upper' }, color }, { data });
    return {
      ...PANEL,
      title,
      layer: [
        ...(hasManyTrials(runs) ? [band] : []),
        layer(line, { x, y: y('median'), color, strokeDash }, { data }),
        layer(ring, { x, y: y('median'), color }, { data: { values: best } }),
      ],
    };
  });
}

/** The lower median, which at least half of the trials have reached, so that it lies on the curve. */
function medianBestEpoch({ trials }: Run): number {
  const epochs = trials.map(({ bestEpoch }) => bestEpoch).sort((a, b) => a - b);
  return epochs[Math.floor((epochs.length - 1) / 2)];
}

const pointsPerLine = (runs: Run[]): number => Math.max(20, Math.floor(MAX_POINTS / runs.length));

/** Evenly picked rows that keep the last, where the line must end. */
const thinRows = (rows: Row[], limit: number): Row[] =>
  rows.length <= limit ? rows : [...thin(rows.slice(0, -1), limit - 1), rows[rows.length - 1]];

function caption(runs: Run[], lastEpoch: number): string {
  const many = hasManyTrials(runs);
  const namesOf = (test: (run: Run) => boolean) => variantNames(runs.filter(test));
  const dropping = namesOf(dropsUnits);
  const penalized = namesOf(isPenalized);
  const unvalidated = namesOf(({ trials }) => trials.every(({ history }) => !history.valDataLoss?.length));
  return applicable(
    'Training and validation panels of a metric share their axes.',
    many &&
      `Lines are medians over up to ${Math.max(...runs.map(({ trials }) => trials.length))} trained networks, bands hold the middle half of them (quartiles).`,
    runs.some(stopsEarly) &&
      (many
        ? 'A ring marks the median of the epochs whose weights early stopping kept; the line ends where half of the networks had stopped.'
        : 'A ring marks the epoch whose weights early stopping kept; the line ends where training stopped.'),
    `Training values are averages over an epoch, taken while the weights change${dropping && `; those of ${dropping} with dropout on`}.`,
    penalized && `Losses are without the penalty on the weights of ${penalized}.`,
    lossesText(runs),
    membersText(runs),
    unvalidated && `No validation data: ${unvalidated}.`,
    lastEpoch > pointsPerLine(runs) && 'Lines go through evenly picked epochs.',
    chosenText(runs),
  ).join(' ');
}
