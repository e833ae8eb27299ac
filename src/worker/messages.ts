// What a page and the worker that holds its model say to each other: plain data that structured cloning copies.
import type { EngineInfo, EngineOptions } from '../backend/index.ts';
import type { Dataset } from '../data/index.ts';
import type { PackedError } from '../errors/index.ts';
import type { BatchEnd, EpochEnd, FitOptions, FitState, History } from '../train/index.ts';

/** How to make a layer, an optimizer or a callback again: the name of its factory, and the arguments. */
export type Recipe = readonly [factory: string, ...args: unknown[]];

/** What a page knows of its model. */
export interface ModelFacts {
  inputSize: number;
  outputSize: number;
  parameterCount: number;
  engine: EngineInfo;
}

/** `sequential`'s options as plain data. */
export interface ModelDescription {
  layers: readonly Recipe[];
  engine?: EngineOptions;
  [option: string]: unknown;
}

/** The hooks of a callback that lives on the page. */
export interface PageCallback {
  hooks: readonly string[];
}

/** `fit`'s options as plain data; `rest` are those that are so anyway. */
export interface FitDescription {
  rest: Omit<FitOptions, 'optimizer' | 'callbacks' | 'signal' | 'onEpochEnd' | 'checkpoint'>;
  optimizer?: Recipe;
  callbacks: readonly (Recipe | PageCallback)[];
  checkpoint?: { every?: number };
  /** Whether the signal was aborted before. */
  aborted: boolean;
}

export type Method = 'evaluate' | 'predict' | 'predictProbabilities' | 'getWeights' | 'setWeights' | 'summary';

/** Of the page. `id` comes back with the reply; that of `abort` is of the fit to abort. */
export type Request =
  | { type: 'create'; id: number; options: ModelDescription }
  | { type: 'call'; id: number; method: Method; argument: unknown }
  | { type: 'fit'; id: number; train: Dataset; options: FitDescription }
  | { type: 'abort'; id: number }
  | { type: 'answer'; number: number; answer: Answer };

/** What a page's hook did. */
export interface Answer {
  stop: boolean;
  state?: unknown;
  error?: PackedError;
}

/** A hook of the page's callback at `callback`, which the worker waits for. */
export type Question =
  | { hook: 'onTrainBegin' | 'onTrainEnd'; callback: number; history: History }
  | { hook: 'onEpochEnd'; callback: number; epoch: EpochEnd; bestEpoch: number }
  | { hook: 'setState'; callback: number; state: unknown }
  | { hook: 'save'; state: FitState };

/** What a fit says meanwhile. */
export type News = { type: 'question'; number: number; question: Question } | { type: 'batches'; batches: BatchEnd[] };

/** Of the worker; `id` is that of the request. */
export type Reply = { id: number } & (
  | { type: 'result'; value: unknown }
  | { type: 'error'; error: PackedError; history?: unknown }
  | News
);
