// What the two threads of the executable say to each other.

/** What a command wants to know of a stream. */
export interface StreamFacts {
  isTTY: boolean;
  columns: number;
}

export type ToCommand = { type: 'stop' } | { type: 'streams'; streams: Record<'stdout' | 'stderr', StreamFacts> };

export type FromCommand =
  | { type: 'write'; stream: 'stdout' | 'stderr'; text: string }
  /** To `stop`. */
  | { type: 'answer' }
  | { type: 'end'; code: number };
