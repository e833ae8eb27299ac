// Bytes as text: a file, or pieces of one.
import { fail, formatError, isTypedArray } from '../errors/index.ts';

/**
 * The text of a file.
 *
 * @throws ParameterError for bytes that are no UTF-8.
 * @hidden
 */
export function decodeUtf8(bytes: Uint8Array, ignoreBOM = false): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM }).decode(bytes);
  } catch {
    throw formatError('This is not UTF-8 text. Save the file in UTF-8.');
  }
}

/**
 * The text of pieces, which may end within a character. Each is decoded by itself, which is several times as fast as `stream: true`.
 *
 * @throws ParameterError as {@link decodeUtf8}
 * @hidden
 */
export async function* decodePieces(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const object = Object(pieces ?? {});
  const isIterable = Symbol.asyncIterator in object || Symbol.iterator in object;
  if (!isIterable) fail('decodePieces', 'pieces', 'a list or a stream of texts or of bytes', pieces);
  let rest = new Uint8Array();
  for await (const piece of pieces) {
    if (typeof piece === 'string') yield piece;
    else if (!isTypedArray(piece, 'Uint8Array')) fail('decodePieces', 'pieces', 'made of texts or of bytes', piece);
    else {
      const bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
      const end = lastCharacter(bytes);
      rest = bytes.slice(end);
      yield decodeUtf8(bytes.subarray(0, end), true);
    }
  }
  yield decodeUtf8(rest, true);
}

/** Where the last character begins, if it has several bytes and so may go on; else the end. */
function lastCharacter(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - 4; at--) {
    if (bytes[at] < 0x80) break;
    if (bytes[at] >= 0xc0) return at;
  }
  return bytes.length;
}
