// A short run of every format, and all that has ever failed. `npm run fuzz` is the long one.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Format } from './format.ts';
import { formats } from './formats/index.ts';
import { corpus, fuzz, noFindings, read } from './fuzz.ts';

const folder = fileURLToPath(new URL('corpus', import.meta.url));

/** Time is left to the long run: here other tests may take it. */
const untimed = (format: Format): Format => ({ ...format, limit: 20_000 });

beforeAll(() => void vi.spyOn(process, 'availableMemory').mockReturnValue(2 ** 26));
afterAll(() => void vi.restoreAllMocks());

describe.each(formats)('$name', (format) => {
  test('what has failed once is read, or refused with an error of the package', async () => {
    for (const { name, input } of corpus(folder, format.name)) {
      expect(await read(untimed(format), input, noFindings(format.name)), name).toBe('');
    }
  });

  test('inputs that are nearly right are read, or refused with an error of the package', async () => {
    const findings = await fuzz(untimed(format), format.few ?? 1000, 1);
    expect(findings.problems).toEqual([]);
    // Mutation must leave some inputs readable, and spoil some.
    expect(findings.refused).toBeLessThan(findings.inputs);
  });
});
