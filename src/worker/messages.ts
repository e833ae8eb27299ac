// What a page and the worker that holds its model say to each other: plain data that structured cloning copies.
import type { EngineInfo, EngineOptions } from '../backend/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Description, PackedError } from '../errors/index.ts';
import type {
  BatchEnd,
  EpochEnd,
  FitOptions,
  FitState,
  History,
  Samples,
  SequentialOptions,
  TrainContext,
} from '../train/index.ts';

/** What a page knows of its model. */
export interface ModelFacts {
  inputSize: number;
  outputSize: number;
  parameterCount: number;
  engine: EngineInfo;
}

/** `sequential`'s options as plain data; descriptions are plain anyway. */
export interface ModelOptions extends Omit<SequentialOptions, 'engine'> {
  engine?: EngineOptions;
  /** Modules that define kinds of the user's own. */
  modules?: readonly string[];
}

/** The hooks of a callback that lives on the page. */
export interface PageCallback {
  hooks: readonly string[];
}

/** `fit`'s options as plain data. */
export interface PlainFitOptions extends Omit<FitOptions, 'callbacks' | 'signal' | 'onEpochEnd' | 'checkpoint'> {
  callbacks: readonly (Description<'callback'> | PageCallback)[];
  checkpoint?: { every?: number };
  /** Whether the signal was aborted before. */
  aborted: boolean;
}

export type Method =
  | 'evaluate'
  | 'predict'
  | 'predictProbabilities'
  | 'getWeights'
  | 'getSnapshots'
  | 'setWeights'
  | 'summary';

/** Of the page. `id` comes back with the reply; that of `abort` is of the fit to abort. */
export type Request =
  | { type: 'create'; id: number; options: ModelOptions }
  | { type: 'call'; id: number; method: Method; args: unknown[] }
  | { type: 'fit'; id: number; train: Dataset | Samples; options: PlainFitOptions }
  | { type: 'abort'; id: number }
  | { type: 'answer'; number: number; answer: Answer };

/** Requests that get a reply. */
export type Numbered = Exclude<Request, { type: 'abort' | 'answer' }>;

/** What a page's hook did. */
export interface Answer {
  stop: boolean;
  state?: unknown;
  error?: PackedError;
}

/** A hook of the page's callback at `callback`, which the worker waits for. */
export type Question =
  | { hook: 'onTrainBegin'; callback: number; history: History; better: TrainContext['better'] }
  | { hook: 'onTrainEnd'; callback: number; history: History }
  | { hook: 'onEpochEnd'; callback: number; epoch: EpochEnd; bestEpoch: number }
  | { hook: 'setState'; callback: number; state: unknown }
  | { hook: 'save'; state: FitState };

/** What a fit sends before its result. */
export type ProgressMessage =
  | { type: 'question'; number: number; question: Question }
  | { type: 'batches'; batches: BatchEnd[] };

/** Of the worker; `id` is that of the request. */
export type Reply = { id: number } & (
  | { type: 'result'; value: unknown }
  | { type: 'error'; error: PackedError; history?: unknown }
  | ProgressMessage
);
