// Looks at a model in training: scores, decision field, weights.
import type { Matrix, TrainedModel } from 'regulus';
import type { PreparedData } from 'regulus/experiment';
import { coarse, fine, type Grid, gridPoints } from './field.ts';
import type { Area, DataFacts, Field, Histogram, Point, Score, Snapshot } from './messages.ts';

const bins = 41;
/** Training samples that units are called dead by. */
const probes = 200;
const mostImages = 20;

export class Inspector {
  readonly facts: DataFacts;
  readonly #data: PreparedData;
  readonly #grids = new Map<Grid, Matrix>();
  readonly #hidden: readonly number[];
  #limit = 0;

  constructor(data: PreparedData, hidden: readonly number[], batchSize: number) {
    this.#data = data;
    this.#hidden = hidden;
    this.facts = dataFacts(data, batchSize);
  }

  /** What the model looks like now, with a fine picture if there is time for it. */
  snapshot(model: TrainedModel, epoch: number, stepsPerSecond: number, sharp: boolean): Snapshot {
    const kernels = model.getWeights().map(({ data }) => data);
    const weights = kernels.filter((_, i) => i % 2 === 0);
    // The limit stays as it was before training, so that shrinking weights are seen to shrink.
    this.#limit ||= weights.reduce((most, kernel) => kernel.reduce((a, w) => Math.max(a, Math.abs(w)), most), 0);
    const count = weights.reduce((sum, { length }) => sum + length, 0);
    const share = (holds: (weight: number) => boolean) =>
      weights.reduce((sum, kernel) => sum + kernel.reduce((n, w) => n + (holds(w) ? 1 : 0), 0), 0) / count;
    return {
      ...this.point(model, epoch),
      test: score(model, this.#data.test),
      field: this.#field(model, sharp ? fine : coarse),
      images: this.facts.area ? undefined : images(weights[0], this.facts.features),
      histogram: histogram(weights, this.#limit),
      zero: share((w) => w === 0),
      nearZero: share((w) => Math.abs(w) < 1e-3),
      ...this.#deadUnits(kernels),
      stepsPerSecond,
    };
  }

  /** Only what the curves need. */
  point(model: TrainedModel, epoch: number): Point {
    return { epoch, train: score(model, this.#data.train), validation: score(model, this.#data.validation) };
  }

  #field(model: TrainedModel, grid: Grid): Field | undefined {
    const { area, classes } = this.facts;
    if (!area) return undefined;
    const points = this.#grids.get(grid) ?? gridPoints(grid, area, means(this.#data));
    this.#grids.set(grid, points);
    const { data } = model.predictProbabilities(points);
    const shown = classes === 2 ? data.filter((_, i) => i % 2 === 1) : data;
    return { ...grid, cells: Uint8Array.from(shown, (p) => Math.round(p * 255)) };
  }

  /** Runs the hidden layers by hand, because models do not show what is between input and output. */
  #deadUnits(arrays: readonly Float32Array[]): { dead: number; units: number } {
    const { data, shape } = this.#data.train.x;
    const samples = Math.min(probes, shape[0]);
    let inputs: ArrayLike<number> = data;
    let width = shape[1];
    let dead = 0;
    for (const [layer, units] of this.#hidden.entries()) {
      const [kernel, bias] = [arrays[2 * layer], arrays[2 * layer + 1]];
      const outputs = new Float32Array(samples * units);
      const alive = new Uint8Array(units);
      for (let i = 0; i < samples; i++) {
        const at = i * units;
        outputs.set(bias, at);
        for (let k = 0; k < width; k++) {
          const x = inputs[i * width + k];
          if (x === 0) continue;
          for (let j = 0; j < units; j++) outputs[at + j] += x * kernel[k * units + j];
        }
        for (let j = 0; j < units; j++) {
          if (outputs[at + j] > 0) alive[j] = 1;
          else outputs[at + j] = 0;
        }
      }
      dead += alive.reduce((sum, one) => sum + 1 - one, 0);
      inputs = outputs;
      width = units;
    }
    return { dead, units: this.#hidden.reduce((sum, units) => sum + units, 0) };
  }
}

const partNames = ['train', 'validation', 'test'] as const;

function dataFacts(data: PreparedData, batchSize: number): DataFacts {
  const parts = partNames.map((name) => data[name]);
  const column = (index: number) =>
    Float32Array.from(
      parts.flatMap(({ x }) => Array.from({ length: x.shape[0] }, (_, i) => x.data[i * x.shape[1] + index])),
    );
  const [x, y] = [column(0), column(1)];
  const labels = parts.map(({ y }) => y as Int32Array);
  const counts = labels.map(({ length }) => length) as DataFacts['counts'];
  return {
    x,
    y,
    label: Uint8Array.from(labels.flatMap((y) => Array.from(y))),
    part: Uint8Array.from(labels.flatMap((y, i) => Array.from(y, () => i))),
    counts,
    features: data.train.x.shape[1],
    featureNames: data.featureNames,
    classes: data.classes ?? 2,
    area: data.mappable ? area(x, y) : undefined,
    stepsPerEpoch: Math.ceil(counts[0] / batchSize),
  };
}

function area(x: Float32Array, y: Float32Array): Area {
  const range = (values: Float32Array) => {
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const margin = 0.06 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  const [xMin, xMax] = range(x);
  const [yMin, yMax] = range(y);
  return { xMin, xMax, yMin, yMax };
}

function means({ train: { x } }: PreparedData): Float64Array {
  const [count, width] = x.shape;
  const sums = new Float64Array(width);
  for (let i = 0; i < count * width; i++) sums[i % width] += x.data[i] / count;
  return sums;
}

function score(model: TrainedModel, data: PreparedData['train']): Score {
  const { dataLoss, accuracy } = model.evaluate(data);
  return { loss: dataLoss, accuracy };
}

/** Only where the features fill a square. */
function images(kernel: Float32Array, features: number): Float32Array | undefined {
  const units = kernel.length / features;
  if (!Number.isInteger(Math.sqrt(features))) return undefined;
  const shown = Math.min(mostImages, units);
  const pixels = new Float32Array(shown * features);
  for (let unit = 0; unit < shown; unit++) {
    for (let i = 0; i < features; i++) pixels[unit * features + i] = kernel[i * units + unit];
  }
  const largest = pixels.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-3);
  return pixels.map((w) => w / largest);
}

function histogram(kernels: readonly Float32Array[], limit: number): Histogram {
  const counts = new Uint32Array(bins);
  for (const kernel of kernels) {
    for (const weight of kernel) {
      const bin = Math.floor(((weight / limit + 1) / 2) * bins);
      counts[Math.min(bins - 1, Math.max(0, bin))] += 1;
    }
  }
  return { limit, counts };
}
