// fitTable: a table becomes a predictor of several networks, each of which has chosen its best epoch on rows it did not see.
import type { Engine } from '../backend/index.ts';
import { type Dataset, isTable, type Matrix, takeRows, takeTableRows } from '../data/index.ts';
import {
  boolean,
  type Description,
  factoryOf,
  fail,
  number,
  oneOf,
  optionsOf,
  resolveOptions,
  text,
} from '../errors/index.ts';
import { accuracy, crossEntropy } from '../metrics/index.ts';
import { dense, meanSquaredError, softmaxCrossEntropy, zeros } from '../nn/index.ts';
import { SmoothClipScaler, type Transformer } from '../preprocessing/index.ts';
import { seedRule } from '../random/index.ts';
import { type AnySequential, earlyStopping, ensemble, type FitOptions, sequential } from '../train/index.ts';
import { bestTemperature } from '../uncertainty/index.ts';
import { FittedTable, type TableMember } from './fitted-table.ts';
import { foldsOf, type Rows, splitOf } from './folds.ts';
import { type ColumnTypes, parseTable, type TableInput, tableRules } from './parse-table.ts';
import {
  defaultBatchSize,
  defaultEpochs,
  defaultOptimizer,
  type Effort,
  efforts,
  hiddenLayers,
  type TableNetwork,
} from './recipe.ts';
import { featuresOf, tableTransformer, usableColumns } from './table-transformer.ts';
import { inTargetUnit, scaled, scalingOf } from './target-scaling.ts';
import { splitTarget, type TableTask } from './targets.ts';

/** How each network is trained: options of `fit`, each with a default here, and the loss. */
export interface TableTraining extends Partial<Omit<FitOptions, 'validationData' | 'checkpoint' | 'resume'>> {
  /** By default `softmaxCrossEntropy`, with label smoothing of 0.1 where a temperature undoes it; for numbers `meanSquaredError()`. */
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
  /**
   * `'quick'` trains one network, `'default'` five, each without another fifth of the rows, and `'best'` fifteen, on three such
   * divisions. `'quick'` where `validationSplit` is given.
   */
  readonly effort?: Effort;
  /** For `'quick'`: the share of the rows that choose the best epoch, default 0.2; with 0, the last epoch counts. */
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
  effort: oneOf(['quick', 'default', 'best'], { optional: true }),
  validationSplit: number('[0, 1)', { optional: true }),
  scaleTarget: boolean({ default: true }),
  seed: { ...seedRule, default: 0 } as typeof seedRule,
};

/**
 * Trains networks on a table: CSV, JSON, rows of objects, or what `parseTable` returns. The defaults need no tuning.
 *
 * Rows without a target, columns of text and columns without values are left out, which `warnings` says. By default there are five networks:
 * each leaves out another fifth of the rows, keeps its epoch with the best log loss (mean squared error for numbers) on it, and what they
 * predict is averaged. One temperature, fitted on all these predictions of rows that a network has not seen, makes the probabilities as
 * sure as they should be; predicted numbers stay within the range of the training targets.
 *
 * Numbers are scaled by their quartiles, smoothly clipped, and filled with their median, with a column that says where; categories become
 * columns of 0 and 1, those that are new later none of them. Each network has three layers of 128 units, SELU (mish for numbers) and
 * dropout, trained by AdamW for about 1,000 steps. `summary()` says all of that of a predictor. The same rows, options and seed give the same bits.
 *
 * Sources: Holzmüller, Grinsztajn & Steinwart 2024, "Better by Default"; Kadra et al. 2021, "Well-tuned Simple Nets Excel on Tabular Datasets".
 *
 * @throws ParameterError for an unknown option, a bad value, or a target that is no column or has one class
 * @throws NumericError when the loss becomes NaN or infinite
 * @example
 * ```js
 * import { fitTable } from 'regulus/tables';
 *
 * const rows = Array.from({ length: 60 }, (_, i) => ({ size: i % 7 === 3 ? null : i, city: i % 2 ? 'Oslo' : 'Rome', price: i > 30 ? 'high' : 'low' }));
 * const predictor = await fitTable(rows, { target: 'price', effort: 'quick' });
 * console.log(predictor.predict([{ size: 58, city: 'Paris' }])); // ['high']
 * console.log(predictor.predictProbabilities([{ size: null, city: 'Oslo' }])); // [{ high: …, low: … }]
 * console.log(predictor.summary());
 * ```
 */
export async function fitTable(input: TableInput, options: FitTableOptions): Promise<FittedTable> {
  const where = 'fitTable';
  const {
    columns: types,
    preprocessing = tableTransformer(new SmoothClipScaler()),
    network,
    training,
    engine,
    ...plain
  } = options;
  const checked = resolveOptions(where, plain, rules);
  const { target, missingValues, task: wanted, validationSplit, scaleTarget, seed } = checked;
  const effort: Effort = checked.effort ?? (validationSplit === undefined ? 'default' : 'quick');
  if (validationSplit !== undefined && effort !== 'quick') {
    fail(where, 'validationSplit', "left out but for effort: 'quick'", validationSplit);
  }
  const all = isTable(input) ? input : parseTable(input, { columns: types, missingValues });
  const { features, rows, column: targetColumn, task, classes, y, warnings } = splitTarget(all, target, wanted);
  const { folds, repeats } = efforts[effort];
  const parts: Rows[] =
    folds === 1
      ? [splitOf(y, validationSplit ?? 0.2, seed)]
      : Array.from({ length: repeats }, (_, k) => foldsOf(y, folds, seed + k)).flat();

  // With several networks, each row trains one of them at least, and what is fitted here knows no targets.
  const fitRows = parts.length === 1 ? parts[0].train : Int32Array.from(y.keys());
  const table = usableColumns(features, fitRows, warnings);
  preprocessing.fit(takeTableRows(table, fitRows));
  const dataset: Dataset = { x: featuresOf(where, preprocessing, table), y };
  const trainTargets = takeRows(dataset, fitRows).y as Int32Array | Float64Array;

  const { loss: given, ...fitting } = training ?? {};
  const trained =
    given ?? (classes ? softmaxCrossEntropy({ labelSmoothing: parts.length > 1 ? 0.1 : 0 }) : meanSquaredError());
  // Whoever asks for the loss of a predictor wants to know that of its probabilities as they are.
  const final = given ?? (classes ? softmaxCrossEntropy() : trained);
  const scaling = classes || !scaleTarget ? undefined : scalingOf(trainTargets, trained);
  const output = dense(lossOutputs(trained, classes?.length), given ? {} : { kernelInitializer: zeros() });
  const layers = [...hiddenLayers(where, task, network), output];
  const make = (loss: Description<'loss'>, seed: number): AnySequential =>
    sequential({ inputSize: dataset.x.shape[1], layers, loss, seed, ...(engine && { engine }) });

  const models: AnySequential[] = [];
  const members: TableMember[] = [];
  const unseen: Matrix[] = [];
  try {
    for (const [k, part] of parts.entries()) {
      const model = make(scaling?.loss ?? trained, seed + k);
      models.push(model);
      const validation = part.validation.length > 0 ? takeRows(dataset, part.validation) : undefined;
      const history = await model.fit(scaled(takeRows(dataset, part.train), scaling), {
        ...memberOptions(task, part.train.length, fitting),
        targetScaling: scaling,
        ...(validation && { validationData: scaled(validation, scaling) }),
        ...(validation && !fitting.callbacks && { callbacks: [bestEpoch(task, fitting.epochs)] }),
      });
      members.push({ history, validationRows: part.validation.map((i) => rows[i]) });
      if (classes && validation && parts.length > 1) unseen.push(model.predictProbabilities(validation.x));
    }
    const order = parts.flatMap(({ validation }) => [...validation]);
    const temperature =
      unseen.length > 0
        ? bestTemperature(
            joined(unseen),
            Int32Array.from(order, (i) => y[i]),
            { smoothing: 1 / (order.length + 1), range: [0.1, 10] },
          )
        : undefined;
    for (const [k, model] of models.entries()) {
      models[k] = make(final, seed + k);
      models[k].setWeights(inTargetUnit(model.getWeights(), scaling, temperature));
      model.dispose();
    }
    return new FittedTable(
      {
        task,
        target: { name: target, type: targetColumn.type },
        columns: table.columns.map(({ name, type }) => ({ name, type })),
        missingValues,
        ...(classes ? { classes } : { range: rangeOf(trainTargets) }),
        preprocessing: preprocessing.toJSON(),
      },
      preprocessing,
      models.length === 1 ? models[0] : ensemble(models),
      { effort, members, warnings, rows: rows.length, ...(temperature && { temperature }) },
    );
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
}

/** What `fit` is given for one network, where the options say nothing else. */
function memberOptions(task: TableTask, rows: number, given: Omit<TableTraining, 'loss'>): FitOptions {
  const { batchSize = defaultBatchSize(rows) } = given;
  const steps = Math.ceil(rows / batchSize);
  const { epochs = defaultEpochs(steps), metrics } = given;
  const isChosenByLoss = task === 'classification' && !given.callbacks;
  return {
    optimizer: defaultOptimizer(task, epochs * steps),
    ...given,
    epochs,
    batchSize,
    ...(isChosenByLoss && {
      metrics: [...(metrics ?? [accuracy()]).filter((m) => m.type !== 'crossEntropy'), crossEntropy()],
    }),
  };
}

/** How many outputs the last layer needs for a loss. */
function lossOutputs(loss: Description<'loss'>, classes: number | undefined): number {
  const definition = factoryOf(loss)?.definition as { outputs?(facts: object, options?: object): number } | undefined;
  if (!definition?.outputs) fail('fitTable', 'training.loss', 'a loss', loss);
  const facts = classes === undefined ? { columns: 1 } : { classes };
  return definition.outputs(facts, optionsOf(loss, definition as never));
}

/** Keeps the best epoch. All of them are trained, because the learning rate goes down at the end. */
const bestEpoch = (task: TableTask, epochs = Number.MAX_SAFE_INTEGER) =>
  earlyStopping({ patience: epochs, monitor: task === 'classification' ? 'valCrossEntropy' : 'valDataLoss' });

/** All rows of matrices with the same columns. */
function joined(matrices: readonly Matrix[]): Matrix {
  const data = Float64Array.from(matrices.flatMap((matrix) => [...matrix.data]));
  const [columns] = matrices.map(({ shape }) => shape[1]);
  return { data, shape: [data.length / columns, columns] };
}

function rangeOf(y: ArrayLike<number>): [least: number, greatest: number] {
  let [least, greatest] = [y[0], y[0]];
  for (let i = 1; i < y.length; i++) [least, greatest] = [Math.min(least, y[i]), Math.max(greatest, y[i])];
  return [least, greatest];
}
