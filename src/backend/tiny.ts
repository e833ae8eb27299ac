// The limit of rule 12 of docs/numerics.md, one for all backends.

/** What is closer to 0 becomes 0 in training, as in assembly/kernels/flush.ts. */
export const TINY = 2 ** -50;
