// Reads ZIP archives: each file whole and checked against its CRC-32, or an error.
import { inflateSync } from 'fflate';
import { ParameterError } from '../errors/index.ts';

// Signatures and sizes of the records (PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
const END = { signature: 0x06054b50, size: 22 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/**
 * The files of an archive by name, in the order of its directory.
 *
 * @throws ParameterError when the archive is truncated or damaged, encrypted, or larger than 4 GiB
 */
export function unzip(what: string, bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(what, view);
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    checkRecord(what, view, at, ENTRY);
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY.size, at + ENTRY.size + nameLength));
    files.set(name, readEntry(`${what}, in its file '${name}',`, bytes, view, at));
    at += ENTRY.size + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

/** Where the record that ends the archive starts: only a comment may follow it. */
function findEnd(what: string, view: DataView): number {
  const last = view.byteLength - END.size;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END.signature) return at;
  }
  throw new ParameterError(
    `${what} must be a ZIP archive. It is another file, or truncated: the end record is missing.`,
    { code: 'ERR_FORMAT' },
  );
}

function checkRecord(what: string, view: DataView, at: number, { signature, size }: typeof ENTRY): void {
  if (at + size > view.byteLength || view.getUint32(at, true) !== signature) {
    throw new ParameterError(`${what} is damaged: there is no record at byte ${at}, where its directory needs one.`, {
      code: 'ERR_FORMAT',
    });
  }
}

function readEntry(what: string, bytes: Uint8Array, view: DataView, entry: number): Uint8Array {
  const flags = view.getUint16(entry + 8, true);
  const method = view.getUint16(entry + 10, true);
  const crc = view.getUint32(entry + 16, true);
  const packedSize = view.getUint32(entry + 20, true);
  const size = view.getUint32(entry + 24, true);
  const local = view.getUint32(entry + 42, true);
  checkRecord(what, view, local, LOCAL);
  const start = local + LOCAL.size + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(start, start + packedSize);
  if (flags & ENCRYPTED || (method !== STORED && method !== DEFLATED)) {
    throw new ParameterError(`${what} must be stored plainly or deflated, as NumPy does it.`, { code: 'ERR_FORMAT' });
  }
  const content = method === STORED ? packed : inflate(what, packed);
  if (content.length !== size || crc32(content) !== crc) {
    throw new ParameterError(`${what} is damaged: the bytes do not match their checksum.`, { code: 'ERR_FORMAT' });
  }
  return content;
}

function inflate(what: string, packed: Uint8Array): Uint8Array {
  try {
    return inflateSync(packed);
  } catch (error) {
    throw new ParameterError(`${what} is damaged: it cannot be inflated (${(error as Error).message}).`, {
      code: 'ERR_FORMAT',
      cause: error,
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
