// The canonical bytes of a job's result: the bits of every number, little-endian, with the structure around them.

/** What a job may return. */
export type Value =
  | number
  | string
  | boolean
  | null
  | Float64Array
  | Float32Array
  | Int32Array
  | readonly Value[]
  | { readonly [key: string]: Value };

/**
 * Equal values, and only those, give equal bytes: −0 differs from 0, a Float32Array from a Float64Array; the order of
 * keys does not count.
 *
 * @throws Error for NaN, whose bits no standard fixes, and for values of another kind
 */
export function bytesOf(value: Value): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  write(value, '', parts);
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function write(value: Value, path: string, out: Uint8Array[]): void {
  const list = (kind: string, values: readonly Value[]) => {
    out.push(tag(kind, values.length));
    values.forEach((element, i) => {
      write(element, `${path}[${i}]`, out);
    });
  };
  if (typeof value === 'number') out.push(tag('number', 1), numbers([value], 8, 'setFloat64', path));
  else if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    out.push(tag('string', text.length), text);
  } else if (typeof value === 'boolean' || value === null) out.push(tag(`${value}`, 0));
  else if (value instanceof Float64Array) out.push(tag('f64', value.length), numbers(value, 8, 'setFloat64', path));
  else if (value instanceof Float32Array) out.push(tag('f32', value.length), numbers(value, 4, 'setFloat32', path));
  else if (value instanceof Int32Array) out.push(tag('i32', value.length), numbers(value, 4, 'setInt32', path));
  else if (Array.isArray(value)) list('array', value);
  else if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const keys = Object.keys(value).sort();
    out.push(tag('object', keys.length));
    for (const key of keys) {
      out.push(tag(key, 0));
      write((value as { [key: string]: Value })[key], `${path}.${key}`, out);
    }
  } else throw new Error(`${path}: no bytes are defined for ${Object.prototype.toString.call(value)}.`);
}

function tag(kind: string, length: number): Uint8Array {
  return new TextEncoder().encode(`${kind} ${length}\n`);
}

type Setter = 'setFloat64' | 'setFloat32' | 'setInt32';

function numbers(values: ArrayLike<number>, size: number, set: Setter, path: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) throw new Error(`${path}[${i}] is NaN.`);
    view[set](i * size, values[i], true);
  }
  return new Uint8Array(view.buffer);
}
