// JSON from a file that anyone may have written: bounded in depth, and without keys that would change an object's prototype.
import { formatError, ParameterError } from '../errors/index.ts';

const MAX_DEPTH = 64;

/**
 * Parses UTF-8 or a text.
 *
 * @throws ParameterError for what is not JSON, is nested deeply, or has the key `__proto__`.
 */
export function parseJson(what: string, json: Uint8Array | string): unknown {
  try {
    const text = typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json);
    if (depthOf(text) > MAX_DEPTH) throw new ParameterError(`It is nested more than ${MAX_DEPTH} deep.`);
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw new ParameterError("It has the key '__proto__'.");
      return value;
    });
  } catch (error) {
    throw formatError(`${what} is not JSON that can be read. ${(error as Error).message}`);
  }
}

/** How deeply brackets are nested, those in strings aside. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/** Whether `value` is an object of JSON. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
