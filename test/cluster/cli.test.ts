// The commands of queues.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { thisBuild } from '../../src/cluster/build.ts';
import { executable, runHere, temporaryFolder } from '../cli/terminal.ts';
import { hasRedis, startRedis, useRedis } from './helpers.ts';

const quick = ['run', 'moons', '--seeds', '1', '--epochs', '2'];

test.each([
  [['work'], /There is no address of a queue\. Give --queue redis:\/\/HOST:PORT\/NAME, or set REGULUS_QUEUE/],
  [['queue', 'status'], /There is no address of a queue/],
  [
    [...quick, '--queue', 'redis://localhost', '--workers', '2'],
    /With --queue, the machines that train decide on --workers/,
  ],
  [['work', '--queue', 'redis://localhost', '--memory', '4'], /It must be a number of MB or GB, such as 4GB/],
])('%j is refused', async (argv, message) => {
  const { code, stderr } = await runHere(argv, { env: {} });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
});

describe.skipIf(!hasRedis)('with a server', { timeout: 240_000 }, () => {
  const { url } = useRedis();

  test('a run over a queue has the files of one without, and names machines on the terminal only', async () => {
    const env = { REGULUS_QUEUE: url('cli') };
    const [here, there, cache] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const running = runHere([...quick, '--out', there, '--queue'], { env });
    const work = [...'work --queue --workers 1 --name alice --until-idle --grace 3'.split(' '), '--cache', cache];
    const worked = await runHere(work, { env });
    const { code, stderr } = await running;
    await runHere([...quick, '--out', here, '--workers', '1']);
    expect({ code, worked: worked.code }).toEqual({ code: 0, worked: 0 });
    for (const file of ['results.json', 'figures.json', 'model.safetensors', 'report.html']) {
      expect(readFileSync(join(there, file))).toEqual(readFileSync(join(here, file)));
    }
    expect(stderr.split('\n').filter((line) => /^\[\d\/5\] .* s on alice$/.test(line)).length).toBe(5);
    expect(worked.stderr).toContain('what has not finished after 3 s goes');
    expect(worked.stderr).toMatch(/Stopped after 5 trials\.\n$/);
  });

  test('a worker ends also where the server is gone', async () => {
    const server = await startRedis();
    const argv = ['work', '--queue', server.url('gone'), '--workers', '1', '--cache', temporaryFolder()];
    const child = spawn(process.execPath, [executable, ...argv]);
    const ended = once(child, 'exit');
    try {
      const said = async (part: string) => {
        for await (const text of child.stderr.iterator({ destroyOnReturn: false }))
          if (String(text).includes(part)) return;
      };
      await said('Working.');
      await server.kill();
      await said('Lost the connection');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      await server.stop();
    }
  });

  test('a worker and a planner that are refused end', async () => {
    const server = await startRedis({
      args: ['--user', 'lab', 'on', '>password', '~{regulus}*', 'resetchannels', '+@all'],
    });
    const planner = { build: 'other', builtOf: thisBuild().build, host: 'h', experiment: 'e', left: 1 };
    const redis = new Redis(server.url(''));
    await redis.sadd('{regulus}/busy/planner', 'p');
    await redis.set('{regulus}/busy/planner/p', JSON.stringify(planner));
    redis.disconnect();
    const asLab = server.url('free').replace('//', '//lab:password@');
    for (const [argv, message] of [
      [['work', '--queue', server.url('busy'), '--cache', temporaryFolder()], /Install the same version of regulus/],
      [[...quick, '--out', temporaryFolder(), '--queue', asLab], /NOPERM/],
    ] as const) {
      const child = spawn(process.execPath, [executable, ...argv], { timeout: 60_000 });
      const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      expect({ stderr, code }).toEqual({ stderr: expect.stringMatching(message), code: 1 });
    }
    await server.stop();
  });

  test('the status of a queue is a table, or JSON', async () => {
    const { stdout } = await runHere(['queue', 'status', '--queue', url('empty')]);
    expect(stdout).toMatch(
      /^Trials: 0 wait, 0 run, 0 failed; 0 were finished in the last minute\.\n\nMachine +workers/,
    );
    const { stdout: text } = await runHere(['queue', 'status', '--queue', url('empty'), '--json']);
    expect(JSON.parse(text)).toMatchObject({ machines: [], experiments: [], waiting: 0 });
  });
});
