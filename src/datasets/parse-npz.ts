// parseNpz: the bytes of an .npz archive become arrays by name.
import { ParameterError } from '../errors/index.ts';
import { type NpyArray, readNpy, toBytes } from './parse-npy.ts';
import { unzip } from './zip.ts';

/**
 * Reads all arrays from the bytes of an .npz file, as `numpy.savez` and `numpy.savez_compressed` write it. Keys are the
 * names given there (`arr_0`, `arr_1` … for arrays without one).
 *
 * @throws ParameterError for archives that are truncated or damaged (every array is checked against its CRC-32), and
 * for all that {@link parseNpy} refuses
 */
export function parseNpz(bytes: ArrayBuffer | Uint8Array): Record<string, NpyArray> {
  const what = "The 'bytes' parameter of parseNpz";
  const files = [...unzip(what, toBytes('parseNpz', bytes))];
  return Object.fromEntries(
    files.map(([name, content]) => {
      if (!name.endsWith('.npy')) throw new ParameterError(`${what} must hold .npy files only. Got '${name}' instead.`);
      return [name.slice(0, -'.npy'.length), readNpy(`${what}, in its array '${name}',`, content)];
    }),
  );
}
