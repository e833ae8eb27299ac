// The public names of `regulus/datasets`: readers of data files, and real datasets that come with Regulus.
export type { BuiltInDataset } from './built-in.ts';
export type { LabeledDataset } from './labeled-dataset.ts';
export { loadBreastCancer } from './load-breast-cancer.ts';
export { loadDigits } from './load-digits.ts';
export { loadWine } from './load-wine.ts';
export { type ParseCsvOptions, parseCsv } from './parse-csv.ts';
export { type NpyArray, parseNpy } from './parse-npy.ts';
export { parseNpz } from './parse-npz.ts';
export { toDataset } from './to-dataset.ts';
