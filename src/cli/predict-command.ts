// `regulus predict`: what a model says about the rows of a table, as CSV.
import { basename, dirname } from 'node:path';
import { decodeUtf8 } from '../datasets/index.ts';
import { ParameterError } from '../errors/index.ts';
import { exitCodes, type Io } from './io.ts';
import { inFile } from './load-results.ts';
import { read, readModel } from './model-file.ts';
import { OutputFolder } from './output-folder.ts';

export interface PredictCommandOptions {
  out?: string;
}

/** Writes a line for each row of the table in `data`, to the file `out` or to the standard output, and returns the exit code. */
export function predictCommand(model: string, data: string, { out }: PredictCommandOptions, io: Io): number {
  const predictor = readModel(model);
  if (!('predictProbabilities' in predictor && 'target' in predictor)) {
    predictor.dispose();
    throw new ParameterError(
      `${model} holds a network alone, which knows no columns of a table. Save what fitTable or a run has made.`,
    );
  }
  const bytes = read(data, 'Give a table: CSV, TSV, or JSON with a list of objects.');
  try {
    const text = decodeUtf8(bytes);
    const predictions = predictor.predict(text);
    const { classNames = [], target } = predictor;
    const probabilities = classNames.length > 0 ? predictor.predictProbabilities(text) : [];
    // A class may be called what the target is.
    const columns = classNames.map((name) => (name === target.name ? `${name} (probability)` : name));
    const lines = predictions.map((value, i) => [value, ...classNames.map((name) => probabilities[i][name])]);
    const csv = [[target.name, ...columns], ...lines].map((cells) => `${cells.map(field).join(',')}\n`).join('');
    if (out === undefined) io.stdout.write(csv);
    else io.stdout.write(`${new OutputFolder(dirname(out)).write(basename(out), csv)}\n`);
    return exitCodes.ok;
  } catch (error) {
    throw inFile(data, error);
  } finally {
    predictor.dispose();
  }
}

/** RFC 4180. */
function field(value: unknown): string {
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
