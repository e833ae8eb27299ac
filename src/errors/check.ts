// Argument checks in one form: "The 'x' parameter of f must be …. Got … instead."
import { DisposedError, ParameterError } from './errors.ts';

/** Shows a received value in an error message: short, typed, and never longer than a line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Float32Array).length})`;
  if (Array.isArray(value)) {
    const text = value.length <= 6 ? `[${value.map(show).join(', ')}]` : '';
    return text && text.length <= 60 ? text : `Array(${value.length})`;
  }
  if (typeof value === 'object' && value !== null) {
    const { type } = value as { type?: unknown };
    const keys = Object.keys(value);
    if (typeof type === 'string') return `{ type: ${show(type)}${keys.length > 1 ? ', …' : ''} }`;
    return `{ ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''} }`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Throws the {@link ParameterError} for a broken rule. `remedy` is a sentence of its own. */
export function fail(where: string, name: string, rule: string, value: unknown, remedy = ''): never {
  throw new ParameterError(
    `The '${name}' parameter of ${where} must be ${rule}. Got ${show(value)} instead.${remedy && ` ${remedy}`}`,
  );
}

/** Checks that `value` is an integer in the closed range [`min`, `max`] and returns it. */
export function checkInteger(
  where: string,
  name: string,
  value: unknown,
  min = 0,
  max = Number.POSITIVE_INFINITY,
  remedy = '',
): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    fail(
      where,
      name,
      `an integer in the range [${min}, ${max === Number.POSITIVE_INFINITY ? 'inf)' : `${max}]`}`,
      value,
      remedy,
    );
  }
  return value;
}

/** A real interval in mathematical notation, such as `[0, 1)`; `inf` stands for no bound. */
export type Interval = `${'[' | '('}${string}, ${string}${']' | ')'}`;

/** Checks that `value` is a finite number inside `interval` and returns it. */
export function checkNumber(where: string, name: string, value: unknown, interval: Interval, remedy = ''): number {
  const [low, high] = interval.slice(1, -1).split(', ').map(bound);
  const inside =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (interval.startsWith('[') ? value >= low : value > low) &&
    (interval.endsWith(']') ? value <= high : value < high);
  if (!inside) fail(where, name, `a number in the range ${interval}`, value, remedy);
  return value as number;
}

function bound(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** Checks that `value` is a boolean and returns it. */
export function checkBoolean(where: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') fail(where, name, 'true or false', value);
  return value;
}

/** Checks that `value` is one of `choices` and returns it, suggesting the nearest choice otherwise. */
export function checkOneOf<T extends string>(where: string, name: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) {
    fail(where, name, `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`, value, didYouMean(value, choices));
  }
  return value as T;
}

/** Checks that `options` is a plain options object that has no keys but `known`. */
export function checkKeys(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ParameterError(`The options of ${where} must be an object. Got ${show(options)} instead.`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new ParameterError(
        `Unknown option '${key}' of ${where}. ${didYouMean(key, known) || `Known options: ${known.join(', ') || 'none'}.`}`,
      );
    }
  }
}

/** "Did you mean 'x'?" for the nearest of `candidates` by edit distance, or '' when none is near. */
export function didYouMean(received: unknown, candidates: readonly string[]): string {
  if (typeof received !== 'string') return '';
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
