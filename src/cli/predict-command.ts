// `regulus predict`: what a model says about the rows of a table, as CSV.
import { basename, dirname } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { AbortError, ParameterError } from '../errors/index.ts';
import type { AnyPredictor } from '../model/index.ts';
import { fileError, inFile, readPieces } from '../runner/index.ts';
import { exitCodes, type Io, throwIfStopped } from './io.ts';
import { readModel } from './model-file.ts';
import { OutputFolder } from './output-folder.ts';

export interface PredictCommandOptions {
  out?: string;
  modules?: string[];
}

/** Writes a line for each row of the table in `data`, to the file `out` or to the standard output, and returns the exit code. */
export async function predictCommand(
  model: string,
  data: string,
  { out, modules }: PredictCommandOptions,
  io: Io,
): Promise<number> {
  const predictor = await readModel(model, modules);
  if (!('predictProbabilities' in predictor && 'target' in predictor)) {
    predictor.dispose();
    throw new ParameterError(
      `${model} holds a network alone, which knows no columns of a table. Save what fitTable or a run has made.`,
    );
  }
  try {
    const lines = linesOf(predictor, piecesOf(data, io));
    if (out !== undefined) {
      const path = await new OutputFolder(dirname(out)).stream(basename(out), lines);
      io.stdout.write(`${path}\n`);
    } else {
      for await (const piece of lines) {
        io.stdout.write(piece);
        if (!(await io.stdout.drained())) break;
      }
    }
    return exitCodes.ok;
  } catch (error) {
    throw inFile(data, error);
  } finally {
    predictor.dispose();
  }
}

/** The predictions as CSV, in pieces. */
async function* linesOf(predictor: AnyPredictor, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const { outputNames } = predictor;
  const classNames = (predictor.model.hasProbabilities && predictor.classNames) || [];
  const names = outputNames ?? [predictor.target.name];
  // A class may be called what the target is, and a label is.
  const columns = classNames.map((name) => (names.includes(name) ? `${name} (probability)` : name));
  let lines = `${[...names, ...columns].map(field).join(',')}\n`;
  for await (const { predictions, probabilities } of predictor.predictStream(pieces)) {
    const width = classNames.length;
    predictions.forEach((value, i) => {
      lines += typeof value === 'object' ? names.map((name) => value[name]).join(',') : field(value);
      for (let k = 0; k < width; k++) lines += `,${probabilities?.data[i * width + k]}`;
      lines += '\n';
    });
    yield lines;
    lines = '';
  }
}

/** A file, or the standard input, in pieces. Between them, the process hears of signals. */
async function* piecesOf(path: string, { signal, stdin }: Io): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of path === '-' && stdin ? addAbortSignal(signal, stdin) : readPieces(path)) {
      yield piece;
      await throwIfStopped(signal);
    }
  } catch (error) {
    if (signal.aborted) throw new AbortError('Stopped.');
    const remedy = 'Give a table: CSV, TSV, or JSON with a list of objects; or - for the standard input.';
    throw fileError(`read ${path}`, error, remedy);
  }
}

/** RFC 4180. */
function field(value: unknown): string {
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
