// The binaries as they are for an engine with several threads: with a memory that is shared and comes from outside.

/** The most pages that an address of 32 bits can reach. */
const PAGES = 65_536;

/** A memory that threads can share; undefined where the host has no addresses left. */
export function sharedMemory(): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: 32, maximum: PAGES, shared: true });
  } catch {
    return undefined;
  }
}

/** An import section with one shared memory, `env.memory`, of 1 to 65,536 pages. */
const section = [2, 18, 1, 3, ...bytesOf('env'), 6, ...bytesOf('memory'), 2, 3, 1, 0x80, 0x80, 4];

function bytesOf(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

/**
 * The binary with {@link section} in place of a memory of its own, or of one that it imports: so the engines of one thread,
 * whose memory is not shared, are not slower for it, and the package has each binary once.
 */
export function withSharedMemory(source: BufferSource): Uint8Array<ArrayBuffer> {
  const binary = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const parts = [...binary.subarray(0, 8)];
  for (let i = 8; i < binary.length; ) {
    const start = i;
    const id = binary[i++];
    // The size of a section, seven bits a byte.
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      size |= (binary[i] & 127) << shift;
      if (binary[i++] < 128) break;
    }
    i += size;
    if (id !== 2 && id !== 5) parts.push(...binary.subarray(start, i));
    if (id === 1) parts.push(...section);
  }
  return Uint8Array.from(parts);
}
