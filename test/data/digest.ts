// What the goldens keep of a list of integers: length, first elements, and a sum in which positions count.

export function digest(values: ArrayLike<number>): { length: number; first: number[]; sum: number } {
  const list = Array.from(values);
  return {
    length: list.length,
    first: list.slice(0, 100),
    sum: list.reduce((total, value, i) => total + value * (i + 1), 0),
  };
}
