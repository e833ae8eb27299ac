// All variants in one chart.
import { useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { variantColor, variantDash } from '../colors.ts';
import type { Session } from '../session.ts';
import type { Metric } from '../state.ts';
import { axisStyle, Chart } from './chart.tsx';
import { axisText, range } from './curves.tsx';
import { Choice } from './fields.tsx';

interface Props {
  session: Session;
  labels: readonly string[];
  metric: Metric;
  onMetric: (metric: Metric) => void;
  epochs: number;
  dark: boolean;
}

export function Comparison({ session, labels, metric, onMetric, epochs, dark }: Props) {
  const [part, setPart] = useState<'validation' | 'train'>('validation');
  return (
    <section class="panel" aria-labelledby="comparison-title">
      <div class="heading">
        <h2 id="comparison-title">All variants</h2>
        <div class="row">
          <Choice
            label="Curves of"
            value={metric}
            options={[
              ['accuracy', 'accuracy'],
              ['loss', 'loss'],
            ]}
            onInput={onMetric}
          />
          <Choice
            label="on the part for"
            value={part}
            options={[
              ['validation', 'validation'],
              ['train', 'training'],
            ]}
            onInput={setPart}
          />
        </div>
      </div>
      <Chart
        session={session}
        height={220}
        label={`${metric} of all variants over epochs`}
        inputs={[labels.join('\n'), metric, part, epochs, dark]}
        data={() => aligned(session, labels.length, part, metric)}
        options={() => ({
          legend: { live: false },
          cursor: { show: false },
          padding: [8, 16, 0, 0],
          scales: { x: { time: false, range: [0, epochs] }, y: { range: () => range(session, metric) } },
          axes: [
            { ...axisStyle(dark), size: 34, label: 'epoch', labelSize: 16, labelFont: '11px system-ui, sans-serif' },
            { ...axisStyle(dark), size: 44, values: (_, values) => values.map((v) => axisText(v, metric)) },
          ],
          series: [
            { label: 'epoch' },
            ...labels.map((label, i) => ({
              label,
              stroke: variantColor(i, dark),
              dash: variantDash(i),
              width: 2,
              spanGaps: true,
              points: { show: false },
            })),
          ],
        })}
      />
      <p class="note">
        Loss is without the penalties, and dropout is off in all figures, so that variants can be compared.
      </p>
    </section>
  );
}

/** One column of epochs for all; variants have their points at epochs of their own. */
function aligned(session: Session, count: number, part: 'validation' | 'train', metric: Metric): uPlot.AlignedData {
  // Not all runs: after a variant was added or removed, they follow a moment later.
  const runs = Array.from({ length: count }, (_, i) => session.runs[i]?.curves);
  const epochs = [...new Set(runs.flatMap((curves) => curves?.epoch ?? []))].sort((a, b) => a - b);
  const place = new Map(epochs.map((epoch, i) => [epoch, i]));
  const columns = runs.map((curves) => {
    const column = Array<number | null>(epochs.length).fill(null);
    for (const [i, epoch] of curves?.epoch.entries() ?? []) column[place.get(epoch)!] = curves[part][metric][i];
    return column;
  });
  return [epochs, ...columns];
}
