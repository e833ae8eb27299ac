// The file that holds a finished trial, and the hash that is its name.
import { createEngine } from '../backend/index.ts';
import { type FinishedTrial, type Numerics, type Trial, trialIdentity, validateTrial } from '../experiment/index.ts';
import { contentHash } from './files.ts';
import { keptJson, parseKeptJson } from './kept-file.ts';

/** @throws ParameterError when the result is not what `trial` can give, as with NaN: it must not be kept. */
export function trialText(path: string, { result, seconds }: FinishedTrial, trial: Trial): string {
  return keptJson(path, validateTrial({ result, seconds }, trial));
}

/** @throws an error when the file is damaged, or not what `trial` can give, where that is known. */
export function parseTrial(path: string, bytes: Buffer, trial?: Trial): FinishedTrial {
  return validateTrial(parseKeptJson(path, bytes), trial);
}

const engines = new Map<Numerics, string>();

/** The SHA-256 of everything that a trial's numbers depend on: what identifies it, and the engine with its version. */
export function trialHash(trial: Trial): string {
  const { numerics } = trial;
  const engine = engines.get(numerics) ?? JSON.stringify(createEngine({ numerics }).info);
  engines.set(numerics, engine);
  return contentHash(`${engine} ${trialIdentity(trial)}`);
}
