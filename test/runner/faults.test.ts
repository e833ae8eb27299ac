// A short version of `npm run test:faults`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('survives every 29th call to the file system that fails, in two ways', { timeout: 120_000 }, () => {
  const script = fileURLToPath(new URL('faults.mjs', import.meta.url));
  const argv = [script, '--step', '29', '--modes', 'EIO,short'];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+ faults .* nothing lost, all reruns identical\.$/m);
});
