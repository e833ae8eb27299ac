// TFRecord, the framing of TensorBoard's files: each record with its length and two checksums.
import crc32c from 'crc-32/crc32c.js';

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

/** CRC-32C, rotated by 15 bits plus a constant: TFRecord stores checksums so, since a CRC over data that hold CRCs is weak. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
