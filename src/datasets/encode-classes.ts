// Maps the texts of a target column to class indices.

/** The text of a finite decimal number. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that `text` writes, or undefined when it is not a finite decimal number. */
export function numberOf(text: string): number | undefined {
  const value = Number(text);
  return decimal.test(text) && Number.isFinite(value) ? value : undefined;
}

/** Class names in order, and the way from a field to the name of its class. */
export interface ClassEncoding {
  classNames: string[];
  nameOf: (field: string) => string;
  /** Whether all names are numbers. */
  numeric: boolean;
}

/**
 * Finds the classes of a target column, or takes the given ones. When all are numbers they are compared and sorted as
 * numbers, so that 1 and 1.0 are one class and 10 follows 9; otherwise as texts, by code unit.
 */
export function encodeClasses(fields: readonly string[], given?: readonly string[]): ClassEncoding {
  const numeric = (given ?? fields).every((field) => numberOf(field) !== undefined);
  const nameOf = numeric ? (field: string) => String(numberOf(field)) : (field: string) => field;
  const order = numeric ? (a: string, b: string) => Number(a) - Number(b) : undefined;
  const classNames = given ? given.map(nameOf) : [...new Set(fields.map(nameOf))].sort(order);
  return { classNames, nameOf, numeric };
}
