// fitTable: a table becomes a predictor of several networks, each of which has chosen its best epoch on rows it did not see.
import type { Engine } from '../backend/index.ts';
import { checkTable, type Dataset, isTable, type Matrix, takeRows, takeTableRows } from '../data/index.ts';
import {
  boolean,
  checkOption,
  checkOptionsObject,
  type Description,
  factoryOf,
  fail,
  integer,
  number,
  oneOf,
  optionsOf,
  resolveOptions,
  text,
} from '../errors/index.ts';
import { accuracy, logLoss } from '../metrics/index.ts';
import { meanSquaredError, softmaxCrossEntropy } from '../nn/index.ts';
import { AsinhScaler, type Transformer } from '../preprocessing/index.ts';
import { seedRule } from '../random/index.ts';
import {
  type AnySequential,
  byIndex,
  earlyStopping,
  ensemble,
  type FitOptions,
  fitRules,
  sequential,
} from '../train/index.ts';
import { FittedTable, type TableMember } from './fitted-table.ts';
import { partsOf, type Rows, splitOf } from './folds.ts';
import { type Group, singleGroup, weighedGroups } from './groups.ts';
import { type ColumnTypes, parseTable, tableRules } from './parse-table.ts';
import { together } from './presets.ts';
import type { TableInput } from './raw-rows.ts';
import { defaultBatchSize, defaultEpochs, type Effort, efforts, type TableNetwork, tableNetwork } from './recipe.ts';
import { featuresOf, tableTransformer, usableColumns } from './table-transformer.ts';
import { inTargetUnit, scaled, scalingOf } from './target-scaling.ts';
import { splitTarget, type TableTask } from './targets.ts';
import { type MemberJob, type MemberTrainer, trainHere } from './train-member.ts';

/** How each network is trained: options of `fit`, each with a default here, and the loss. */
export interface TableTraining extends Partial<Omit<FitOptions, 'validationData' | 'checkpoint' | 'resume'>> {
  /** By default `softmaxCrossEntropy`, for several networks with label smoothing of 0.1, which the temperature undoes; for numbers `meanSquaredError()`. */
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
  /** How many networks of each kind: `'quick'` 1, `'default'` 5, `'best'` 15. `'quick'` where `validationSplit` is given. */
  readonly effort?: Effort;
  /**
   * The same as a number. Several networks each leave out another part of the rows, which are divided into as many parts as there are members,
   * five at the most; with more members than parts, rows are divided again, in another way.
   */
  readonly members?: number;
  /** For one network: the share of the rows that choose the best epoch, default 0.2; with 0, the last epoch counts. */
  readonly validationSplit?: number;
  /** Whether numbers to predict are trained as multiples of their standard deviation, default true. */
  readonly scaleTarget?: boolean;
  /** Of the split, the weights and the order of the samples; default 0. */
  readonly seed?: number;
  /** In Node: how many networks train at a time, each in a thread; default one per core. */
  readonly workers?: number;
  readonly engine?: Engine;
}

const rules = {
  target: text(),
  missingValues: tableRules.missingValues,
  task: oneOf(['classification', 'regression'], { optional: true }),
  effort: oneOf(['quick', 'default', 'best'], { optional: true }),
  members: integer(1, { optional: true }),
  validationSplit: number('[0, 1)', { optional: true }),
  scaleTarget: boolean({ default: true }),
  workers: integer(1, { optional: true }),
  seed: { ...seedRule, default: 0 } as typeof seedRule,
};

/**
 * Trains networks on a table: CSV, JSON, rows of objects, or what `parseTable` returns. The defaults need no tuning.
 *
 * Rows without a target, columns of text and columns without values are left out, which `warnings` says. By default there are five networks
 * of each kind: each leaves out another fifth of the rows, keeps its epoch with the best log loss (mean squared error for numbers) on it, and
 * what they predict is averaged. One temperature for each kind, fitted on all these predictions of rows that a network has not seen, makes the
 * probabilities as sure as they should be; predicted numbers stay within the range of the training targets.
 *
 * Numbers are scaled by their quartiles, far ones as logarithms, and filled with their median, with a column that says where; categories become
 * columns of 0 and 1, those that are new later none of them. There are three kinds of networks: `realmlp` (numbers beside waves of them, a
 * trained scale for every feature, three layers of 128 units with SELU or, for numbers, mish), `mlp` (two layers of 128 units with ReLU) and a
 * linear model, each trained by AdamW for about 1,000 steps. What each kind counts in the mean follows from what it predicts of rows that it has
 * not learnt from. `summary()` says all of that of a predictor. The same rows, options and seed give the same bits; in Node, networks train in
 * threads, one a core.
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
export function fitTable(input: TableInput, options: FitTableOptions): Promise<FittedTable> {
  return fitTableWith(trainHere, input, options);
}

/**
 * {@link fitTable} with networks that `train` trains.
 *
 * @hidden
 */
export async function fitTableWith(
  train: MemberTrainer,
  input: TableInput,
  options: FitTableOptions,
): Promise<FittedTable> {
  const where = 'fitTable';
  checkOptionsObject(where, options);
  const {
    columns: types,
    preprocessing = tableTransformer(new AsinhScaler()),
    network,
    training,
    engine,
    ...plain
  } = options;
  const checked = resolveOptions(where, plain, rules);
  const { target, missingValues, task: wanted, validationSplit, scaleTarget, seed } = checked;
  const effort: Effort = checked.effort ?? (validationSplit === undefined ? 'default' : 'quick');
  const { members: count = efforts[effort] } = checked;
  if (validationSplit !== undefined && count !== 1) {
    fail(where, 'validationSplit', "left out but for effort: 'quick' or members: 1", validationSplit);
  }
  const all = isTable(input) ? checkTable(where, input) : parseTable(input, { columns: types, missingValues });
  const { features, rows, column: targetColumn, task, classes, y, warnings } = splitTarget(all, target, wanted);
  const parts: Rows[] =
    count === 1 ? [splitOf(y, validationSplit ?? 0.2, seed)] : partsOf(y, count, (division) => seed + division);

  // With several networks, each row trains one of them at least, and what is fitted here knows no targets.
  const fitRows = parts.length === 1 ? parts[0].train : Int32Array.from(y.keys());
  const table = usableColumns(features, fitRows, warnings);
  preprocessing.fit(takeTableRows(table, fitRows));
  const dataset: Dataset = { x: featuresOf(where, preprocessing, table), y };
  const learnt = takeRows(dataset, fitRows);
  const trainTargets = learnt.y as Int32Array | Float64Array;

  const { loss: given, ...rest } = training ?? {};
  const fitting = {
    ...rest,
    ...(rest.classWeight && { classWeight: byIndex(rest.classWeight, classes?.map(String)) }),
  };
  const trained =
    given ?? (classes ? softmaxCrossEntropy({ labelSmoothing: parts.length > 1 ? 0.1 : 0 }) : meanSquaredError());
  // Whoever asks for the loss of a predictor wants to know that of its probabilities as they are.
  const final = given ?? (classes ? softmaxCrossEntropy() : trained);
  const scaling = classes || !scaleTarget ? undefined : scalingOf(trainTargets, trained);
  const facts = {
    ...{ task, x: learnt.x, outputs: lossOutputs(trained, classes?.length) },
    // The same number of steps for all, also where the folds differ by a row.
    rows: Math.max(...parts.map((part) => part.train.length)),
  };
  const kinds = network || given || parts.length === 1 ? [network] : together;
  // Networks of all kinds share them.
  const splits = parts.map((part) => ({
    train: scaled(takeRows(dataset, part.train), scaling),
    validation: part.validation.length > 0 ? scaled(takeRows(dataset, part.validation), scaling) : undefined,
  }));
  const jobs = kinds.flatMap((kind) => {
    const { layers, fit } = memberOptions(where, kind, fitting, facts);
    return splits.map(
      (split, k): MemberJob => ({
        model: { inputSize: dataset.x.shape[1], layers, loss: scaling?.loss ?? trained, seed: seed + k },
        ...split,
        fit: {
          ...fit,
          targetScaling: scaling,
          callbacks: fitting.callbacks ?? (split.validation ? [bestEpoch(task, fit.epochs)] : []),
        },
      }),
    );
  });
  const networks = await train(jobs, engine);
  const groups: readonly Group[] =
    parts.length === 1
      ? [singleGroup(jobs, networks)]
      : weighedGroups(jobs, networks, parts.length, classes !== undefined);
  const models: AnySequential[] = [];
  try {
    const members = groups.flatMap(({ jobs, networks, temperature, weight }) =>
      networks.map(({ history, weights }, k): TableMember => {
        const model = sequential({ ...jobs[k].model, loss: final, ...(engine && { engine }) });
        models.push(model);
        model.setWeights(inTargetUnit(weights, scaling, { temperature, outputs: facts.outputs }));
        const validationRows = parts[k].validation.map((i) => rows[i]);
        return { history, validationRows, weight, ...(temperature && { temperature }) };
      }),
    );
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
      models.length === 1
        ? models[0]
        : ensemble(models, groups.length > 1 ? { weights: members.map(({ weight }) => weight) } : {}),
      { effort, members, warnings, rows: rows.length },
    );
  } catch (error) {
    for (const model of models) model.dispose();
    throw error;
  }
}

/** The layers of one network, and what `fit` is given where the options say nothing else. */
function memberOptions(
  where: string,
  network: TableNetwork | undefined,
  given: Omit<TableTraining, 'loss'>,
  { rows, ...facts }: { task: TableTask; x: Matrix; outputs: number; rows: number },
): { layers: Description<'layer'>[]; fit: FitOptions } {
  const { batchSize = defaultBatchSize(rows) } = given;
  checkOption(`${where}'s training`, 'batchSize', batchSize, fitRules.batchSize);
  const steps = Math.ceil(rows / batchSize);
  const { epochs = defaultEpochs(steps), metrics } = given;
  checkOption(`${where}'s training`, 'epochs', epochs, fitRules.epochs);
  const { layers, optimizer } = tableNetwork(where, network, { ...facts, totalSteps: epochs * steps });
  const isChosenByLoss = facts.task === 'classification' && !given.callbacks;
  return {
    layers,
    fit: {
      optimizer,
      ...given,
      epochs,
      batchSize,
      ...(isChosenByLoss && {
        metrics: [...(metrics ?? [accuracy()]).filter((m) => m.type !== 'logLoss'), logLoss()],
      }),
    },
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
  earlyStopping({ patience: epochs, monitor: task === 'classification' ? 'valLogLoss' : 'valDataLoss' });

function rangeOf(y: ArrayLike<number>): [least: number, greatest: number] {
  let [least, greatest] = [y[0], y[0]];
  for (let i = 1; i < y.length; i++) [least, greatest] = [Math.min(least, y[i]), Math.max(greatest, y[i])];
  return [least, greatest];
}
