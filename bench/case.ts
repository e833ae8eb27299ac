// What is timed: a case is opened on an engine, checked there, run many times and closed.
import type { Engine } from '../src/backend/index.ts';

/** The unit of a case's work: rates are in units per second. */
export type Unit = 'flop' | 'element' | 'sample';

/** What a run that keeps its own time reports: `count` repetitions took `milliseconds`. */
export interface Timed {
  milliseconds: number;
  count: number;
}

/** A case on one engine, its results already checked. */
export interface OpenCase {
  /** Units of work in one repetition. */
  work: number;
  unit: Unit;
  /** One repetition, or as many as it reports. */
  run: (() => void) | (() => Promise<Timed>);
  /** A number that all engines must agree on within 1e-3 of it, such as a loss. */
  outcome?: number;
  close(): void;
}

export interface CaseDefinition {
  name: string;
  /** Throws when the engine's results are wrong. */
  open(engine: Engine): OpenCase | Promise<OpenCase>;
}

/** Throws unless |actual − expected| ≤ bound, which NaN never is. */
export function checkWithin(what: string, actual: number, expected: number, bound: number): void {
  if (!(Math.abs(actual - expected) <= bound)) {
    throw new Error(`${what} is wrong: ${actual} instead of ${expected} ± ${bound}`);
  }
}
