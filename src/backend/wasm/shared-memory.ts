// The binaries as they are for an engine with several threads: they import a memory that is shared.

/**
 * A copy of `binary` whose memory is shared: so the engines of one thread, whose memory is not, are not slower for it, and the
 * package has each binary once. Behind the name of what is imported stand its kind, 2 for a memory, and what there is to say of its
 * size: 1 for a greatest one, 3 if it is shared, too.
 */
export function withSharedMemory(binary: BufferSource): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(binary) ? binary : new Uint8Array(binary);
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  // A character for each byte, though not always that of its number.
  const text = new TextDecoder('latin1').decode(bytes);
  bytes[text.indexOf('memory\u0002\u0001') + 7] = 3;
  return bytes;
}
