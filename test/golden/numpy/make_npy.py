"""Writes the .npy and .npz files that the readers' tests read, and npy.json, which says what is in them.

Made with Python 3.11, NumPy 1.24.2:

    python3 make_npy.py
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FOLDER = HERE / 'npy'

grid = np.array([[1.5, -2.25, 0.1], [1e-300, np.pi, -0.0]])
cube = np.arange(24).reshape(2, 3, 4)

FILES = {
    'f8': grid,
    'f4': grid.astype('<f4'),
    'f8-fortran': np.asfortranarray(grid),
    'f8-big-endian': grid.astype('>f8'),
    'f4-big-endian-fortran': np.asfortranarray(grid.astype('>f4')),
    'f8-not-finite': np.array([np.nan, np.inf, -np.inf]),
    'f8-scalar': np.array(6.5),
    'f8-empty': np.zeros((0, 3)),
    'i4': np.array([-(2**31), -1, 0, 2**31 - 1], '<i4'),
    'i4-big-endian': np.array([[1, -2], [300000, 4]], '>i4'),
    'i8': np.array([-(2**53) + 1, -1, 0, 2**53 - 1], '<i8'),
    'i8-cube': cube.astype('<i8'),
    'i8-cube-fortran': np.asfortranarray(cube.astype('<i8')),
    'i1': np.array([-128, 127], 'i1'),
    'i2': np.array([-32768, 32767], '<i2'),
    'u1': np.array([0, 255], 'u1'),
    'u2': np.array([0, 65535], '<u2'),
    'u4': np.array([0, 2**32 - 1], '<u4'),
    'u8': np.array([0, 2**53 - 1], '<u8'),
    'bool': np.array([[True, False], [False, True]]),
}
REFUSED = {
    'i8-too-large': np.array([0, 2**53], '<i8'),
    'u8-too-large': np.array([2**64 - 1], '<u8'),
    'f2': np.array([1.0], '<f2'),
    'c16': np.array([1j]),
    'text': np.array(['a', 'bc']),
    'structured': np.array([(1, 2.0)], [('a', '<i4'), ('b', '<f8')]),
}


def values(array):
    """Numbers in row-major order, as JSON can hold them."""
    return [v if np.isfinite(v) else str(v) for v in array.ravel(order='C').tolist()]


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, array in {**FILES, **REFUSED}.items():
        np.save(FOLDER / f'{name}.npy', array)
    np.save(FOLDER / 'object.npy', np.array([{}], object), allow_pickle=True)
    for version in (2, 3):
        with open(FOLDER / f'f8-version-{version}.npy', 'wb') as file:
            np.lib.format.write_array(file, grid, version=(version, 0))
    arrays = {
        name: {'shape': array.shape, 'data': values(array)}
        for name, array in {**FILES, 'f8-version-2': grid, 'f8-version-3': grid}.items()
    }

    x = np.random.RandomState(0).randint(0, 17, (40, 8, 8)).astype('<f4')
    y = np.arange(40) % 3
    np.savez(FOLDER / 'stored.npz', x=x, y=y)
    np.savez_compressed(FOLDER / 'compressed.npz', x=x, y=y)
    np.savez_compressed(FOLDER / 'unnamed.npz', x, np.asfortranarray(x))

    golden = {'arrays': arrays, 'refused': [*REFUSED, 'object'], 'archive': {'x': values(x), 'y': values(y)}}
    (HERE / 'npy.json').write_text(json.dumps(golden) + '\n')


if __name__ == '__main__':
    main()
