// toDataset: an array of samples and an array of targets become a dataset.
import {
  type ClassDataset,
  checkMatrix,
  checkTargets,
  type Dataset,
  type Matrix,
  type TargetKind,
} from '../data/index.ts';
import { fail, isTypedArray, oneOf, resolveOptions } from '../errors/index.ts';
import type { NpyArray } from './npy.ts';

const WHERE = 'toDataset';

/**
 * The rule of what a dataset is made for.
 *
 * @hidden
 */
export const targetsRule = oneOf(['classes', 'values'], {
  default: 'classes',
  describe: 'Whether targets are classes, or numbers to predict',
});

const rules = { targets: targetsRule };

/** Options of {@link toDataset}. `targets`: `'classes'` (the default), or `'values'` for numbers to predict. */
export interface ToDatasetOptions<K extends TargetKind = 'classes'> {
  readonly targets?: K | undefined;
}

/** What {@link toDataset} returns, by the kind of the targets. */
export interface ArrayDatasets {
  /** The class of index k has the number `classNames[k]` in the array. */
  classes: ClassDataset & { classNames: string[] };
  values: Dataset<Float64Array | Matrix>;
}

/**
 * Makes a dataset of arrays as read from .npy or .npz files.
 *
 * @param x - Samples along the first dimension; further ones, as of images [samples, height, width], are flattened.
 * Float32 stays float32, all other types become float64. Must be finite.
 * @param y - Classes as whole numbers of any type: [samples], or [samples, 1]. The numbers that occur, in ascending order,
 * become the classes 0, 1, … (`np.unique` with `return_inverse`) and their `classNames`. With `targets: 'values'` numbers to
 * predict: [samples], which becomes a `Float64Array`, or [samples, targets], which becomes a matrix. Must be finite.
 * @throws ParameterError for shapes that do not fit and labels that are no whole numbers; NumericError for NaN or Infinity
 * @example
 * ```js
 * import { toDataset } from 'regulus/datasets';
 *
 * const images = { data: new Uint8Array(3 * 8 * 8), shape: [3, 8, 8] };
 * const { x, y, classNames } = toDataset(images, { data: Int32Array.of(0, 500, 500), shape: [3] });
 * console.log(x.shape, y, classNames); // [3, 64] [0, 1, 1] ['0', '500']
 * const prices = { data: Float32Array.of(1.5, 2, 2.5), shape: [3] };
 * console.log(toDataset(images, prices, { targets: 'values' }).y); // Float64Array [1.5, 2, 2.5]
 * ```
 */
export function toDataset<K extends TargetKind = 'classes'>(
  x: NpyArray,
  y: NpyArray,
  options: ToDatasetOptions<K> = {},
): ArrayDatasets[K] {
  const { targets } = resolveOptions(WHERE, options, rules);
  const [rows, ...rest] = checkArray('x', x).shape;
  if (rest.length === 0) fail(WHERE, 'x.shape', '[samples, features], or longer', x.shape);
  const columns = rest.reduce((product, size) => product * size, 1);
  const samples = checkMatrix(WHERE, 'x', { data: toReal(x), shape: [rows, columns] });
  const made = targets === 'values' ? { y: values(checkArray('y', y)) } : classes(checkArray('y', y));
  checkTargets(WHERE, 'y', made.y, rows, { targets });
  return { x: samples, ...made } as ArrayDatasets[K];
}

function classes({ data, shape }: NpyArray): Omit<ArrayDatasets['classes'], 'x'> {
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) fail(WHERE, 'y.shape', '[samples]', shape);
  for (let i = 0; i < data.length; i++) {
    if (Number.isSafeInteger(data[i])) continue;
    const remedy = "Give targets: 'values' to predict numbers.";
    fail(WHERE, `y.data[${i}]`, 'a class, a whole number in the range [-2^53 + 1, 2^53 - 1]', data[i], remedy);
  }
  // A typed array sorts by value.
  const found = Float64Array.from(new Set(data)).sort();
  const indices = new Map(Array.from(found, (label, index) => [label, index]));
  return { y: Int32Array.from(data, (label) => indices.get(label)!), classNames: Array.from(found, String) };
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
