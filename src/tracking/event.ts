// TensorBoard's Event message: as much of it as scalars need, and of the protocol buffer encoding.

/** What an event says: which format the file has (its first event only), or the values of some metrics at a step. */
export type EventContent = { fileVersion: string } | { scalars: readonly (readonly [tag: string, value: number])[] };

/**
 * Encodes one event. `wallTime` is in seconds since 1970; values of scalars are stored as float32.
 *
 * Fields: Event { 1 double wall_time, 2 int64 step, 3 string file_version, 5 Summary summary },
 * Summary { 1 repeated Value value }, Value { 1 string tag, 2 float simple_value }.
 */
export function encodeEvent(wallTime: number, step: number, content: EventContent): Uint8Array {
  const event = new Message().double(1, wallTime).integer(2, step);
  if ('fileVersion' in content) return event.text(3, content.fileVersion).bytes();
  const summary = new Message();
  for (const [tag, value] of content.scalars) {
    summary.message(1, new Message().text(1, tag).float(2, value));
  }
  return event.message(5, summary).bytes();
}

/** How a field's value is stored, in the low three bits of its key. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const encoder = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(8));

/** A message in the protocol buffer encoding, written field by field. */
class Message {
  readonly #bytes: number[] = [];

  /** A whole number from 0 to 2⁵³. */
  integer(field: number, value: number): this {
    this.#key(field, wire.varint);
    this.#varint(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#key(field, wire.fixed64);
    scratch.setFloat64(0, value, true);
    return this.#scratch(8);
  }

  float(field: number, value: number): this {
    this.#key(field, wire.fixed32);
    scratch.setFloat32(0, value, true);
    return this.#scratch(4);
  }

  text(field: number, value: string): this {
    return this.#lengthAndBytes(field, encoder.encode(value));
  }

  message(field: number, value: Message): this {
    return this.#lengthAndBytes(field, value.#bytes);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #key(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  /** Groups of seven bits, lowest first; the high bit of a byte says that more follow. */
  #varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes.push(128 + (rest % 128));
    this.#bytes.push(rest);
  }

  #lengthAndBytes(field: number, value: ArrayLike<number>): this {
    this.#key(field, wire.bytes);
    this.#varint(value.length);
    for (let i = 0; i < value.length; i++) this.#bytes.push(value[i]);
    return this;
  }

  #scratch(size: number): this {
    for (let i = 0; i < size; i++) this.#bytes.push(scratch.getUint8(i));
    return this;
  }
}
