// The grids that decision boundaries are computed on: row 0 at the top, cells sampled at their centers.
import type { Matrix } from 'regulus';
import type { Area } from './messages.ts';

export interface Grid {
  columns: number;
  rows: number;
}

/** While training, and when there is time. */
export const coarse: Grid = { columns: 60, rows: 48 };
export const fine: Grid = { columns: 150, rows: 120 };

/** The points of a grid; features beside the first two are at `means`. */
export function gridPoints({ columns, rows }: Grid, { xMin, xMax, yMin, yMax }: Area, means: Float64Array): Matrix {
  const width = means.length;
  const data = new Float64Array(rows * columns * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * width;
      data.set(means, at);
      data[at] = xMin + ((xMax - xMin) * (column + 0.5)) / columns;
      data[at + 1] = yMax - ((yMax - yMin) * (row + 0.5)) / rows;
    }
  }
  return { data, shape: [rows * columns, width] };
}
