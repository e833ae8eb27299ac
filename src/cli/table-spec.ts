// The spec that `regulus init` writes and `regulus run data.csv` runs: a comparison that makes sense for most tables.
import { basename, parse } from 'node:path';
import { decodeUtf8 } from '../datasets/index.ts';
import { describeTable, likelyDelimiter, parseTable, splitTarget } from '../tables/index.ts';

/** Fewer rows of a class than this cannot be in every part. */
const LEAST_STRATIFIED = 10;

/**
 * The spec for the table in a file, as JSON with comments, in which its path is `written`.
 *
 * @throws ParameterError for a file that holds no table, and a target that is no column.
 */
export function tableSpec(path: string, bytes: Uint8Array, target: string, written = basename(path)): string {
  const text = decodeUtf8(bytes);
  const delimiter = /\.tsv$/i.test(path) ? '\t' : likelyDelimiter(text);
  const table = parseTable(text, { delimiter });
  const { classes, y } = splitTarget(table, target);
  const counts = (classes ?? []).map((_, k) => y.filter((label: number) => label === k).length);
  const stratify = counts.length > 0 && Math.min(...counts) >= LEAST_STRATIFIED;
  const json = (value: unknown) => JSON.stringify(value);
  const name =
    parse(path)
      .name.replace(/[^A-Za-z0-9._-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64) || 'table';
  const columns = describeTable(table).replace(/^/gm, '  // ');
  return `{
  "name": ${json(name)},

  // As the columns are read. Another type for one of them: "columns": { "name": "category" } in "dataset".
${columns}
  "dataset": { "csv": ${json(written)}, "target": ${json(target)}${delimiter === ',' ? '' : `, "delimiter": ${json(delimiter)}`} },

  // Everything is fitted on the training part alone. The validation part stops training early and chooses the model that is
  // kept; the test part is for the results.
  "split": { "testSize": 0.2, "validationSize": 0.2, "randomState": 1, "stratify": ${stratify} },

  // Of numbers; holes get the median, and categories become columns of 0 and 1.
  "scaling": "standard",
  "network": { "hiddenUnits": [64, 64] },
  "training": {
    "epochs": 100,
    "batchSize": 32,
    // ${classes ? 'For classes' : 'For numbers'}.
    "loss": ${json(classes ? 'softmaxCrossEntropy' : 'meanSquaredError')},
    "optimizer": { "type": "adam" }
  },

${classes ? '' : `  // What decides which variant is best, in the unit of the target.\n  "metric": "rootMeanSquaredError",\n\n`}  // The first is the baseline, which all others are compared with.
  "variants": [
    { "label": "Baseline" },
    { "label": "Dropout", "network": { "dropout": 0.3 } },
    { "label": "L2", "network": { "l2": 0.001 } },
    { "label": "Weight decay", "training": { "optimizer": { "type": "adamW", "weightDecay": 0.02 } } },
    { "label": "Early stopping", "training": { "earlyStopping": { "patience": 15 } } }
  ],

  // Each variant is trained once with each seed, and all networks of the best variant are kept as one model.
  "seeds": { "count": 5 }
}
`;
}
