// Tracking: results in the file formats of other tools. Data in, text or bytes out.
export { historyCsv } from './history-csv.ts';
export { type EventFile, eventFile } from './tensor-board.ts';
