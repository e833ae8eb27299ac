// The state of a fit in a model file: JSON, with what JSON does not have beside it, which is typed arrays and some numbers.
import { checkOptions, integer, ParameterError, show } from '../errors/index.ts';
import type { FitState } from '../train/index.ts';
import { type FileTensor, isTensorData, type TensorData } from './safetensors.ts';

/** How values that JSON does not have stand in it; no key of a state may begin so. */
const TENSOR = '$tensor';
const NUMBER = '$number';

/**
 * `value` as JSON. Typed arrays are added to `tensors`, named by the path to them, and are found again under these names.
 *
 * @throws ParameterError for what is neither plain data nor a typed array, such as a function that a callback remembers.
 */
export function pack(value: unknown, path: string, tensors: FileTensor[]): unknown {
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { [NUMBER]: Object.is(value, -0) ? '-0' : `${value}` };
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (isTensorData(value)) {
    tensors.push({ name: path, shape: [value.length], data: value });
    return { [TENSOR]: path };
  }
  if (Array.isArray(value)) return value.map((item, i) => pack(item, `${path}.${i}`, tensors));
  const entries = isPlain(value) ? Object.entries(value).filter(([, item]) => item !== undefined) : undefined;
  if (!entries || entries.some(([key]) => key.startsWith('$') || key === '__proto__')) {
    throw new ParameterError(
      `The ${path} of saveModel must be plain data and typed arrays, so that it can be kept in a file.`,
    );
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, pack(item, `${path}.${key}`, tensors)]));
}

const isPlain = (value: unknown): value is object => Object.prototype.toString.call(value) === '[object Object]';

/** What {@link pack} was given. */
export function unpack(json: unknown, tensors: ReadonlyMap<string, TensorData>): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item) => unpack(item, tensors));
  const { [TENSOR]: name, [NUMBER]: number } = json as Record<string, unknown>;
  if (number !== undefined) return Number(number);
  if (name === undefined) {
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, unpack(item, tensors)]));
  }
  const tensor = tensors.get(name as string);
  if (!tensor) throw new ParameterError(`A model file must hold the arrays that it names. ${show(name)} is not there.`);
  return tensor.slice();
}

const counters = { firstStep: integer(0), steps: integer(0), epochs: integer(0) };

/** Checks what `fit` does not when it goes on from a state. */
export function checkFitState(where: string, state: unknown): FitState {
  const { optimizer, history, callbacks, ...others } = (state ?? {}) as FitState;
  checkOptions(`${where}'s optimizerState.counters`, others.counters ?? {}, counters);
  const isArrays = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.every((item) => isTensorData(item));
  const right =
    isArrays(others.weights) &&
    typeof optimizer?.type === 'string' &&
    isArrays(optimizer.tensors) &&
    isNumbers(optimizer.numbers) &&
    Array.isArray(callbacks) &&
    Object.values(history ?? {})
      .filter(Array.isArray)
      .every(isNumbers) &&
    Number.isInteger(history?.epochs);
  if (!right)
    throw new ParameterError(`The 'optimizerState' of ${where} must be a state that fit's checkpoint has saved.`);
  return state as FitState;
}

const isNumbers = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'number');
