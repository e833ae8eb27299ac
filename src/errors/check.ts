// Argument checks in one form: "The 'x' parameter of f must be …. Got … instead."
import type { ErrorCode } from './codes.ts';
import { DisposedError, ParameterError } from './errors.ts';

/** Shows a received value in an error message: short, typed, and never longer than a line. */
export function show(value: unknown, depth = 4): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (isTypedArray(value)) return `${value[Symbol.toStringTag]}(${value.length})`;
  if (Array.isArray(value)) {
    const text = depth > 0 && value.length <= 6 ? `[${value.map((part) => show(part, depth - 1)).join(', ')}]` : '';
    return text && text.length <= 60 ? text : `Array(${value.length})`;
  }
  if (typeof value === 'object' && value !== null) {
    const { type } = value as { type?: unknown };
    const keys = Object.keys(value).slice(0, 5).map(shorten);
    if (typeof type === 'string') return `{ type: ${show(type)}${keys.length > 1 ? ', …' : ''} }`;
    return keys.length > 0 ? `{ ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''} }` : '{}';
  }
  if (typeof value === 'bigint') return `${value}n`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A name that somebody has given, such as a key, at a length that a message can hold. */
export function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

interface TypedArrays {
  Int8Array: Int8Array;
  Uint8Array: Uint8Array;
  Uint8ClampedArray: Uint8ClampedArray;
  Int16Array: Int16Array;
  Uint16Array: Uint16Array;
  Int32Array: Int32Array;
  Uint32Array: Uint32Array;
  BigInt64Array: BigInt64Array;
  BigUint64Array: BigUint64Array;
  Float32Array: Float32Array;
  Float64Array: Float64Array;
}

/**
 * Whether `value` is a typed array of one of `types`, or of any type without them. By its tag, because `instanceof` is
 * false for arrays from another realm, such as an iframe, `node:vm` or a test runner.
 */
export function isTypedArray<N extends keyof TypedArrays>(value: unknown, ...types: N[]): value is TypedArrays[N] {
  // A DataView is a view without elements.
  if (!ArrayBuffer.isView(value) || !('length' in value)) return false;
  return types.length === 0 || types.includes((value as Float64Array)[Symbol.toStringTag] as N);
}

/** The bytes of a buffer or a view, of whichever realm. */
export function toBytes(where: string, name: string, bytes: unknown, remedy: string): Uint8Array {
  // A new view, because the `slice` of Node's Buffer copies nothing.
  if (isTypedArray(bytes, 'Uint8Array')) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (Object.prototype.toString.call(bytes) === '[object ArrayBuffer]') return new Uint8Array(bytes as ArrayBuffer);
  return fail(where, name, 'an ArrayBuffer or a Uint8Array', bytes, remedy);
}

/** Throws the {@link ParameterError} for a broken rule. `remedy` is a sentence of its own. */
export function fail(where: string, name: string, rule: string, value: unknown, remedy = '', code?: ErrorCode): never {
  throw new ParameterError(
    `The '${name}' parameter of ${where} must be ${rule}. Got ${show(value)} instead.${remedy && ` ${remedy}`}`,
    { code },
  );
}

/** Checks that `signal`, where there is one, is an AbortSignal, of whichever realm. */
export function checkSignal(where: string, signal: unknown): void {
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.addEventListener !== 'function') {
    fail(where, 'signal', 'an AbortSignal', signal, 'Use new AbortController().signal.');
  }
}

/**
 * Checks that `value` is an object with `parts`: of a definition or a document, what a function reads first.
 *
 * @throws ParameterError that names the part.
 */
export function checkParts(
  where: string,
  name: string,
  value: unknown,
  parts: Readonly<Record<string, 'object' | 'string' | 'list'>> = {},
  remedy = '',
): void {
  if (typeof value !== 'object' || value === null) fail(where, name, 'an object', value, remedy);
  for (const [part, form] of Object.entries(parts)) {
    const own = (value as Record<string, unknown>)[part];
    const is = Array.isArray(own) ? 'list' : own === null ? 'null' : typeof own;
    if (is !== form) fail(where, `${name}.${part}`, form === 'object' ? 'an object' : `a ${form}`, own, remedy);
  }
}

/** Whether `value` is an object with keys, unlike an array or a Map. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(Symbol.iterator in value);

/** Checks that `value`, which a definition has given, has `methods`. */
export function checkMethods(where: string, value: unknown, ...methods: readonly string[]): void {
  for (const method of methods) {
    const own = (value as Record<string, unknown> | undefined)?.[method];
    if (typeof own !== 'function') fail(where, method, 'a function', own);
  }
}

/** Checks that `options` is an options object, before anything is taken out of it. */
export function checkOptionsObject(where: string, options: unknown): void {
  if (!isRecord(options)) {
    throw new ParameterError(`The options of ${where} must be an object. Got ${show(options)} instead.`);
  }
}

/** Checks that `options` is an options object that has no keys but `known`. */
export function checkKeys(where: string, options: unknown, known: readonly string[]): void {
  checkOptionsObject(where, options);
  for (const key of Object.keys(options as object)) {
    if (!known.includes(key)) {
      throw new ParameterError(
        `Unknown option '${shorten(key)}' of ${where}. ${didYouMean(key, known) || `Known options: ${known.join(', ') || 'none'}.`}`,
        { code: 'ERR_UNKNOWN_OPTION' },
      );
    }
  }
}

/** "Did you mean 'x'?" for the nearest of `candidates` by edit distance, or '' when none is near. */
export function didYouMean(received: unknown, candidates: readonly string[]): string {
  // No name is as long, and the distance takes its time.
  if (typeof received !== 'string' || received.length > 200) return '';
  let nearest = '';
  let least = Math.max(2, Math.floor(received.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(received.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest && `Did you mean '${nearest}'?`;
}

/** Levenshtein distance by the two-row dynamic programme. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Throws {@link DisposedError} when `disposed`. */
export function checkAlive(disposed: boolean, what: string, remedy: string): void {
  if (disposed) throw new DisposedError(`This ${what} has been disposed and its memory given back. ${remedy}`);
}
