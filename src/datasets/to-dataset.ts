// toDataset: an array of samples and an array of labels become a dataset.
import { checkDataset, type Dataset } from '../data/index.ts';
import { fail } from '../errors/index.ts';
import type { NpyArray } from './parse-npy.ts';

const WHERE = 'toDataset';

/**
 * Makes a dataset of arrays as read from .npy or .npz files.
 *
 * @param x - Samples along the first dimension; further ones, as of images [samples, height, width], are flattened.
 * Float32 stays float32, all other types become float64. Must be finite.
 * @param y - Class indices from 0, of any number type: [samples], or [samples, 1].
 * @throws ParameterError for shapes that do not fit and labels that are no class indices; NumericError for NaN or
 * Infinity in x
 */
export function toDataset(x: NpyArray, y: NpyArray): Dataset {
  const [rows, ...rest] = checkArray('x', x).shape;
  if (rest.length === 0) fail(WHERE, 'x.shape', '[samples, features], or longer', x.shape);
  const columns = rest.reduce((product, size) => product * size, 1);
  const { data, shape } = checkArray('y', y);
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) fail(WHERE, 'y.shape', '[samples]', shape);
  const labels = Int32Array.from(data);
  const wrong = labels.findIndex((label, i) => label !== data[i]);
  if (wrong >= 0) fail(WHERE, `y.data[${wrong}]`, 'a class index, an integer from 0', data[wrong]);
  const values = x.data instanceof Float32Array ? x.data : Float64Array.from(x.data);
  return checkDataset(WHERE, 'dataset', { x: { data: values, shape: [rows, columns] }, y: labels });
}

function checkArray(name: string, array: NpyArray): NpyArray {
  if (!ArrayBuffer.isView(array?.data) || !Array.isArray(array.shape)) {
    fail(WHERE, name, 'an array { data, shape } as from parseNpy', array);
  }
  return array;
}
