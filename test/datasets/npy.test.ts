// parseNpy, parseNpz and toDataset against files that NumPy wrote, and against broken ones.
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/data/index.ts';
import { type NpyArray, parseNpy, parseNpz, toDataset } from '../../src/datasets/index.ts';
import { NumericError, ParameterError } from '../../src/errors/index.ts';
import golden from '../golden/numpy/npy.json' with { type: 'json' };

const file = (name: string) => new Uint8Array(readFileSync(new URL(`../golden/numpy/npy/${name}`, import.meta.url)));
/** JSON has no NaN and no infinities, so the golden values hold their names. */
const numbers = (values: (number | string | boolean)[]) =>
  values.map((value) => (typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : +value));

function errorOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return (error as Error).message;
  }
  return '(read)';
}

describe('parseNpy', () => {
  it.each(Object.entries(golden.arrays))('reads %s as NumPy wrote it', (name, { shape, data }) => {
    const array = parseNpy(file(`${name}.npy`));
    expect(array.shape).toEqual(shape);
    expect(Array.from(array.data)).toEqual(numbers(data));
  });

  it.each<[string, NpyArray['data']]>([
    ['f8', new Float64Array()],
    ['f4', new Float32Array()],
    ['f4-big-endian-fortran', new Float32Array()],
    ['i8', new Float64Array()],
    ['u8', new Float64Array()],
    ['i4', new Int32Array()],
    ['i2', new Int16Array()],
    ['i1', new Int8Array()],
    ['u4', new Uint32Array()],
    ['u2', new Uint16Array()],
    ['u1', new Uint8Array()],
    ['bool', new Uint8Array()],
  ])('gives %s as %o', (name, like) => {
    expect(parseNpy(file(`${name}.npy`)).data.constructor).toBe(like.constructor);
  });

  it('takes any view or buffer of the bytes, leaves them alone and shares nothing', () => {
    const bytes = file('f8-big-endian.npy');
    const expected = parseNpy(bytes);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const pooled = Buffer.from(bytes);
    for (const source of [bytes.buffer, shifted.subarray(3), pooled]) {
      const array = parseNpy(source);
      expect(array).toEqual(expected);
      array.data.fill(0);
      expect(parseNpy(source)).toEqual(expected);
    }
  });

  it.each<[string, string]>([
    ['i8-too-large', 'at most 2^53 - 1 in size. Got 9007199254740992 at element 1 instead.'],
    ['u8-too-large', 'Got 18446744073709551615 at element 0'],
    ['f2', "Got '<f2' instead. Convert them with astype before saving."],
    ['c16', "'<c16'"],
    ['text', "'<U2'"],
    ['structured', "[('a', '<i4'), ('b', '<f8')]"],
    ['object', "'|O'"],
  ])('refuses %s', (name, message) => {
    expect([...golden.refused]).toContain(name);
    expect(errorOf(() => parseNpy(file(`${name}.npy`)))).toContain(message);
  });

  it('refuses every truncation', () => {
    const bytes = file('f8.npy');
    for (let length = 0; length < bytes.length; length++) {
      expect(errorOf(() => parseNpy(bytes.subarray(0, length)))).toMatch(/truncated|does not start as one|Got its end/);
    }
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    [
      'bytes too many',
      (bytes) => Uint8Array.of(...bytes, 0),
      'damaged: its shape (2, 3) takes 48 bytes, and 49 follow',
    ],
    ['another version', (bytes) => bytes.with(6, 4), 'of version 1, 2 or 3. Got 4 instead.'],
    ['a header that is none', (bytes) => bytes.with(10, 0), 'damaged: its header'],
    ['another file', () => new TextEncoder().encode('a,b\n1,2\n'), 'It does not start as one.'],
    [
      'a larger shape',
      (bytes) => bytes.with(new TextDecoder('latin1').decode(bytes).indexOf('(2,') + 1, 57),
      'truncated',
    ],
  ])('refuses %s', (_, spoil, message) => {
    expect(errorOf(() => parseNpy(spoil(file('f8.npy'))))).toContain(message);
  });

  it('takes bytes from another realm', () => {
    const bytes = file('f8.npy');
    const foreign = runInNewContext('(bytes) => { const copy = Uint8Array.from(bytes); return [copy, copy.buffer]; }')(
      bytes,
    );
    for (const source of foreign) {
      expect(source).not.toBeInstanceOf(Object);
      expect(parseNpy(source)).toEqual(parseNpy(bytes));
    }
  });

  it.each([['text'], [undefined], [new Float64Array(3)], [[1, 2]]])('refuses %o instead of bytes', (value) => {
    expect(errorOf(() => parseNpy(value as never))).toContain('an ArrayBuffer or a Uint8Array');
  });
});

describe('headers', () => {
  /** A file of float64 numbers with this header. */
  const withHeader = (header: string, ...numbers: number[]) => {
    const text = `${header}\n`;
    const bytes = [0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 255, text.length >> 8, ...Buffer.from(text)];
    return Uint8Array.of(...bytes, ...new Uint8Array(Float64Array.from(numbers).buffer));
  };

  it.each([
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
    "{'shape': (2,), 'descr': '<f8', 'fortran_order': False}",
    "{'fortran_order': False, 'shape': (2,), 'descr': '<f8', }   ",
    '  { "descr" : "<f8" ,"shape":( 2 , ),  \'fortran_order\':\tFalse }',
    "{'descr': '=f8', 'fortran_order': False, 'shape': (2L,)}",
    "{'descr': 'f8', 'fortran_order': True, 'shape': (2,)}",
  ])('%s', (header) => {
    expect(parseNpy(withHeader(header, 1.5, -2))).toEqual({ data: Float64Array.of(1.5, -2), shape: [2] });
  });

  it('of one number and of a matrix', () => {
    expect(parseNpy(withHeader("{'shape': (), 'descr': '<f8', 'fortran_order': False}", 7)).shape).toEqual([]);
    const header = "{'shape': (2, 1,), 'fortran_order': True, 'descr': '<f8'}";
    expect(parseNpy(withHeader(header, 1, 2)).shape).toEqual([2, 1]);
  });

  it.each([
    "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': True}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': 2}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}",
    "{'descr': '<f8' 'fortran_order': False, 'shape': (2,)}",
    "'descr': '<f8', 'fortran_order': False, 'shape': (2,)",
    '[]',
    '',
    `{'descr': '<f8', 'fortran_order': False, 'shape': (${'1,'.repeat(30_000)}`,
    `{'descr': '<f8', 'fortran_order': True, 'shape': (${'1,'.repeat(64)}2)}`,
  ])('%s is none that NumPy writes', (header) => {
    expect(errorOf(() => parseNpy(withHeader(header, 1, 2)))).toContain(
      'damaged: its header is not one that NumPy writes',
    );
  });

  it('of structured types are refused for their type', () => {
    const header = "{'descr': [('a', [('b', '<f8')]), ('c', '<f8', (2,))], 'fortran_order': False, 'shape': (2,)}";
    expect(errorOf(() => parseNpy(withHeader(header, 1, 2)))).toContain(
      "Got [('a', [('b', '<f8')]), ('c', '<f8', (2,))]",
    );
  });
});

describe('parseNpz', () => {
  it.each(['stored.npz', 'compressed.npz'])('reads %s as NumPy wrote it', (name) => {
    const { x, y, ...others } = parseNpz(file(name));
    expect(others).toEqual({});
    expect(x.shape).toEqual([40, 8, 8]);
    expect(Array.from(x.data)).toEqual(golden.archive.x);
    expect(Array.from(y.data)).toEqual(golden.archive.y);
  });

  it('names arrays without a name as NumPy does, and accepts a comment after the archive', () => {
    const { arr_0: c, arr_1: fortran, ...others } = parseNpz(file('unnamed.npz'));
    expect(others).toEqual({});
    expect(fortran).toEqual(c);
    const bytes = file('unnamed.npz');
    const commented = Uint8Array.of(...bytes.with(bytes.length - 2, 2), 104, 105);
    expect(parseNpz(commented).arr_0).toEqual(c);
  });

  it.each(['stored.npz', 'compressed.npz'])('refuses every truncation of %s', (name) => {
    const bytes = file(name);
    for (let length = 0; length < bytes.length; length += length < bytes.length - 100 ? 97 : 1) {
      expect(errorOf(() => parseNpz(bytes.subarray(0, length)))).toMatch(/must be a ZIP archive/);
    }
  });

  it.each(['stored.npz', 'compressed.npz'])('notices every byte of %s that is wrong, or does not need it', (name) => {
    const good = file(name);
    const expected = parseNpz(good);
    for (let at = 0; at < good.length; at += 7) {
      const bytes = good.with(at, good[at] ^ 0x55);
      let arrays: unknown;
      try {
        arrays = Object.values(parseNpz(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(ParameterError);
        continue;
      }
      // Names, dates and attributes have no checksum.
      expect(arrays).toEqual(Object.values(expected));
    }
  });

  it('refuses an archive of other files, and an .npy file', () => {
    const bytes = file('stored.npz');
    const text = new TextDecoder('latin1').decode(bytes);
    const renamed = bytes.slice();
    for (let at = text.indexOf('x.npy'); at >= 0; at = text.indexOf('x.npy', at + 1)) renamed[at + 4] = 122;
    expect(errorOf(() => parseNpz(renamed))).toContain("must hold .npy files only. Got 'x.npz' instead.");
    expect(errorOf(() => parseNpz(file('f8.npy')))).toContain('must be a ZIP archive');
  });

  it('reads the arrays that are asked for, and no others', () => {
    const bytes = file('stored.npz');
    const inX = new TextDecoder('latin1').decode(bytes).indexOf('NUMPY') + 200;
    const damaged = bytes.with(inX, bytes[inX] ^ 1);
    expect(Object.keys(parseNpz(damaged, { arrays: ['y'] }))).toEqual(['y']);
    expect(errorOf(() => parseNpz(damaged))).toContain("'x.npy'");
    expect(errorOf(() => parseNpz(bytes, { arrays: ['labels'] }))).toContain(
      "There is no array 'labels'. Arrays: x, y.",
    );
    expect(errorOf(() => parseNpz(bytes, { arrays: ['toString'] }))).toContain("There is no array 'toString'.");
    expect(errorOf(() => parseNpz(bytes, { array: ['x'] } as never))).toContain("Did you mean 'arrays'?");
  });

  describe('that promise more than they hold', () => {
    const zeros = new Uint8Array(1_000_000);
    const [ENTRY, LOCAL] = [0x02014b50, 0x04034b50];
    /** Changes a 32-bit number in every record of the directory; each is given its index. */
    const inDirectory = (bytes: Uint8Array, offset: number, change: (value: number, index: number) => number) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      let index = 0;
      for (let at = 0; at + 4 <= bytes.length; at++) {
        if (view.getUint32(at, true) !== ENTRY) continue;
        view.setUint32(at + offset, change(view.getUint32(at + offset, true), index++), true);
      }
      return bytes;
    };
    const [PACKED, SIZE, PLACE] = [20, 24, 42];

    it('with files that share their bytes', () => {
      const names = Array.from({ length: 200 }, (_, i) => `a${i}.npy`);
      const bytes = zipSync(Object.fromEntries(names.map((name) => [name, zeros.subarray(0, 5000)])));
      expect(errorOf(() => parseNpz(inDirectory(bytes, PLACE, () => 0)))).toContain('overlaps what follows it');
    });

    it('with a file that reaches into the next, or into the directory', () => {
      const two = () => zipSync({ 'a.npy': zeros, 'b.npy': zeros });
      const longer = (value: number, index: number) => value + (index === 0 ? 1 : 0);
      expect(errorOf(() => parseNpz(inDirectory(two(), PACKED, longer)))).toContain("'a.npy', is damaged: it overlaps");
      expect(errorOf(() => parseNpz(inDirectory(two(), PACKED, (value) => value + 50)))).toContain('it overlaps');
      // A second record of a file inside the content of another.
      const inside = zipSync({ 'a.npy': zipSync({ 'b.npy': zeros }), 'b.npy': zeros }, { level: 0 });
      const nested = new DataView(inside.buffer).getUint32(35, true);
      expect(nested).toBe(LOCAL);
      const same = inDirectory(inside, PLACE, (value, index) => (index === 1 ? 35 : value));
      expect(errorOf(() => parseNpz(same))).toContain('overlaps');
    });

    it.each<[string, (size: number) => number, string]>([
      ['more than deflate can give', () => 2 ** 32 - 1, 'cannot hold its 4294967295 bytes'],
      ['more than there is', (size) => size + 1, 'it has less than its 1000001 bytes'],
      ['less than there is', () => 1000, 'it has more than its 1000 bytes'],
      ['nothing', () => 0, 'it has more than its 0 bytes'],
    ])('with a size of %s', (_, change, message) => {
      expect(errorOf(() => parseNpz(inDirectory(zipSync({ 'a.npy': zeros }), SIZE, change)))).toContain(message);
      const stored = zipSync({ 'a.npy': zeros }, { level: 0 });
      expect(errorOf(() => parseNpz(inDirectory(stored, SIZE, change)))).toContain('cannot hold its');
    });
  });

  it('names the array that cannot be read', () => {
    const bytes = file('stored.npz');
    const data = new TextDecoder('latin1').decode(bytes).indexOf('NUMPY') + 200;
    expect(errorOf(() => parseNpz(bytes.with(data, bytes[data] ^ 1)))).toContain("'x.npy'");
  });
});

describe('toDataset', () => {
  const array = (data: NpyArray['data'], ...shape: number[]): NpyArray => ({ data, shape });
  const x = array(Float64Array.of(1, 2, 3, 4), 2, 2);

  it('joins images and labels, and keeps float32', () => {
    const arrays = parseNpz(file('compressed.npz'));
    const dataset = toDataset(arrays.x, arrays.y);
    expect(dataset.x).toEqual({ data: arrays.x.data, shape: [40, 64] });
    expect(dataset.x.data).toBeInstanceOf(Float32Array);
    expect(dataset.y).toEqual(Int32Array.from(golden.archive.y));
  });

  it('takes numbers of any type', () => {
    const dataset = toDataset(array(Uint8Array.of(1, 2), 2, 1), array(Float64Array.of(0, 1), 2, 1));
    const classNames = ['0', '1'];
    expect(dataset).toEqual({ x: { data: Float64Array.of(1, 2), shape: [2, 1] }, y: Int32Array.of(0, 1), classNames });
  });

  // np.unique(labels, return_inverse=True)
  it.each<[string, NpyArray['data'], number[], string[]]>([
    ['far apart', Int32Array.of(500, 0, 500), [1, 0, 1], ['0', '500']],
    ['up to 2^31 - 1', Int32Array.of(0, 2 ** 31 - 1, 0), [0, 1, 0], ['0', '2147483647']],
    [
      'beyond 32 bits',
      Float64Array.of(2 ** 53 - 1, 2 ** 31, 2 ** 53 - 2),
      [2, 0, 1],
      ['2147483648', '9007199254740990', '9007199254740991'],
    ],
    ['negative', Int8Array.of(10, -1, -2), [2, 1, 0], ['-2', '-1', '10']],
    ['sorted as numbers', Uint8Array.of(9, 10, 9), [0, 1, 0], ['9', '10']],
    ['of zeros with signs', Float64Array.of(-0, 1, 0), [0, 1, 0], ['0', '1']],
    ['booleans', Uint8Array.of(1, 0, 1), [1, 0, 1], ['0', '1']],
  ])('maps classes that are %s to indices', (_, labels, y, classNames) => {
    expect(toDataset(array(Float64Array.of(1, 2, 3), 3, 1), array(labels, 3))).toMatchObject({
      y: Int32Array.from(y),
      classNames,
    });
  });

  it('takes numbers to predict, one or several for each sample', () => {
    const values = { targets: 'values' } as const;
    expect(toDataset(x, array(Int16Array.of(3, -1), 2), values).y).toEqual(Float64Array.of(3, -1));
    const y: Float64Array | Matrix = toDataset(x, array(Float32Array.of(0.5, 1), 2), values).y;
    expect(y).toEqual(Float64Array.of(0.5, 1));
    expect(toDataset(x, array(Float32Array.of(1, 2, 3, 4), 2, 2), values).y).toEqual({
      data: Float32Array.of(1, 2, 3, 4),
      shape: [2, 2],
    });
    expect(toDataset(x, array(Uint8Array.of(0, 1), 2, 1), values).y).toEqual({
      data: Float64Array.of(0, 1),
      shape: [2, 1],
    });
  });

  it.each<[string, NpyArray, string]>([
    ['too few', array(Float64Array.of(1), 1), "'y' parameter of toDataset must be as long as x has rows (2)"],
    ['too few rows', array(Float64Array.of(1, 2), 1, 2), "'y.shape' parameter of toDataset must be [2, targets]"],
    ['images', array(Float64Array.of(1, 2), 2, 1, 1), '[samples] or [samples, targets]. Got [2, 1, 1] instead.'],
    ['64-bit', { data: BigInt64Array.of(1n, 2n) as never, shape: [2] }, 'of numbers, as from parseNpy'],
  ])('refuses numbers to predict that are %s', (_, targets, message) => {
    expect(errorOf(() => toDataset(x, targets, { targets: 'values' }))).toContain(message);
  });

  it('refuses numbers to predict that are not finite, and other options', () => {
    const targets = array(Float32Array.of(1, Number.NaN), 2);
    expect(() => toDataset(x, targets, { targets: 'values' })).toThrow(NumericError);
    expect(() => toDataset(x, targets, { targets: 'values' })).toThrow("'y' parameter of toDataset must hold finite");
    expect(errorOf(() => toDataset(x, targets, { target: 'values' } as never))).toContain("Did you mean 'targets'?");
  });

  it('takes arrays from another realm', () => {
    const [data, labels] = runInNewContext('[Float32Array.of(1, 2), Uint8Array.of(0, 1)]');
    expect(toDataset(array(data, 2, 1), array(labels, 2))).toEqual({
      x: { data, shape: [2, 1] },
      y: Int32Array.of(0, 1),
      classNames: ['0', '1'],
    });
  });

  it.each<[string, NpyArray, NpyArray, string]>([
    ['samples without features', array(Float64Array.of(1, 2), 2), array(Int32Array.of(0, 1), 2), "'x.shape'"],
    ['labels too few', x, array(Int32Array.of(0), 1), 'as long as x has rows (2)'],
    ['labels in a table', x, array(Int32Array.of(0, 1, 1, 0), 2, 2), "'y.shape'"],
    ['a label that is no integer', x, array(Float64Array.of(0, 0.5), 2), "Give targets: 'values' to predict numbers."],
    ['a label NaN', x, array(Float64Array.of(Number.NaN, 0), 2), "'y.data[0]'"],
    ['a label that a double cannot tell from others', x, array(Float64Array.of(0, 2 ** 53), 2), "'y.data[1]'"],
    ['no array', x, undefined as never, "'y' parameter of toDataset must be an array { data, shape }"],
    ['nested lists', [[1, 2]] as never, array(Int32Array.of(0), 1), "'x'"],
  ])('refuses %s', (_, samples, labels, message) => {
    expect(errorOf(() => toDataset(samples, labels))).toContain(message);
  });

  it('refuses samples that are not finite', () => {
    const samples = array(Float64Array.of(1, 2, Number.NaN, 4), 2, 2);
    expect(() => toDataset(samples, array(Int32Array.of(0, 1), 2))).toThrow(NumericError);
  });
});
