// The public names of `regulus/datasets`: readers of data files, and real datasets that come with Regulus.
export {
  type BuiltInDataset,
  type BuiltInRegressionDataset,
  loadBreastCancer,
  loadDiabetes,
  loadDigits,
  loadIris,
  loadWine,
} from './built-in.ts';
export { CsvReader, type CsvRows, delimiterRule } from './csv-rows.ts';
export { numberOf } from './encode-classes.ts';
export { type NpyArray, type ParseNpzOptions, parseNpy, parseNpz } from './npy.ts';
export {
  type CsvDatasets,
  csvOptions,
  type LabeledDataset,
  type ParseCsvOptions,
  parseCsv,
  type RegressionDataset,
} from './parse-csv.ts';
export { type ArrayDatasets, type ToDatasetOptions, toDataset } from './to-dataset.ts';
export { decodePieces, decodeUtf8 } from './utf8.ts';
