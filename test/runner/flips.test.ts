// A short version of `npm run test:flips`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('notices twelve flipped bits in kept files, and makes them again', { timeout: 60_000 }, () => {
  const script = fileURLToPath(new URL('flips.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--flips', '12'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^12 flips .* all reruns identical/);
});
