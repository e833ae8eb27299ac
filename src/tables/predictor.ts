// What fitTable returns: fitted preprocessing and a trained network in one, which predicts the target's own values.
import { type Column, type Dataset, type Matrix, makeTable, type Table } from '../data/index.ts';
import { decodePieces } from '../datasets/index.ts';
import {
  checkKeys,
  checkOption,
  checkParts,
  type Description,
  fail,
  list,
  number,
  oneOf,
  ParameterError,
  pair,
  text,
} from '../errors/index.ts';
import {
  type AnyTransformer,
  type Transformer,
  type TransformerJson,
  transformerFromJson,
} from '../preprocessing/index.ts';
import type { Ensemble, Evaluation, Predictions, Sequential } from '../train/index.ts';
import { columnType } from './parse-table.ts';
import { type ColumnSchema, readAs, type TableInput, TableReader } from './raw-rows.ts';
import { featuresOf } from './table-transformer.ts';
import type { ClassValue, PredictorTask } from './targets.ts';

/** What a predictor predicts with: one network, or several whose predictions are averaged. */
export type TableModel = Sequential<Predictions> | Ensemble<Predictions>;

/** All of a {@link TablePredictor} but its network, as JSON. */
export interface TablePredictorJson {
  readonly task: PredictorTask;
  /** The target column, or the columns of several numbers or labels. */
  readonly target: ColumnSchema | readonly ColumnSchema[];
  /** The classes in the order of the network's outputs, for classification. */
  readonly classes?: readonly ClassValue[];
  /** The least and the greatest target of the training, for regression: predictions stay within. */
  readonly range?: readonly [least: number, greatest: number];
  /** The columns that predictions need. */
  readonly columns: readonly ColumnSchema[];
  readonly missingValues: readonly string[];
  /** Fitted. */
  readonly preprocessing: TransformerJson;
}

/** What is predicted for one row: the class's own value or a number, or where there are several numbers or labels, each by its name. */
export type Prediction = ClassValue | Readonly<Record<string, number>>;

/** Probabilities by the names of the classes; an object without prototype, because names are the user's. */
export type ClassProbabilities = Readonly<Record<string, number>>;

/**
 * Fitted preprocessing and a trained network; made by `fitTable`.
 *
 * @example
 * ```js
 * import { fitTable } from 'regulus/tables';
 *
 * const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, big: i > 20 }));
 * const predictor = await fitTable(rows, { target: 'big', network: { hiddenUnits: [16] }, training: { epochs: 20 } });
 * console.log(predictor.featureNames, predictor.predict([{ size: 39 }]), predictor.evaluate(rows).accuracy);
 * ```
 */
export class TablePredictor<M extends TableModel = TableModel> {
  /** The network, or the ensemble of several. */
  readonly model: M;
  readonly task: PredictorTask;
  /** The columns of what is predicted: one, or those of several numbers or labels. */
  readonly targets: readonly ColumnSchema[];
  /**
   * The names of the numbers or labels that are predicted for a row, where there are several: those of the targets. Several numbers
   * of one target, such as its quantiles, are numbered in their order: price 1, price 2 …
   */
  readonly outputNames: readonly string[] | undefined;
  /** The columns that predictions need. */
  readonly columns: readonly ColumnSchema[];
  /** The classes in the order of the network's outputs; undefined for regression. */
  readonly classes: readonly ClassValue[] | undefined;
  /** The range that predicted numbers are kept within. */
  readonly range: readonly [least: number, greatest: number] | undefined;
  /** Fitted on the training part. */
  readonly preprocessing: Transformer;
  readonly #missingValues: readonly string[];

  /** @internal */
  constructor(json: TablePredictorJson, preprocessing: Transformer, model: M) {
    this.task = json.task;
    this.targets = [json.target].flat();
    this.outputNames = outputNames(this.task, this.targets, model.outputSize);
    this.columns = json.columns;
    this.classes = json.classes;
    this.range = json.range;
    this.#missingValues = json.missingValues;
    this.preprocessing = preprocessing;
    this.model = model;
  }

  /** The target column, the first of several. */
  get target(): ColumnSchema {
    return this.targets[0];
  }

  /** The names of the classes or labels, as `predictProbabilities` has them. */
  get classNames(): readonly string[] | undefined {
    return this.task === 'multiLabel' ? this.targets.map(({ name }) => name) : this.classes?.map(String);
  }

  /** The names of the network's inputs. */
  get featureNames(): string[] {
    return this.preprocessing.getFeatureNamesOut();
  }

  /**
   * The network's inputs for raw rows: (rows, features).
   *
   * @throws ParameterError for rows without one of the columns, and for values that are not of its type
   */
  transform(rows: TableInput): Matrix {
    return featuresOf('TablePredictor.transform', this.preprocessing, this.#read('transform', rows));
  }

  /**
   * A prediction for each raw row: the class's own value, or a number (of a date, days since 1970); of several numbers or labels (0
   * or 1), an object by their names: `predict<TargetValues>(rows)`.
   *
   * @throws ParameterError as {@link TablePredictor.transform}
   */
  predict<P extends Prediction = ClassValue>(rows: TableInput): P[] {
    return this.#named(this.model.predict(this.transform(rows))) as P[];
  }

  #named(predicted: Predictions): Prediction[] {
    const { outputNames } = this;
    if ('data' in predicted) {
      if (outputNames) return byName(outputNames, predicted);
      const [least, greatest] = this.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      return Array.from(predicted.data, (value) => Math.min(Math.max(value, least), greatest));
    }
    const { classes = [] } = this;
    return Array.from(predicted as Int32Array, (k) => classes[k]);
  }

  /**
   * The probabilities of the classes for each raw row.
   *
   * @throws ParameterError as {@link TablePredictor.transform}, and for regression
   */
  predictProbabilities(rows: TableInput): ClassProbabilities[] {
    const { classNames } = this;
    if (!classNames) throw new ParameterError(`The target '${this.target.name}' is a number. Use predict().`);
    return byName(classNames, this.model.predictProbabilities(this.transform(rows)));
  }

  /**
   * Predictions for the text of a table, CSV or TSV, that comes in pieces which may end anywhere, such as those of a file or of a
   * response: the table need not fit into memory. (JSON is read as a whole.)
   *
   * @returns as rows become complete, the predictions for some of them, and for classes their probabilities (rows, classes), where the loss says what they are
   * @throws ParameterError as {@link TablePredictor.predict}, with the number of the row and of its line
   * @example
   * ```js
   * import { fitTable } from 'regulus/tables';
   *
   * const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, big: i > 20 }));
   * const predictor = await fitTable(rows, { target: 'big', network: { hiddenUnits: [16] }, training: { epochs: 20 } });
   * for await (const { predictions } of predictor.predictStream(['size\n3', '9\n1\n'])) console.log(predictions);
   * ```
   */
  async *predictStream(
    pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): AsyncGenerator<{ predictions: Prediction[]; probabilities: Matrix | undefined }, void, undefined> {
    const where = 'TablePredictor.predictStream';
    const reader = new TableReader(where, this.columns, this.#missingValues);
    const most = Math.max(1, Math.floor(MOST_VALUES / this.model.inputSize));
    for await (const text of decodePieces(pieces)) {
      for (const table of reader.read(text, false, most)) yield this.#predictTable(where, table);
    }
    for (const table of reader.read('', true, most)) yield this.#predictTable(where, table);
  }

  #predictTable(where: string, table: Table) {
    const { model } = this;
    const x = featuresOf(where, this.preprocessing, table);
    const probabilities = this.classNames && model.hasProbabilities ? model.predictProbabilities(x) : undefined;
    // The networks of an ensemble need not run twice.
    const predicted = probabilities && 'models' in model ? model.predictionsOf(probabilities) : model.predict(x);
    return { predictions: this.#named(predicted), probabilities };
  }

  /**
   * Losses and metrics on raw rows that have the target, in its own unit; by default accuracy for classes.
   *
   * @throws ParameterError as {@link TablePredictor.transform}, and for targets that are missing or of an unknown class
   */
  evaluate(rows: TableInput, options: { readonly metrics?: readonly Description<'metric'>[] } = {}): Evaluation {
    checkKeys('TablePredictor.evaluate', options, ['metrics']);
    return this.model.evaluate(this.toDataset(rows), options);
  }

  /**
   * Raw rows with their targets as the network takes them.
   *
   * @throws ParameterError as {@link TablePredictor.evaluate}
   */
  toDataset(rows: TableInput): Dataset {
    const where = 'TablePredictor.toDataset';
    const table = readAs(where, rows, [...this.columns, ...this.targets], this.#missingValues);
    const count = this.columns.length;
    const x = featuresOf(where, this.preprocessing, makeTable(table.columns.slice(0, count), table.shape[0]));
    const targets = table.columns.slice(count).map((column) => this.#targetOf(where, column));
    if (this.classes) return { x, y: Int32Array.from(targets[0]) };
    if (targets.length === 1) return { x, y: Float64Array.from(targets[0]) };
    const data = Float64Array.from(
      { length: x.shape[0] * targets.length },
      (_, i) => targets[i % targets.length][Math.floor(i / targets.length)],
    );
    return { x, y: { data, shape: [x.shape[0], targets.length] } };
  }

  /** The classes or numbers of a target's column. */
  #targetOf(where: string, { name, type, values }: Column): number[] {
    const { classes } = this;
    const indices = new Map<unknown, number>(
      classes?.map((value, k) => [type === 'boolean' ? Number(value) : value, k]),
    );
    return Array.from<unknown, number>(values, (value, i) => {
      const target = classes ? indices.get(value) : (value as number);
      if (target !== undefined && !Number.isNaN(target)) return target;
      return fail(where, `rows[${i}]`, `a row with a known '${name}'`, value, 'Leave out such rows.');
    });
  }

  /** All but the network; `predictorFromJson` makes the predictor of it again. */
  toJSON(): TablePredictorJson {
    return {
      task: this.task,
      target: this.targets.length > 1 ? this.targets : this.target,
      ...(this.classes && { classes: this.classes }),
      ...(this.range && { range: this.range }),
      columns: this.columns,
      missingValues: this.#missingValues,
      preprocessing: this.preprocessing.toJSON(),
    };
  }

  /** Frees the network's memory. */
  dispose(): void {
    this.model.dispose();
  }

  #read(method: string, rows: TableInput): Table {
    return readAs(`TablePredictor.${method}`, rows, this.columns, this.#missingValues);
  }
}

/** Features that are computed at once. */
const MOST_VALUES = 1 << 18;

/** The rows of a matrix as objects without prototype, because names are the user's. */
function byName(names: readonly string[], { data, shape }: Matrix): Record<string, number>[] {
  return Array.from({ length: shape[0] }, (_, i) => {
    const row: Record<string, number> = Object.create(null);
    for (const [k, name] of names.entries()) row[name] = data[i * shape[1] + k];
    return row;
  });
}

function outputNames(task: PredictorTask, targets: readonly ColumnSchema[], outputs: number): string[] | undefined {
  if (task === 'classification' || (task === 'regression' && outputs === 1)) return undefined;
  return targets.length > 1 || task === 'multiLabel'
    ? targets.map(({ name }) => name)
    : Array.from({ length: outputs }, (_, k) => `${targets[0].name} ${k + 1}`);
}

const jsonKeys = ['task', 'target', 'classes', 'range', 'columns', 'missingValues', 'preprocessing'];

/**
 * Makes the predictor again that `toJSON` was called on, with its network. `known` are transformers of your own in it.
 *
 * @throws ParameterError for JSON that is none of a predictor, and for another network
 * @example
 * ```js
 * import { fitTable, predictorFromJson } from 'regulus/tables';
 *
 * const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, big: i > 20 ? 'yes' : 'no' }));
 * const predictor = await fitTable(rows, { target: 'big', training: { epochs: 5 } });
 * const again = predictorFromJson(JSON.parse(JSON.stringify(predictor)), predictor.model);
 * console.log(again.predict([{ size: 39 }]));
 * ```
 */
export function predictorFromJson<M extends TableModel>(
  json: unknown,
  model: M,
  known: readonly AnyTransformer[] = [],
): TablePredictor<M> {
  const where = 'predictorFromJson';
  checkKeys(where, json, jsonKeys);
  checkParts(where, 'model', model);
  const { task, target, classes, range, columns, missingValues, preprocessing } = json as Partial<TablePredictorJson>;
  checkOption(where, 'task', task, oneOf(['classification', 'multiLabel', 'regression']));
  checkOption(where, 'missingValues', missingValues, list(text()));
  if (!Array.isArray(columns)) fail(where, 'columns', 'a list of columns', columns);
  const targets = [target].flat();
  for (const column of [...targets, ...columns] as unknown[]) {
    checkKeys(where, column, ['name', 'type']);
    checkOption(where, 'column.name', (column as ColumnSchema).name, text());
    checkOption(where, 'column.type', (column as ColumnSchema).type, columnType);
  }
  if (range !== undefined) checkOption(where, 'range', range, pair(number('(-inf, inf)')));
  const areClasses =
    Array.isArray(classes) && classes.every((value) => ['string', 'number', 'boolean'].includes(typeof value));
  if (areClasses !== (task === 'classification'))
    fail(where, 'classes', 'a list of classes, for classification only', classes);
  const single = task === 'classification' || (task === 'regression' && targets.length === 1);
  if (targets.length !== (single ? 1 : model.outputSize)) {
    fail(where, 'target', single ? 'one column' : `${model.outputSize} columns, one an output of the network`, target);
  }
  const transformer = transformerFromJson(preprocessing, known);
  if (transformer.getFeatureNamesOut().length !== model.inputSize) {
    fail(where, 'model', `a network of ${transformer.getFeatureNamesOut().length} inputs`, model.inputSize);
  }
  // Of no rows: what is wrong with the columns or the classes is told here, and not by the first prediction.
  const none = featuresOf(where, transformer, readAs(where, [], columns, missingValues as string[]));
  if (areClasses && model.hasProbabilities) {
    const [, count] = model.predictProbabilities(none).shape;
    if (new Set(classes).size !== count || classes.length !== count)
      fail(where, 'classes', `${count} different classes, as the network has`, classes);
  }
  return new TablePredictor(json as TablePredictorJson, transformer, model);
}
