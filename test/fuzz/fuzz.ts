// Reads many inputs of a format and notes what should not happen: errors that are not the package's own, and slow reads.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as errors from '../../src/errors/index.ts';
import type { Format } from './format.ts';

/** What a run has found. */
export interface Findings {
  format: string;
  inputs: number;
  /** How many inputs were refused, with an error of the package. */
  refused: number;
  foreign: number;
  slow: number;
  /** The slowest read, in milliseconds. */
  slowest: number;
  /** What went wrong, one a line, without repetitions. */
  problems: string[];
}

export const noFindings = (format: string): Findings => ({
  ...{ format, inputs: 0, refused: 0, foreign: 0, slow: 0, slowest: 0, problems: [] },
});

const SAMPLES_AT_ONCE = 500;
/** What a mutator makes longer, some of them hundreds of megabytes, is cut: to read as much takes its time. */
const MOST_BYTES = 2 ** 24;

/** By name, because the playground is tested with the built package, whose classes are others. */
const ownNames = new Set(
  Object.keys(errors)
    .filter((name) => name.endsWith('Error'))
    .concat('UsageError'),
);

/** Reads one input and adds what happened to `findings`; returns what was wrong, if anything. */
export async function read({ limit = 1000, read }: Format, input: Uint8Array, findings: Findings): Promise<string> {
  const start = process.cpuUsage();
  let problem = '';
  try {
    await read(input);
  } catch (error) {
    const { name, message, stack = '' } = error as Error;
    if (error instanceof Error && ownNames.has(name) && name !== 'Error') findings.refused++;
    else {
      findings.foreign++;
      problem = `${name}: ${String(message).slice(0, 200)} ${stack
        .split('\n')
        .find((line) => line.includes(' at '))
        ?.trim()}`;
    }
    if (!problem && message.length > 20_000) problem = `a message of ${message.length} characters`;
  }
  // Of this process alone, so that it does not matter what else the machine does.
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  findings.inputs++;
  findings.slowest = Math.max(findings.slowest, took);
  if (took > limit) {
    findings.slow++;
    problem ||= `${Math.round(took)} ms`;
  }
  if (problem && !findings.problems.includes(problem)) findings.problems.push(problem);
  return problem;
}

/** Reads `count` inputs made from `seed`. Inputs that go wrong in a new way are kept in the folder `keep`. */
export async function fuzz(
  format: Format,
  count: number,
  seed: number,
  keep?: string,
  progress = (_: Findings) => {},
): Promise<Findings> {
  const findings = noFindings(format.name);
  for (let done = 0; done < count; done += SAMPLES_AT_ONCE) {
    const numRuns = Math.min(SAMPLES_AT_ONCE, count - done);
    for (const whole of fc.sample(format.inputs, { numRuns, seed: seed + done })) {
      const input = whole.subarray(0, MOST_BYTES);
      const known = findings.problems.length;
      await read(format, input, findings);
      if (keep !== undefined && findings.problems.length > known) {
        mkdirSync(join(keep, format.name), { recursive: true });
        const name = createHash('sha256').update(input).digest('hex').slice(0, 12);
        writeFileSync(join(keep, format.name, name), input);
      }
    }
    progress(findings);
  }
  return findings;
}

/** The inputs of a format that have failed at some time. */
export function corpus(folder: string, format: string): { name: string; input: Uint8Array }[] {
  const own = join(folder, format);
  if (!existsSync(own)) return [];
  return readdirSync(own).map((name) => ({ name, input: new Uint8Array(readFileSync(join(own, name))) }));
}
