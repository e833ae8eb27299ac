// CSV files that people bring: read as text, and looked at for the names of their columns.
import type { CsvFile } from './state.ts';

/** Larger files would make every change of a slider slow. */
const MOST_BYTES = 5_000_000;

/** @throws Error in words for people. */
export async function readCsvFile(file: File): Promise<CsvFile> {
  if (file.size > MOST_BYTES) {
    throw new Error(
      `${file.name} has ${(file.size / 1e6).toFixed(1)} MB; the page takes up to ${MOST_BYTES / 1e6} MB.`,
    );
  }
  try {
    return { name: file.name, text: new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()) };
  } catch {
    throw new Error(`${file.name} is not UTF-8 text. Save it as CSV in UTF-8.`);
  }
}

/** What stands in the first row, as far as needed for a menu; the parser of Regulus is strict later. */
export function firstRow(text: string): string[] {
  const [line = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  // The pattern also matches the empty text at the end.
  const count = line.endsWith(',') ? fields.length : fields.length - 1;
  return fields
    .slice(0, Math.max(1, count))
    .map((field) => field.replace(/,$/, '').trim().replace(/^"|"$/g, '').replaceAll('""', '"'));
}
