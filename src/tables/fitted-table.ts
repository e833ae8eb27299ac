// A predictor that has just been trained, and what it says of its training.
import type { Transformer } from '../preprocessing/index.ts';
import type { History } from '../train/index.ts';
import { type TableModel, TablePredictor, type TablePredictorJson } from './predictor.ts';
import type { Effort } from './recipe.ts';

/** How one network of a predictor was trained. */
export interface TableMember {
  /** Losses are in the target's own unit. */
  readonly history: History;
  /** The rows of the table that chose the best epoch, and did not train this network. */
  readonly validationRows: Int32Array;
  /** What the predictions of a network of its kind count in the mean, beside those of other kinds. */
  readonly weight: number;
  /** What the logits were divided by, where it was fitted. */
  readonly temperature?: number;
}

/** What is known of a training. */
export interface TableTrainingFacts {
  readonly effort: Effort;
  /** One entry for each network. */
  readonly members: readonly TableMember[];
  /** What was left out of the table, in sentences. */
  readonly warnings: readonly string[];
  /** How many rows of the table have a target. */
  readonly rows: number;
}

/**
 * What `fitTable` returns: the predictor, and how it came about.
 *
 * @example
 * ```js
 * import { fitTable } from 'regulus/tables';
 *
 * const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, big: i > 20 }));
 * const predictor = await fitTable(rows, { target: 'big', network: { hiddenUnits: [16] }, training: { epochs: 20 } });
 * console.log(predictor.members.length, predictor.members[0].temperature, predictor.summary());
 * ```
 */
export class FittedTable extends TablePredictor {
  /** What is known of the training. */
  readonly facts: TableTrainingFacts;

  /** @internal */
  constructor(json: TablePredictorJson, preprocessing: Transformer, model: TableModel, facts: TableTrainingFacts) {
    super(json, preprocessing, model);
    this.facts = facts;
  }

  /** How each of the networks was trained. */
  get members(): readonly TableMember[] {
    return this.facts.members;
  }

  /** What was left out of the table, in sentences. */
  get warnings(): readonly string[] {
    return this.facts.warnings;
  }

  /** The history of the first network; `members` has all of them. */
  get history(): History {
    return this.members[0].history;
  }

  /** The rows of the table that the first network has not been trained on, and that chose its best epoch. */
  get validationRows(): Int32Array {
    return this.members[0].validationRows;
  }

  /** What was done, in a few lines. */
  summary(): string {
    const { effort, members, rows, warnings } = this.facts;
    const models = 'models' in this.model ? this.model.models : [this.model];
    const classes = this.classes ? `, ${this.classes.length} classes` : '';
    const averaged = `${members.length} networks on parts of the rows; their predictions are averaged`;
    const kinds = new Map<string, TableMember[]>();
    for (const [i, model] of models.entries()) {
      const layers = model.toJSON().layers.map(layerName).join(' → ');
      const kind = `${layers}, ${model.parameterCount} parameters`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), members[i]]);
    }
    return [
      `${this.task} of '${this.target.name}'${classes}: ${rows} rows, ${this.columns.length} columns, ${this.featureNames.length} features`,
      `effort '${effort}': ${members.length === 1 ? 'one network' : averaged}`,
      ...[...kinds].flatMap(([kind, of]) => [
        `${of.length === 1 ? 'it' : `${of.length} of them`}: ${kind}`,
        `  epochs kept: ${of.map(({ history }) => `${history.bestEpoch} of ${history.epochs}`).join(', ')}`,
        ...(kinds.size > 1 ? [`  weight: ${of[0].weight.toFixed(2)}`] : []),
        ...(of[0].temperature ? [`  temperature: ${of[0].temperature.toFixed(3)}`] : []),
      ]),
      ...warnings,
    ].join('\n');
  }
}

const layerName = ({ type, ...options }: { readonly type: string }): string => {
  const { units, rate } = options as { units?: number; rate?: number };
  return `${type}${(units ?? rate) ? ` ${units ?? rate}` : ''}`;
};
