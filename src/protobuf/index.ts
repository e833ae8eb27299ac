// The protocol buffer encoding: as much of it as TensorBoard's events and ONNX models need.

/** How a field's value is stored, in the low three bits of its key. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const encoder = new TextEncoder();

/** A message, written field by field. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  /** A whole number from 0 to 2⁵³. */
  integer(field: number, value: number): this {
    return this.#add(key(field, wire.varint), varint(value));
  }

  double(field: number, value: number): this {
    return this.#add(
      key(field, wire.fixed64),
      number(8, (view) => view.setFloat64(0, value, true)),
    );
  }

  float(field: number, value: number): this {
    return this.#add(
      key(field, wire.fixed32),
      number(4, (view) => view.setFloat32(0, value, true)),
    );
  }

  text(field: number, value: string): this {
    return this.data(field, encoder.encode(value));
  }

  /** Bytes as they are. */
  data(field: number, value: Uint8Array): this {
    return this.#add(key(field, wire.bytes), varint(value.length), value);
  }

  message(field: number, value: Message): this {
    return this.data(field, value.bytes());
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return concatenate(this.#parts);
  }

  #add(...parts: Uint8Array[]): this {
    this.#parts.push(...parts);
    return this;
  }
}

/** Bytes one behind the other. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const key = (field: number, type: number) => varint(field * 8 + type);

/** Groups of seven bits, lowest first; the high bit of a byte says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  return Uint8Array.of(...bytes, rest);
}

function number(size: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return bytes;
}
