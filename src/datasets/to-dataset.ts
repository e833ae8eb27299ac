// toDataset: an array of samples and an array of targets become a dataset.
import {
  checkMatrix,
  checkTargets,
  type Dataset,
  type Matrix,
  type TargetKind,
  type TargetsByKind,
} from '../data/index.ts';
import { fail, isTypedArray, oneOf, resolveOptions } from '../errors/index.ts';
import type { NpyArray } from './npy.ts';

const WHERE = 'toDataset';

const rules = {
  targets: oneOf(['classes', 'values'], {
    default: 'classes',
    describe: 'Whether y holds class indices, or numbers to predict',
  }),
};

/** Options of {@link toDataset}. `targets`: `'classes'` (the default), or `'values'` for numbers to predict. */
export interface ToDatasetOptions<K extends TargetKind = 'classes'> {
  readonly targets?: K | undefined;
}

/**
 * Makes a dataset of arrays as read from .npy or .npz files.
 *
 * @param x - Samples along the first dimension; further ones, as of images [samples, height, width], are flattened.
 * Float32 stays float32, all other types become float64. Must be finite.
 * @param y - Class indices from 0, of any number type: [samples], or [samples, 1]. With `targets: 'values'` numbers to
 * predict: [samples], which becomes a `Float64Array`, or [samples, targets], which becomes a matrix. Must be finite.
 * @throws ParameterError for shapes that do not fit and labels that are no class indices; NumericError for NaN or
 * Infinity
 * @example
 * ```js
 * import { toDataset } from 'regulus/datasets';
 *
 * const images = { data: new Uint8Array(3 * 8 * 8), shape: [3, 8, 8] };
 * console.log(toDataset(images, { data: Int32Array.of(0, 1, 1), shape: [3] }).x.shape); // [3, 64]
 * const prices = { data: Float32Array.of(1.5, 2, 2.5), shape: [3] };
 * console.log(toDataset(images, prices, { targets: 'values' }).y); // Float64Array [1.5, 2, 2.5]
 * ```
 */
export function toDataset<K extends TargetKind = 'classes'>(
  x: NpyArray,
  y: NpyArray,
  options: ToDatasetOptions<K> = {},
): Dataset<TargetsByKind[K]> {
  const { targets } = resolveOptions(WHERE, options, rules);
  const [rows, ...rest] = checkArray('x', x).shape;
  if (rest.length === 0) fail(WHERE, 'x.shape', '[samples, features], or longer', x.shape);
  const columns = rest.reduce((product, size) => product * size, 1);
  const samples = checkMatrix(WHERE, 'x', { data: toReal(x), shape: [rows, columns] });
  const made = targets === 'values' ? values(checkArray('y', y)) : classIndices(checkArray('y', y));
  return { x: samples, y: checkTargets(WHERE, 'y', made, rows, { targets: targets as K }) };
}

function classIndices({ data, shape }: NpyArray): Int32Array {
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) fail(WHERE, 'y.shape', '[samples]', shape);
  const labels = Int32Array.from(data);
  const wrong = labels.findIndex((label, i) => label !== data[i]);
  if (wrong >= 0) {
    const remedy = "Give targets: 'values' to predict numbers.";
    fail(WHERE, `y.data[${wrong}]`, 'a class index, an integer from 0', data[wrong], remedy);
  }
  return labels;
}

function values(array: NpyArray): Float64Array | Matrix {
  const { data, shape } = array;
  if (shape.length === 1) return Float64Array.from(data);
  if (shape.length === 2) return { data: toReal(array), shape: [shape[0], shape[1]] };
  return fail(WHERE, 'y.shape', '[samples] or [samples, targets]', shape);
}

function toReal({ data }: NpyArray): Matrix['data'] {
  return isTypedArray(data, 'Float32Array') ? data : Float64Array.from(data);
}

function checkArray(name: string, array: NpyArray): NpyArray {
  const { data, shape } = (array ?? {}) as Partial<NpyArray>;
  if (!isTypedArray(data) || isTypedArray(data, 'BigInt64Array', 'BigUint64Array') || !Array.isArray(shape)) {
    fail(WHERE, name, 'an array { data, shape } of numbers, as from parseNpy', array);
  }
  return array;
}
