// Checkpoints: what a fit must remember at the end of an epoch to go on later as if it had never been interrupted.
import type { Tensor } from '../backend/index.ts';
import { fail, isTypedArray } from '../errors/index.ts';
import type { Network } from '../nn/index.ts';
import type { RunningOptimizer } from '../optim/index.ts';
import type { Callback } from './callbacks.ts';
import type { History } from './history.ts';

/**
 * A fit at the end of an epoch. Shuffling and dropout need no more than the counters, because their streams are functions
 * of (seed, epoch) and (seed, step). It holds typed arrays and perhaps infinite numbers: keep it with `v8.serialize`,
 * IndexedDB or another structured clone, not as JSON.
 */
export interface FitState {
  /** Trained arrays and the state of layers, in the order of `getWeights`. */
  weights: Float32Array[];
  optimizer: { type: string; tensors: Float32Array[]; numbers: number[] };
  /** Steps and epochs of the model before this fit, and now. */
  counters: { firstStep: number; steps: number; epochs: number };
  history: History;
  /** What each callback with a state remembers, in their order. */
  callbacks: unknown[];
}

/** When and where a fit keeps its state. */
export interface CheckpointOptions {
  /** Every how many epochs; 1 by default. */
  every?: number;
  /** Takes the state, a copy of its own. A promise is awaited; an error ends training and is passed on. */
  save(state: FitState): void | Promise<void>;
}

/** The parts of a running fit that a state is taken from and put back into. */
export interface FitParts {
  network: Network;
  optimizer: RunningOptimizer;
  progress: { steps: number; epochs: number };
  history: History;
  callbacks: readonly Callback[];
  /** Whether there are validation data. */
  validates: boolean;
}

/** A copy of the state, which later steps leave alone. */
export function takeState({ network, optimizer, progress, history, callbacks }: FitParts, firstStep: number): FitState {
  return {
    weights: network.arrays.map(({ value }) => value.data.slice()),
    optimizer: {
      type: optimizer.type,
      tensors: optimizer.tensors.map(({ data }) => data.slice()),
      numbers: [...optimizer.numbers],
    },
    counters: { firstStep, steps: progress.steps, epochs: progress.epochs },
    history: structuredClone(history),
    callbacks: withState(callbacks).map((callback) => callback.getState()),
  };
}

/**
 * Puts a state back, except into the callbacks, and returns its first step.
 *
 * @throws ParameterError for a state of another network, optimizer or number of callbacks with a state; nothing is
 * changed then.
 */
export function putState(
  state: FitState,
  { network, optimizer, progress, history, callbacks, validates }: FitParts,
): number {
  const values = network.arrays.map(({ value }) => value);
  const same =
    fits(state?.weights, values) &&
    state.optimizer?.type === optimizer.type &&
    fits(state.optimizer.tensors, optimizer.tensors) &&
    state.optimizer.numbers?.length === optimizer.numbers.length &&
    areNumbers(state.optimizer.numbers) &&
    areCounters(state.counters) &&
    isHistory(state.history, history, validates) &&
    state.callbacks?.length === withState(callbacks).length;
  if (!same) {
    const rule = 'a state of a fit with the same layers and options';
    fail('Sequential.fit', 'resume', rule, state, 'Start without it.');
  }
  copy(state.weights, values);
  copy(state.optimizer.tensors, optimizer.tensors);
  optimizer.setNumbers(state.optimizer.numbers);
  const { firstStep, steps, epochs } = state.counters;
  Object.assign(progress, { steps, epochs });
  Object.assign(history, structuredClone(state.history));
  return firstStep;
}

/** The callbacks that a state is kept of. */
export function withState(callbacks: readonly Callback[]): (Callback & Required<Pick<Callback, 'getState'>>)[] {
  return callbacks.filter((callback) => callback.getState !== undefined) as ReturnType<typeof withState>;
}

function fits(arrays: readonly Float32Array[] | undefined, tensors: readonly Tensor[]): boolean {
  return (
    arrays?.length === tensors.length &&
    tensors.every(({ length }, i) => isTypedArray(arrays[i], 'Float32Array') && arrays[i].length === length)
  );
}

const areNumbers = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'number');

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const areCounters = (value: Partial<FitState['counters']> | undefined): boolean =>
  [value?.firstStep, value?.steps, value?.epochs].every(isCount);

/** Whether `value` has the series of `own`, a history that has just begun, each as long as there were epochs; those of no validation are empty. */
function isHistory(value: Partial<History> | undefined, own: History, validates: boolean): boolean {
  const series = (of: object) => Object.entries(of).filter(([, values]) => Array.isArray(values));
  return (
    isCount(value?.epochs) &&
    isCount(value?.bestEpoch) &&
    series(value!).length === series(own).length &&
    series(value!).every(([name, values]) => {
      const length = validates || name.startsWith('train') ? value!.epochs : 0;
      return Object.hasOwn(own, name) && areNumbers(values) && values.length === length;
    })
  );
}

function copy(arrays: readonly Float32Array[], tensors: readonly Tensor[]): void {
  tensors.forEach((tensor, i) => {
    tensor.data.set(arrays[i]);
  });
}
