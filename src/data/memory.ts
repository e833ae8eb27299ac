// Whether there is memory for the numbers that somebody asks for, before time is spent on them.
import { EnvironmentError } from '../errors/index.ts';

/** As many bytes are always there. */
const FEW = 2 ** 24;
/** What one page of a browser may have, which cannot be asked there. */
const PAGE = 2 ** 32;

/**
 * Checks that there is memory for so many numbers.
 *
 * @throws EnvironmentError that says how much was asked for
 */
export function checkMemory(where: string, count: number, bytesPerNumber = 8): void {
  const bytes = count * bytesPerNumber;
  // Without this question, systems promise more and end the process that uses it.
  if (bytes > FEW && bytes > (globalThis.process?.availableMemory?.() ?? PAGE)) throw memoryError(where, count, bytes);
}

export function memoryError(where: string, count: number, bytes: number): EnvironmentError {
  const size = `${count} numbers (${Number((bytes / 2 ** 30).toPrecision(3))} GiB)`;
  return new EnvironmentError(`${where} found no memory for ${size}. Ask for fewer samples or features.`, {
    code: 'ERR_MEMORY',
  });
}
