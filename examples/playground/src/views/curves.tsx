// The curves of one variant, with the gap between train and validation as an area, and the histogram of its weights.
import uPlot from 'uplot';
import { variantColor } from '../colors.ts';
import type { Session } from '../session.ts';
import type { Metric } from '../state.ts';
import { axisStyle, Chart } from './chart.tsx';

interface Props {
  session: Session;
  run: number;
  label: string;
  metric: Metric;
  epochs: number;
  dark: boolean;
}

export function GapChart({ session, run, label, metric, epochs, dark }: Props) {
  const color = variantColor(run, dark);
  return (
    <Chart
      session={session}
      height={118}
      label={`${metric} of ${label} over epochs, on the train part and on the validation part`}
      inputs={[run, metric, epochs, dark]}
      data={() => {
        const curves = session.runs[run]?.curves;
        return curves ? [curves.epoch, curves.train[metric], curves.validation[metric]] : [[], [], []];
      }}
      options={() => ({
        legend: { show: false },
        cursor: { show: false },
        padding: [6, 14, 0, 0],
        scales: { x: { time: false, range: [0, epochs] }, y: { range: () => range(session, metric) } },
        axes: [
          { ...axisStyle(dark), size: 18, space: 60 },
          { ...axisStyle(dark), size: 40, space: 30, values: (_, values) => values.map((v) => axisText(v, metric)) },
        ],
        series: [
          {},
          { stroke: color, width: 1.2, dash: [4, 3], points: { show: false } },
          { stroke: color, width: 2, points: { show: false } },
        ],
        // The gap: from the upper curve down to the lower one.
        bands: [{ series: metric === 'accuracy' ? [1, 2] : [2, 1], fill: `${color}30` }],
      })}
    />
  );
}

/** The same for all charts of a metric. */
export function range(session: Session, metric: Metric): [number, number] {
  const [low, high] = session.extent[metric];
  return metric === 'accuracy' ? [Math.min(0.95, Math.floor(low * 20) / 20), 1] : [0, Math.max(0.1, high * 1.05)];
}

export function axisText(value: number, metric: Metric): string {
  return metric === 'accuracy' ? `${Math.round(value * 100)} %` : String(value);
}

export function WeightHistogram({ session, run, label, dark }: Omit<Props, 'metric' | 'epochs'>) {
  const color = variantColor(run, dark);
  const bars = uPlot.paths.bars!({ size: [0.92, 60] });
  return (
    <Chart
      session={session}
      height={66}
      label={`Histogram of the weights of ${label}`}
      inputs={[run, dark]}
      data={() => {
        const histogram = session.runs[run]?.snapshot?.histogram;
        if (!histogram) return [[], []];
        const { limit, counts } = histogram;
        return [
          Array.from(counts, (_, i) => limit * ((2 * i + 1) / counts.length - 1)),
          // Square roots, so that few weights beside a peak are seen.
          Array.from(counts, Math.sqrt),
        ];
      }}
      options={() => ({
        legend: { show: false },
        cursor: { show: false },
        padding: [2, 14, 0, 14],
        scales: {
          x: { time: false, range: (_, low, high) => [low * 1.02, high * 1.02] },
          y: { range: (_, __, high) => [0, high] },
        },
        axes: [{ ...axisStyle(dark), grid: { show: false }, size: 18, space: 40 }, { show: false }],
        series: [{}, { stroke: color, fill: `${color}aa`, width: 0, paths: bars, points: { show: false } }],
      })}
    />
  );
}
