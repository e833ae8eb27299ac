// fitTable: a table becomes a predictor. What is fitted sees the training part only.
import type { Engine } from '../backend/index.ts';
import { type Dataset, isTable, type Matrix, selectColumns, takeTableRows, trainTestSplit } from '../data/index.ts';
import {
  boolean,
  type Description,
  factoryOf,
  fail,
  integer,
  list,
  number,
  oneOf,
  optionsOf,
  resolveOptions,
  text,
} from '../errors/index.ts';
import type { MetricDefinition } from '../metrics/index.ts';
import { dense, dropout, meanSquaredError, relu, softmaxCrossEntropy } from '../nn/index.ts';
import { adamW } from '../optim/index.ts';
import { StandardScaler, type Transformer } from '../preprocessing/index.ts';
import { seedRule } from '../random/index.ts';
import {
  earlyStopping,
  type FitOptions,
  type History,
  type Sequential,
  type Series,
  sequential,
} from '../train/index.ts';
import { type ColumnTypes, parseTable, type TableInput, tableRules } from './parse-table.ts';
import { type FittedTable, TablePredictor } from './predictor.ts';
import { tableTransformer, usableColumns } from './table-transformer.ts';
import { splitTarget, type TableTask } from './targets.ts';

/** The hidden layers: sizes, or all of them. */
export interface TableNetwork {
  /** Units of each hidden layer, default [256, 256]. */
  readonly hiddenUnits?: readonly number[];
  /** Share of units dropped after each of them, default 0.2. */
  readonly dropout?: number;
  /** All layers but the last, a dense layer for the target, instead of these two. */
  readonly layers?: readonly Description<'layer'>[];
}

/** How the network is trained: options of `fit`, each with a default here, and the loss. */
export interface TableTraining extends Partial<Omit<FitOptions, 'validationData' | 'checkpoint' | 'resume'>> {
  /** `softmaxCrossEntropy()` by default, for numbers `meanSquaredError()`. */
  readonly loss?: Description<'loss'>;
}

/** Options of {@link fitTable}. */
export interface FitTableOptions {
  /** The column to predict. */
  readonly target: string;
  /** Types of columns by name; those of others are inferred. */
  readonly columns?: ColumnTypes;
  /** Spellings of a missing value; by default those of pandas, and `?`. */
  readonly missingValues?: readonly string[];
  /** By default classification, and regression for numbers that are not whole or have more than 10 different values. */
  readonly task?: TableTask;
  /** What makes numbers of the columns, instead of the default; it is fitted here. */
  readonly preprocessing?: Transformer;
  readonly network?: TableNetwork;
  readonly training?: TableTraining;
  /** Share of the rows that choose the best epoch, default 0.2; with 0, there is no early stopping. */
  readonly validationSplit?: number;
  /** Whether numbers to predict are trained as multiples of their standard deviation, default true. */
  readonly scaleTarget?: boolean;
  /** Of the split, the weights and the order of the samples; default 0. */
  readonly seed?: number;
  readonly engine?: Engine;
}

const rules = {
  target: text(),
  missingValues: tableRules.missingValues,
  task: oneOf(['classification', 'regression'], { optional: true }),
  validationSplit: number('[0, 1)', { default: 0.2 }),
  scaleTarget: boolean({ default: true }),
  seed: { ...seedRule, default: 0 } as typeof seedRule,
};

const networkRules = {
  hiddenUnits: list(integer(1), { default: [256, 256] }),
  dropout: dropout.definition.options.rate,
};

/**
 * Trains a network on a table: CSV, JSON, rows of objects, or what `parseTable` returns.
 *
 * Rows without a target, columns of text and columns without values are left out, which `warnings` says. A fifth of the rows is for
 * validation: everything is fitted on the others, and the epoch with the best loss on it is kept. By default, numbers are
 * filled with their median, with a column that says where, and standardized; categories become columns of 0 and 1, those that are
 * new later none of them. The network has two layers of 256 units with dropout, trained by AdamW. The same rows, options and seed
 * give the same bits.
 *
 * @throws ParameterError for an unknown option, a bad value, or a target that is no column or has one class
 * @throws NumericError when the loss becomes NaN or infinite
 * @example
 * ```js
 * import { fitTable } from 'regulus/tables';
 *
 * const rows = Array.from({ length: 60 }, (_, i) => ({ size: i % 7 === 3 ? null : i, city: i % 2 ? 'Oslo' : 'Rome', price: i > 30 ? 'high' : 'low' }));
 * const predictor = await fitTable(rows, { target: 'price', training: { epochs: 30 } });
 * console.log(predictor.predict([{ size: 58, city: 'Paris' }])); // ['high']
 * console.log(predictor.predictProbabilities([{ size: null, city: 'Oslo' }])); // [{ high: …, low: … }]
 * ```
 */
export async function fitTable(input: TableInput, options: FitTableOptions): Promise<FittedTable> {
  const where = 'fitTable';
  const { columns: types, preprocessing = tableTransformer(), network, training, engine, ...plain } = options;
  const {
    target,
    missingValues,
    task: wanted,
    validationSplit,
    scaleTarget,
    seed,
  } = resolveOptions(where, plain, rules);
  const all = isTable(input) ? input : parseTable(input, { columns: types, missingValues });
  const { features, rows, column, task, classes, y, warnings } = splitTarget(all, target, wanted);
  const { trainRows, validationRows } = split(y, validationSplit, seed);

  const trainTable = usableColumns(takeTableRows(features, trainRows), warnings);
  const table = selectColumns(
    where,
    features,
    trainTable.columns.map(({ name }) => name),
  );
  preprocessing.fit(trainTable);
  const part = (rows: Int32Array, of = takeTableRows(table, rows)): Dataset => ({
    x: preprocessing.transform(of) as Matrix,
    y: y instanceof Int32Array ? Int32Array.from(rows, (i) => y[i]) : Float64Array.from(rows, (i) => y[i]),
  });
  const train = part(trainRows, trainTable);
  const validation = validationRows.length > 0 ? part(validationRows) : undefined;

  const { loss: given = classes ? softmaxCrossEntropy() : meanSquaredError(), ...fitting } = training ?? {};
  const scaling = classes || !scaleTarget ? undefined : scalingOf(train.y as Float64Array, given);
  const layers = [...hiddenLayers(where, network), dense(lossOutputs(given, classes?.length))];
  const make = (loss: Description<'loss'>) =>
    sequential<Int32Array | Matrix>({ inputSize: train.x.shape[1], layers, loss, seed, ...(engine && { engine }) });
  const model = make(scaling?.loss ?? given);
  try {
    const history = await model.fit(scaled(train, scaling), {
      epochs: 200,
      batchSize: batchSize(trainRows.length),
      optimizer: adamW({ learningRate: 1e-3, weightDecay: 0.02 }),
      callbacks: validation ? [earlyStopping({ patience: 20, monitor: 'valDataLoss' })] : [],
      ...(validation && { validationData: scaled(validation, scaling) }),
      ...fitting,
    });
    const columns = table.columns.map(({ name, type }) => ({ name, type }));
    const own = scaling ? inOwnUnit(model, make(given), scaling) : model;
    if (scaling) toOwnUnit(history, scaling.factor, scaling.deviation, fitting.metrics);
    const state = {
      task,
      target: { name: target, type: column.type },
      columns,
      missingValues,
      ...(classes && { classes }),
    };
    const predictor = new TablePredictor({ ...state, preprocessing: preprocessing.toJSON() }, preprocessing, own);
    return Object.assign(predictor, { history, warnings, validationRows: validationRows.map((i) => rows[i]) });
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The rows of both parts, in ascending order; classes keep their shares where each has two rows. */
function split(y: Int32Array | Float64Array, share: number, seed: number) {
  const rows = y.length;
  if (share === 0)
    return { trainRows: Int32Array.from({ length: rows }, (_, i) => i), validationRows: new Int32Array() };
  const counts = new Map<number, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  const testSize = Math.min(rows - 1, Math.max(1, Math.round(share * rows)));
  const enough = Math.min(testSize, rows - testSize) >= counts.size && [...counts.values()].every((count) => count > 1);
  const stratify = y instanceof Int32Array && enough;
  const x = { data: new Float64Array(rows), shape: [rows, 1] as [number, number] };
  const { trainIndices, testIndices } = trainTestSplit({ x, y }, { testSize, stratify, randomState: seed });
  return { trainRows: trainIndices.sort(), validationRows: testIndices.sort() };
}

function hiddenLayers(where: string, network: TableNetwork = {}): readonly Description<'layer'>[] {
  const { layers, ...short } = network;
  const { hiddenUnits, dropout: rate } = resolveOptions(`${where}'s network`, { dropout: 0.2, ...short }, networkRules);
  if (layers === undefined) {
    return hiddenUnits.flatMap((units) => [dense(units), relu(), ...(rate > 0 ? [dropout(rate)] : [])]);
  }
  if (Object.keys(short).length > 0) fail(where, 'network', 'either layers, or hiddenUnits and dropout', network);
  return layers;
}

/** A power of two near a sixteenth of the rows, from 32 to 256. */
function batchSize(rows: number): number {
  let size = 32;
  while (size < 256 && size * 32 <= rows) size *= 2;
  return size;
}

/** How many outputs the last layer needs for a loss. */
function lossOutputs(loss: Description<'loss'>, classes: number | undefined): number {
  const definition = factoryOf(loss)?.definition as { outputs?(facts: object, options?: object): number } | undefined;
  if (!definition?.outputs) fail('fitTable', 'training.loss', 'a loss', loss);
  const facts = classes === undefined ? { columns: 1 } : { classes };
  return definition.outputs(facts, optionsOf(loss, definition as never));
}

type Network = Sequential<Int32Array | Matrix>;

/** How a target is scaled for training. */
interface TargetScaling {
  readonly mean: number;
  readonly deviation: number;
  /** The loss on scaled targets, and its factor to that on targets in their own unit. */
  readonly loss: Description<'loss'>;
  readonly factor: number;
}

/** The scaling of the training targets; undefined where a loss has a meaning of its own for the unit, as Poisson's. */
function scalingOf(y: Float64Array, loss: Description<'loss'>): TargetScaling | undefined {
  const { mean, scale } = new StandardScaler().fit({ data: y, shape: [y.length, 1] });
  const [deviation] = scale;
  const facts = { mean: mean[0], deviation };
  switch (loss.type) {
    case 'meanSquaredError':
      return { ...facts, loss, factor: deviation * deviation };
    case 'meanAbsoluteError':
    case 'quantile':
      return { ...facts, loss, factor: deviation };
    case 'huber': {
      // δ is in the unit of the target.
      const factory = factoryOf(loss) as NonNullable<ReturnType<typeof factoryOf>>;
      const { type, ...options } = { ...optionsOf(loss, factory.definition), ...loss } as Record<string, unknown>;
      const scaledLoss = factory({ ...options, delta: (options.delta as number) / deviation });
      return { ...facts, loss: scaledLoss as Description<'loss'>, factor: deviation * deviation };
    }
    default:
      return undefined;
  }
}

function scaled({ x, y }: Dataset, scaling: TargetScaling | undefined): Dataset {
  if (!scaling) return { x, y };
  return { x, y: (y as Float64Array).map((value) => (value - scaling.mean) / scaling.deviation) };
}

/** The weights of `trained` in `model`, whose outputs have the target's own unit. */
function inOwnUnit(trained: Network, model: Network, { mean, deviation }: TargetScaling): Network {
  const weights = trained.getWeights();
  const [kernel, bias] = weights.slice(-2);
  kernel.data = kernel.data.map((value) => value * deviation);
  bias.data = bias.data.map((value) => value * deviation + mean);
  model.setWeights(weights);
  trained.dispose();
  return model;
}

/** Turns losses, and metrics in the unit of the target, from multiples of its deviation into its unit. */
function toOwnUnit(history: History, factor: number, deviation: number, metrics: FitOptions['metrics'] = []): void {
  const units = new Map<string, number>([
    ['Loss', factor],
    ['DataLoss', factor],
  ]);
  for (const metric of metrics) {
    const definition = factoryOf(metric)?.definition as MetricDefinition | undefined;
    if (definition?.unit !== 'target') continue;
    const { type } = definition;
    units.set(type.slice(0, 1).toUpperCase() + type.slice(1), deviation);
  }
  for (const part of ['train', 'val'] as const) {
    for (const [name, times] of units) {
      const series = `${part}${name}` as Series;
      history[series] = history[series].map((value) => value * times);
    }
  }
}
