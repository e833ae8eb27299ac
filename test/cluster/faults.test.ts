// A short version of `npm run test:cluster`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { hasRedis } from './helpers.ts';

it.skipIf(!hasRedis)('survives faults of all kinds with 2 machines and with 4', { timeout: 600_000 }, async () => {
  const script = fileURLToPath(new URL('faults.mjs', import.meta.url));
  const child = spawn(process.execPath, [
    script,
    '--faults',
    '12',
    '--rounds',
    '2',
    '--seeds',
    '5',
    '--longest-pause',
    '5',
  ]);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (text) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, 'close');
  expect({ code, stderr: said.stderr }).toEqual({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/faults; nothing lost, nothing double, all bytes equal\.$/m);
});
