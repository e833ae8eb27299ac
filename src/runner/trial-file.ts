// The file that holds a finished trial.
import { type FinishedTrial, type Trial, validateTrial } from '../experiment/index.ts';
import { keptJson, parseKeptJson } from './kept-file.ts';

/** @throws ParameterError when the result is not what `trial` can give, as with NaN: it must not be kept. */
export function trialText(path: string, { result, seconds }: FinishedTrial, trial: Trial): string {
  return keptJson(path, validateTrial({ result, seconds }, trial));
}

/** @throws an error when the file is damaged, or not what `trial` can give, where that is known. */
export function parseTrial(path: string, bytes: Buffer, trial?: Trial): FinishedTrial {
  return validateTrial(parseKeptJson(path, bytes), trial);
}
