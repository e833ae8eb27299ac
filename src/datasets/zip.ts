// Reads ZIP archives: each file whole and checked against its CRC-32, or an error. What the directory says of sizes and places
// is checked before anything is inflated, so that a small archive cannot ask for much time or memory.
import { Inflate } from 'fflate';
import { EnvironmentError, formatError } from '../errors/index.ts';

// Signatures and sizes of the records (PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
const END = { signature: 0x06054b50, size: 22 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** Deflate makes at most 258 bytes of two bits. */
const MOST_RATIO = 1032;
/** Bytes that are inflated at once. */
const STEP = 4096;

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: Uint8Array;
  /** Of the file, as the directory has it. */
  size: number;
  /** Where its record starts, and where its content ends. */
  start: number;
  end: number;
}

/**
 * The files of an archive by name, in the order of its directory. Each is a function that reads it, so that files which are
 * not wanted cost nothing.
 *
 * @throws ParameterError when the archive is truncated or damaged, encrypted, or larger than 4 GiB; the functions when the
 * file is damaged
 */
export function unzip(what: string, bytes: Uint8Array): Map<string, () => Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(what, view);
  const directory = view.getUint32(end + 16, true);
  const entries: Entry[] = [];
  let at = directory;
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    checkRecord(what, view, at, ENTRY);
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY.size, at + ENTRY.size + nameLength));
    entries.push(readEntry(what, name, bytes, view, at));
    at += ENTRY.size + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  checkPlaces(what, entries, directory);
  return new Map(entries.map((entry) => [entry.name, () => contentOf(inFile(what, entry.name), entry)]));
}

const inFile = (what: string, name: string) => `${what}, in its file '${name.slice(0, 60)}',`;

/** Where the record that ends the archive starts: only a comment may follow it. */
function findEnd(what: string, view: DataView): number {
  const last = view.byteLength - END.size;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END.signature) return at;
  }
  throw formatError(`${what} must be a ZIP archive. It is another file, or truncated: the end record is missing.`);
}

function checkRecord(what: string, view: DataView, at: number, { signature, size }: typeof ENTRY): void {
  if (at + size > view.byteLength || view.getUint32(at, true) !== signature) {
    throw formatError(`${what} is damaged: there is no record at byte ${at}, where its directory needs one.`);
  }
}

function readEntry(what: string, name: string, bytes: Uint8Array, view: DataView, at: number): Entry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const packedSize = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const start = view.getUint32(at + 42, true);
  checkRecord(inFile(what, name), view, start, LOCAL);
  const content = start + LOCAL.size + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const packed = bytes.subarray(content, content + packedSize);
  if (flags & ENCRYPTED || (method !== STORED && method !== DEFLATED)) {
    throw formatError(`${inFile(what, name)} must be stored plainly or deflated, as NumPy does it.`);
  }
  if (packed.length < packedSize || (method === STORED ? size !== packedSize : size > MOST_RATIO * packedSize)) {
    throw formatError(`${inFile(what, name)} is damaged: ${packedSize} bytes cannot hold its ${size} bytes.`);
  }
  return { name, method, crc: view.getUint32(at + 16, true), packed, size, start, end: content + packedSize };
}

/** Files follow each other, before the directory. Where they overlap, one byte could be inflated many times. */
function checkPlaces(what: string, entries: readonly Entry[], directory: number): void {
  const inOrder = [...entries].sort((a, b) => a.start - b.start);
  for (const [i, { name, end }] of inOrder.entries()) {
    if (end > (inOrder[i + 1]?.start ?? directory)) {
      throw formatError(`${inFile(what, name)} is damaged: it overlaps what follows it.`);
    }
  }
}

function contentOf(what: string, { method, crc, packed, size }: Entry): Uint8Array {
  const content = method === STORED ? packed : inflate(what, packed, size);
  if (crc32(content) !== crc) {
    throw formatError(`${what} is damaged: the bytes do not match their checksum.`);
  }
  return content;
}

/** Inflates piece by piece, because only so it can stop at the size that it should have. */
function inflate(what: string, packed: Uint8Array, size: number): Uint8Array {
  const content = zeros(what, size);
  let length = 0;
  const stream = new Inflate((piece) => {
    if (length + piece.length > size) throw new Error(`it has more than its ${size} bytes`);
    content.set(piece, length);
    length += piece.length;
  });
  try {
    for (let at = 0; at < packed.length; at += STEP) {
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
    if (length < size) throw new Error(`it has less than its ${size} bytes`);
  } catch (error) {
    throw formatError(`${what} is damaged: it cannot be inflated (${(error as Error).message}).`, { cause: error });
  }
  return content;
}

function zeros(what: string, size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    throw new EnvironmentError(`${what} has ${size} bytes, for which there is no memory.`, {
      code: 'ERR_MEMORY',
      cause,
    });
  }
}

/** CRC-32 with the reflected polynomial 0xEDB88320, as ZIP uses it. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
