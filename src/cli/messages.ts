// What the two threads of the executable say to each other.
import type { Request } from './arguments.ts';

/** What a command wants to know of a stream. */
export interface StreamFacts {
  isTTY: boolean;
  columns: number;
}

/** What the thread of a command starts with. */
export interface CommandData {
  request: Request;
  streams: Record<'stdout' | 'stderr', StreamFacts>;
}

export type ToCommand =
  | { type: 'stop' }
  | { type: 'streams'; streams: Record<'stdout' | 'stderr', StreamFacts> }
  /** To `drain`: all has been taken, or there is no reader any more. */
  | { type: 'drained'; hasReader: boolean };

export type FromCommand =
  | { type: 'write'; stream: 'stdout' | 'stderr'; text: string }
  /** Asks for an answer when the standard output has been taken. */
  | { type: 'drain' }
  /** To `stop`. */
  | { type: 'answer' }
  | { type: 'end'; code: number };
