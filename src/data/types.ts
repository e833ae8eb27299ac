// The shapes of data that the other rooms exchange: plain typed arrays, no backend.

/** A row-major matrix: element (i, j) is `data[i * cols + j]`. */
export type Matrix = { data: Float64Array | Float32Array; shape: [rows: number, cols: number] };

/** Samples (one a row of `x`) with their class indices 0..classes-1. */
export type Dataset = { x: Matrix; y: Int32Array };
