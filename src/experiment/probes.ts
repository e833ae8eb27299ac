// Probes: what is read off a trained network beside its scores. Each is one function and one line of a list; those of `scores`
// are taken in every trial, those of `pictures` for the networks that figures show.
import type { Dataset, Matrix } from '../data/index.ts';
import { confusionOf, reliability } from '../metrics/index.ts';
import type { Predictions, Sequential } from '../train/index.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Boundary, Part, Scatter, Sparsity, TrialFigures, TrialResult } from './results.ts';

/** What probes need of a trained network, or of several that predict together. */
export type Probed = Pick<
  Sequential<Predictions>,
  'hasProbabilities' | 'predict' | 'predictProbabilities' | 'getWeights'
>;

type Probe<T> = (model: Probed, data: PreparedData) => T | undefined;
type Probes<T> = { readonly [N in keyof T]-?: Probe<NonNullable<T[N]>> };

/** Read off every trained network, by the key of the trial's result. */
export const scores: Probes<Pick<TrialResult, 'confusion' | 'calibration' | 'sparsity'>> = {
  confusion: (model, { test, classes }) => {
    if (classes === undefined) return undefined;
    const all = Array.from({ length: classes }, (_, k) => k);
    return confusionOf(test.y as Int32Array, model.predict(test.x) as Int32Array, all);
  },
  calibration: (model, { test, classes }) => {
    if (classes === undefined || !model.hasProbabilities) return undefined;
    const { data, shape } = model.predictProbabilities(test.x);
    return reliability({ p: { data, rows: shape[0], columns: shape[1] }, places: test.y as Int32Array }, bins);
  },
  sparsity: (model) => optional(firstKernel(model), sparsity),
};

/** Read off the networks that figures show, by the key of {@link TrialFigures}. */
export const pictures: Probes<TrialFigures> = {
  boundary: (model, data) =>
    data.mappable && data.classes !== undefined && model.hasProbabilities ? boundary(model, data) : undefined,
  firstLayerWeights: (model) => optional(firstKernel(model), short),
};

/** What each probe finds; those that find nothing are left out. */
export function probe<T>(probes: Probes<T>, model: Probed, data: PreparedData): Partial<T> {
  const found = Object.entries(probes).map(([name, run]) => [name, (run as Probe<unknown>)(model, data)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The weights of the first layer that has a kernel. */
const firstKernel = (model: Probed) => model.getWeights().find(({ shape }) => shape.length > 1)?.data;

const optional = <T, R>(value: T | undefined, use: (value: T) => R) => (value === undefined ? undefined : use(value));

const bins = 10;
const nearZero = 1e-3;

/** Shares of weights that are exactly zero, and that are below 1e-3 in magnitude. */
export function sparsity(kernel: ArrayLike<number>): Sparsity {
  const share = (counts: (weight: number) => boolean) => Array.from(kernel).filter(counts).length / kernel.length;
  return { zero: share((weight) => weight === 0), nearZero: share((weight) => Math.abs(weight) < nearZero) };
}

const columns = 90;
const rows = 72;
const margin = 0.5;

/** Six significant digits: more than a picture can show, and half the size of the file. */
const short = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toPrecision(6)));

const parts: Part[] = ['train', 'validation', 'test'];

/** The first target of every point. */
const targets = ({ y }: Dataset): ArrayLike<number> => ('data' in y ? feature(y, 0) : y);

/** The first two features of every point, with its class and part. */
export function scatter(data: PreparedData): Scatter {
  return {
    x: parts.flatMap((part) => short(feature(data[part].x, 0))),
    y: parts.flatMap((part) => short(feature(data[part].x, 1))),
    label: parts.flatMap((part) => Array.from(targets(data[part]))),
    part: parts.flatMap((part) => Array<Part>(data[part].x.shape[0]).fill(part)),
  };
}

function boundary(model: Probed, data: PreparedData): Boundary {
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
  const values = parts.flatMap((part) => [...feature(data[part].x, column)]);
  const [min, max] = [Math.min, Math.max].map((choose) => values.reduce((a, b) => choose(a, b)));
  return [min - margin, max + margin];
}

function feature({ data, shape }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + column]);
}

function featureMeans(x: Matrix): Float64Array {
  const [count, width] = x.shape;
  return Float64Array.from({ length: width }, (_, j) => feature(x, j).reduce((a, b) => a + b, 0) / count);
}
