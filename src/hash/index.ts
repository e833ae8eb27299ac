// The SHA-256 of bytes and texts, which names and checks what files hold.
import { sha256 as digest } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

/** The SHA-256 of `parts`, one after the other, in hexadecimal; texts are taken as UTF-8. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = digest.create();
  for (const part of parts) hash.update(part);
  return bytesToHex(hash.digest());
}
