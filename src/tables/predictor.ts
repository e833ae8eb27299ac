// What fitTable returns: fitted preprocessing and a trained network in one, which predicts the target's own values.
import type { Dataset, Matrix, Table } from '../data/index.ts';
import { decodePieces } from '../datasets/index.ts';
import {
  checkKeys,
  checkOption,
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
import type { ClassValue, TableTask } from './targets.ts';

/** What a predictor predicts with: one network, or several whose predictions are averaged. */
export type TableModel = Sequential<Predictions> | Ensemble<Predictions>;

/** All of a {@link TablePredictor} but its network, as JSON. */
export interface TablePredictorJson {
  readonly task: TableTask;
  /** The target column. */
  readonly target: ColumnSchema;
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
  readonly task: TableTask;
  readonly target: ColumnSchema;
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
    this.target = json.target;
    this.columns = json.columns;
    this.classes = json.classes;
    this.range = json.range;
    this.#missingValues = json.missingValues;
    this.preprocessing = preprocessing;
    this.model = model;
  }

  /** The names of the classes, as `predictProbabilities` has them. */
  get classNames(): readonly string[] | undefined {
    return this.classes?.map(String);
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
   * A prediction for each raw row: the class's own value, or a number (of a date, days since 1970).
   *
   * @throws ParameterError as {@link TablePredictor.transform}
   */
  predict(rows: TableInput): ClassValue[] {
    return this.#named(this.model.predict(this.transform(rows)));
  }

  #named(predicted: Predictions): ClassValue[] {
    if ('data' in predicted) {
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
    const { data, shape } = this.model.predictProbabilities(this.transform(rows));
    return Array.from({ length: shape[0] }, (_, i) => {
      const probabilities: Record<string, number> = Object.create(null);
      for (const [k, name] of classNames.entries()) probabilities[name] = data[i * shape[1] + k];
      return probabilities;
    });
  }

  /**
   * Predictions for the text of a table, CSV or TSV, that comes in pieces which may end anywhere, such as those of a file or of a
   * response: the table need not fit into memory. (JSON is read as a whole.)
   *
   * @returns as rows become complete, the predictions for some of them, and for classes their probabilities (rows, classes)
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
  ): AsyncGenerator<{ predictions: ClassValue[]; probabilities: Matrix | undefined }, void, undefined> {
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
    const probabilities = this.classes && model.predictProbabilities(x);
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
    const table = readAs(where, rows, [...this.columns, this.target], this.#missingValues);
    const x = featuresOf(where, this.preprocessing, { ...table, columns: table.columns.slice(0, -1) });
    const { values, type } = table.columns[this.columns.length];
    const { classes } = this;
    const indices = new Map<unknown, number>(
      classes?.map((value, k) => [type === 'boolean' ? Number(value) : value, k]),
    );
    const y = Array.from<unknown, number>(values, (value, i) => {
      const target = classes ? indices.get(value) : (value as number);
      if (target !== undefined && !Number.isNaN(target)) return target;
      return fail(where, `rows[${i}]`, `a row with a known '${this.target.name}'`, value, 'Leave out such rows.');
    });
    return { x, y: classes ? Int32Array.from(y) : Float64Array.from(y) };
  }

  /** All but the network; `predictorFromJson` makes the predictor of it again. */
  toJSON(): TablePredictorJson {
    return {
      task: this.task,
      target: this.target,
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
  const { task, target, classes, range, columns, missingValues, preprocessing } = json as Partial<TablePredictorJson>;
  checkOption(where, 'task', task, oneOf(['classification', 'regression']));
  checkOption(where, 'missingValues', missingValues, list(text()));
  if (!Array.isArray(columns)) fail(where, 'columns', 'a list of columns', columns);
  for (const column of [target, ...columns] as unknown[]) {
    checkKeys(where, column, ['name', 'type']);
    checkOption(where, 'column.name', (column as ColumnSchema).name, text());
    checkOption(where, 'column.type', (column as ColumnSchema).type, columnType);
  }
  if (range !== undefined) checkOption(where, 'range', range, pair(number('(-inf, inf)')));
  const areClasses =
    Array.isArray(classes) && classes.every((value) => ['string', 'number', 'boolean'].includes(typeof value));
  if (areClasses !== (task === 'classification'))
    fail(where, 'classes', 'a list of classes, for classification only', classes);
  const transformer = transformerFromJson(preprocessing, known);
  if (transformer.getFeatureNamesOut().length !== model.inputSize) {
    fail(where, 'model', `a network of ${transformer.getFeatureNamesOut().length} inputs`, model.inputSize);
  }
  return new TablePredictor(json as TablePredictorJson, transformer, model);
}
