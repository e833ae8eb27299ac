// Parts of model files, for tests that change them.
import { createHash } from 'node:crypto';
import { readSafetensors, type SafetensorsFile, writeSafetensors } from '../../src/model/safetensors.ts';

/** What a header says of one array. */
export interface Entry {
  dtype: unknown;
  shape: unknown;
  data_offsets: unknown;
}

/** A file as its header's text and its data. */
export function splitFile(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return {
    header: JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))),
    data: bytes.subarray(8 + size),
  };
}

/** A file with this header, which need not be right. */
export function joinFile(header: unknown, data: Uint8Array, size?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, size ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

/** The file with another description or other arrays, and the checksum that belongs to them. */
export function signed(
  bytes: Uint8Array,
  change: (description: Record<string, unknown>, tensors: SafetensorsFile['tensors'][number][]) => unknown,
): Uint8Array {
  const { metadata, tensors } = readSafetensors('It', bytes);
  const description = JSON.parse(metadata.get('regulus') as string);
  const arrays = [...tensors];
  const changed = change(description, arrays);
  const text = typeof changed === 'string' ? changed : JSON.stringify(changed ?? description);
  return writeSafetensors({
    metadata: new Map([
      ['regulus', text],
      ['regulus.sha256', checksum(text, arrays)],
    ]),
    tensors: arrays,
  });
}

const letters = { Float32Array: 'F32', Float64Array: 'F64', Int32Array: 'I32' } as Record<string, string>;

/** As docs/models.md describes it. */
function checksum(text: string, tensors: SafetensorsFile['tensors']): string {
  const hash = createHash('sha256').update(text);
  for (const { name, shape, data } of [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(JSON.stringify([name, letters[data[Symbol.toStringTag]], shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
