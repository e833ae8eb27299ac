// The numbers behind the pictures: the scatter of all points and a model's probabilities over a grid.
import type { Matrix } from '../data/index.ts';
import type { Sequential } from '../train/index.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Boundary, Part, Scatter, TrialFigures } from './results.ts';

const columns = 90;
const rows = 72;
const margin = 0.5;

/** Six significant digits: more than a picture can show, and half the size of the file. */
const short = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toPrecision(6)));

const parts: Part[] = ['train', 'validation', 'test'];

/** The first two features of every point, with its class and part. */
export function scatter(data: PreparedData): Scatter {
  return {
    x: parts.flatMap((part) => short(feature(data[part].x, 0))),
    y: parts.flatMap((part) => short(feature(data[part].x, 1))),
    label: parts.flatMap((part) => Array.from(data[part].y)),
    part: parts.flatMap((part) => Array<Part>(data[part].y.length).fill(part)),
  };
}

/** What {@link TrialFigures} holds for a trained model. */
export function trialFigures(model: Sequential, data: PreparedData): TrialFigures {
  return {
    ...(data.mappable && { boundary: boundary(model, data) }),
    firstLayerWeights: short(model.getWeights()[0].data),
  };
}

function boundary(model: Sequential, data: PreparedData): Boundary {
  const [xMin, xMax] = limits(data, 0);
  const [yMin, yMax] = limits(data, 1);
  const point = featureMeans(data.train.x);
  const grid = new Float64Array(rows * columns * point.length);
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns;
    const row = (i - column) / columns;
    point[0] = xMin + ((xMax - xMin) * column) / (columns - 1);
    point[1] = yMin + ((yMax - yMin) * row) / (rows - 1);
    grid.set(point, i * point.length);
  }
  const { data: probabilities, shape } = model.predictProbabilities({
    data: grid,
    shape: [rows * columns, point.length],
  });
  const classes = shape[1];
  const shown = classes === 2 ? probabilities.filter((_, i) => i % 2 === 1) : probabilities;
  return { xMin, xMax, yMin, yMax, columns, rows, classes, probabilities: short(shown) };
}

function limits(data: PreparedData, column: number): [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const part of parts) {
    for (const value of feature(data[part].x, column)) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return [min - margin, max + margin];
}

function feature({ data, shape }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + column]);
}

function featureMeans(x: Matrix): Float64Array {
  const [count, width] = x.shape;
  return Float64Array.from({ length: width }, (_, j) => feature(x, j).reduce((a, b) => a + b, 0) / count);
}
