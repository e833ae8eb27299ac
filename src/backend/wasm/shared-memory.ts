// The binaries as they are for an engine with several threads: they import a memory that is shared.

/**
 * A copy of `binary` whose memory is shared: so the engines of one thread, whose memory is not, are not slower for it, and the
 * package has each binary once. Behind the name of what is imported stand its kind, 2 for a memory, and what there is to say of its
 * size: 1 for a greatest one, 3 if it is shared, too.
 */
export function withSharedMemory(binary: BufferSource): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder('latin1').decode(binary);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  bytes[text.indexOf('memory\u0002\u0001') + 7] = 3;
  return bytes;
}
