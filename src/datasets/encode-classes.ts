// Maps the texts of a target column to class indices, numbers exactly: a label may be an id of more digits than a double has.

/** Sign, whole digits, fraction and exponent of a decimal number. No character can belong to two parts: it is linear. */
const decimal = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;

/**
 * The number that `text` writes, or undefined when it is not a finite decimal number.
 *
 * @hidden
 */
export function numberOf(text: string): number | undefined {
  const value = decimalAt(text, 0, text.length);
  return Number.isNaN(value) ? undefined : value;
}

/** Powers of ten that doubles hold exactly. */
const powers = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** {@link numberOf} a part of a text; NaN where it is none. Most numbers need no string of their own. */
export function decimalAt(text: string, start: number, end: number): number {
  let at = start;
  const sign = at < end ? text.charCodeAt(at) : 0;
  if (sign === MINUS || sign === PLUS) at++;
  let digits = 0;
  let count = 0;
  let point = -1;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits = 10 * digits + digit;
      count++;
    } else if (digit === POINT - ZERO && point < 0) point = count;
    else break;
  }
  // Both numbers are exact, so their quotient is rounded once, as Number() rounds.
  if (at === end && count > 0 && count <= 15) {
    const value = point < 0 ? digits : digits / powers[count - point];
    return sign === MINUS ? -value : value;
  }
  const field = text.slice(start, end);
  const value = Number(field);
  return decimal.test(field) && Number.isFinite(value) ? value : Number.NaN;
}

const [PLUS, MINUS, POINT, ZERO] = [43, 45, 46, 48];

/** The whole number that `text` writes, exactly (`1.5e1` writes 15); undefined for others and beyond the largest double. */
export function wholeNumberOf(text: string): bigint | undefined {
  const match = Number.isFinite(Number(text)) && decimal.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  let shift = Number(exponent) - fraction.length;
  let end = digits.length;
  for (; shift < 0 && digits[end - 1] === '0'; end--) shift++;
  // Zeros alone are 0 whatever the exponent, which is bounded by the largest double otherwise.
  if (!/[1-9]/.test(digits)) return 0n;
  return shift < 0 ? undefined : BigInt(`${sign === '-' ? '-' : ''}${digits.slice(0, end)}${'0'.repeat(shift)}`);
}

/** Class names in the order of their indices, and the way from a field to its class. */
export interface ClassEncoding {
  classNames: string[];
  /** The class of a field; undefined where there is none. */
  indexOf: (field: string) => number | undefined;
}

/**
 * Finds the classes of a target column, or takes the given ones. When all are numbers they are compared and sorted as
 * numbers, so that 1 and 1.0 are one class and 10 follows 9; otherwise as texts, by code unit. Numbers that are found,
 * not given, have to be whole.
 */
export function encodeClasses(fields: readonly string[], given?: readonly string[]): ClassEncoding {
  const different = [...new Set(given ?? fields)];
  const numeric = different.every((field) => numberOf(field) !== undefined);
  const nameOf = numeric ? numberName : (field: string) => field;
  const classNames = given?.map(nameOf) ?? (numeric ? sortedNumbers(different) : different.sort());
  const indices = new Map(classNames.map((name, index) => [name, index]));
  return { classNames, indexOf: (field) => indices.get(field) ?? indices.get(nameOf(field)) };
}

/** The same text for equal numbers. */
function numberName(field: string): string {
  return String(wholeNumberOf(field) ?? numberOf(field) ?? field);
}

function sortedNumbers(fields: readonly string[]): string[] {
  const numbers = [...new Set(fields.map((field) => wholeNumberOf(field) as bigint))];
  return numbers.sort((a, b) => (a < b ? -1 : Number(a > b))).map(String);
}
