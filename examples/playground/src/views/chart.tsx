// A uPlot chart that follows the session.
import { useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDrawing, useSize } from '../hooks.ts';
import type { Session } from '../session.ts';

export interface ChartProps {
  session: Session;
  label: string;
  height: number;
  /** Everything but width and height. Made anew when `inputs` change. */
  options: () => Omit<uPlot.Options, 'width' | 'height'>;
  data: () => uPlot.AlignedData;
  inputs: readonly unknown[];
}

export function Chart({ session, label, height, options, data, inputs }: ChartProps) {
  const [box, width] = useSize<HTMLDivElement>();
  const chart = useRef<uPlot>(null);
  // Before the next drawing, which may have another number of series.
  useLayoutEffect(() => {
    if (!box.current || width === 0) return;
    const made = new uPlot({ ...options(), width, height }, data(), box.current);
    // Its parts are words and colors for the eye; the label of the chart speaks for it.
    made.root.querySelector('table')?.setAttribute('role', 'presentation');
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [width, height, ...inputs]);
  useDrawing(session, () => chart.current?.setData(data()), [width, height, ...inputs]);
  return <div class="chart" ref={box} role="img" aria-label={label} style={{ minHeight: `${height}px` }} />;
}

/** What axes look like in the page's theme. */
export function axisStyle(dark: boolean): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font' | 'gap'> {
  const line = dark ? '#ffffff1c' : '#0000001a';
  return {
    stroke: dark ? '#a4afbd' : '#55606e',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    gap: 3,
  };
}
