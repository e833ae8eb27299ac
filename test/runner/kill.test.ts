// A short version of `npm run test:kill`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it.skipIf(process.platform === 'win32')('survives five kills at random moments', { timeout: 60_000 }, () => {
  const script = fileURLToPath(new URL('kill.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--kills', '5'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^5 kills .* all complete and identical/);
});
