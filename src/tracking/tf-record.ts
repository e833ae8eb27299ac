// TFRecord, the framing of TensorBoard's files: each record with its length and two checksums.
import { maskedCrc32c } from './crc32c.ts';

/** Bytes around the data: length (8), checksum of the length (4), checksum of the data (4). */
const overhead = 16;

/** One TFRecord file that holds `records` in order. */
export function tfRecordFile(records: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(records.reduce((size, record) => size + overhead + record.length, 0));
  const view = new DataView(file.buffer);
  let at = 0;
  for (const record of records) {
    view.setBigUint64(at, BigInt(record.length), true);
    view.setUint32(at + 8, maskedCrc32c(file.subarray(at, at + 8)), true);
    file.set(record, at + 12);
    view.setUint32(at + 12 + record.length, maskedCrc32c(record), true);
    at += overhead + record.length;
  }
  return file;
}
