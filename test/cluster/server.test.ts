// Servers: what is refused at the start, users and TLS, and losing the connection.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseAddress } from '../../src/cluster/address.ts';
import { connect } from '../../src/cluster/connection.ts';
import { queueRunner, queueStatus, startWorker } from '../../src/cluster/index.ts';
import { runExperiment } from '../../src/runner/index.ts';
import { freePort, hasRedis, spec, startRedis, temporaryFolder, work } from './helpers.ts';

async function server(...args: string[]) {
  const redis = await startRedis({ args });
  onTestFinished(() => redis.stop());
  return redis;
}

describe.skipIf(!hasRedis)('a server', { timeout: 60_000 }, () => {
  test('that would drop data is refused, with the setting to change', async () => {
    const redis = await server('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
    const refusal = /maxmemory-policy allkeys-lru.*redis-cli CONFIG SET maxmemory-policy noeviction/;
    await expect(work({ url: redis.url() })).rejects.toThrow(refusal);
    await expect(runExperiment(spec, { run: queueRunner({ url: redis.url() }) })).rejects.toThrow(refusal);
  });

  test('that keeps no log is said', async () => {
    const redis = await server('--appendonly', 'no');
    const { notices } = await work({ url: redis.url() });
    expect(notices()).toEqual([expect.stringMatching(/appendonly no.*redis-cli CONFIG SET appendonly yes/)]);
  });

  test('keeps no process alive by a connection that BullMQ makes again after the end', async () => {
    const redis = await server();
    const connection = await connect(parseAddress(redis.url()), () => {});
    const blocking = connection.redis.duplicate().on('error', () => {});
    await blocking.connect();
    connection.close();
    await expect.poll(() => blocking.status).toBe('end');
    // As its watch over blocking commands does, whatever happens meanwhile.
    await blocking.connect().catch(() => {});
    await expect.poll(() => blocking.status).toBe('end');
    await redis.kill();
    await blocking.connect().catch(() => {});
    await expect.poll(() => blocking.status).toBe('end');
  });

  test('takes users with few rights, and no text has their password', async () => {
    const rules =
      'on >s3cret-p%ss ~{regulus}* &{regulus}* -@all +@read +@write +@connection +@pubsub +@scripting +@transaction +info +time';
    const redis = await server('--user', 'lab', ...rules.split(' '), '--user', 'default', 'off');
    const at = (userinfo: string) => redis.url().replace('//', `//${userinfo}@`);
    const url = at('lab:s3cret-p%25ss');
    const { notices, events } = await work({ url });
    const { results } = await runExperiment(spec, { run: queueRunner({ url }) });
    expect(results.trials.length).toBe(10);
    const texts = [inspect(events, { depth: 9 }), inspect(await queueStatus({ url }), { depth: 9 }), notices().join()];
    for (const wrong of ['lab:s3cret-wrong', ':s3cret-p%25ss', 'mallory:s3cret']) {
      const error = await queueStatus({ url: at(wrong) }).catch((error: Error) => error);
      expect(error).toMatchObject({ name: 'EnvironmentError', code: 'ERR_QUEUE' });
      texts.push(inspect(error, { depth: 9, showHidden: true }));
    }
    expect(texts.join()).not.toMatch(/s3cret/);
  });

  test('may speak TLS', async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject]);
    const port = await freePort();
    const tls = ['--tls-port', `${port}`, '--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no'];
    await server(...tls);
    const script = `import { queueStatus } from ${JSON.stringify(join(process.cwd(), 'dist/cluster.js'))};
      const signal = AbortSignal.timeout(5000);
      console.log((await queueStatus({ url: 'rediss://localhost:${port}/lab', signal, onNotice: console.log })).waiting);`;
    const run = (env: object) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
    expect(run({ NODE_EXTRA_CA_CERTS: cert })).toMatchObject({ stdout: '0\n', status: 0 });
    expect(run({}).stdout).toMatch(/^Cannot reach rediss:\/\/localhost:\d+\/lab \((SELF_SIGNED_CERT|DEPTH_ZERO)/);
  });

  test('that is not there is waited for, and so is one that goes away', async () => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}/lab`;
    const warnings: string[] = [];
    const running = runExperiment(
      { ...spec, seeds: { count: 100 } },
      {
        run: queueRunner({ url }),
        onEvent: (event) => void (event.type === 'warning' && warnings.push(event.message)),
      },
    );
    await expect
      .poll(() => warnings, { timeout: 5000 })
      .toEqual([expect.stringMatching(/^Cannot reach .* \(ECONNREFUSED\)\. Waiting/)]);
    const redis = await startRedis({ port });
    onTestFinished(() => redis.stop());
    const { notices, events } = await work({ url });
    await expect.poll(() => events.length, { timeout: 20_000 }).toBeGreaterThan(20);
    await redis.kill();
    await expect
      .poll(notices, { timeout: 5000 })
      .toContainEqual(expect.stringMatching(/^Lost the connection to .*\. Waiting until it is there/));
    await redis.start();
    expect((await running).results.trials.length).toBe(200);
    expect(notices()).toContain(`Connected to ${url}.`);
    expect(warnings).toContain(`Connected to ${url}.`);
  });

  test('that says nothing can be left', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const url = `redis://127.0.0.1:${port}/lab`;
    await expect(work({ url, signal: AbortSignal.timeout(200) })).rejects.toThrow('Stopped.');
  });
});

test('packages that are missing are named', async () => {
  vi.doMock('bullmq', () => {
    throw new Error('not there');
  });
  onTestFinished(() => vi.doUnmock('bullmq'));
  await expect(work({ url: 'redis://localhost' })).rejects.toThrow(/Run: npm install bullmq ioredis/);
});

test.each([
  [{ url: 'redis://localhost', worker: 2 }, /Did you mean 'workers'/],
  [
    { url: 'redis://localhost', workers: 0 },
    /'workers' parameter of startWorker must be an integer in the range \[1, inf\)/,
  ],
  [{ url: 'redis://localhost', untilIdle: 'yes' }, /'untilIdle' parameter/],
  [{ url: 'redis://localhost', grace: -1 }, /'grace' parameter/],
  [{ url: 'redis://localhost', onEvent: 1 }, /'onEvent' parameter/],
  [{ url: 'redis://localhost', signal: {} }, /'signal' parameter/],
  [{ url: 'redis://localhost', data: 'ftp://host' }, /'data' of a queue must be a folder/],
  [{}, /'url' of a queue must be an address/],
])('startWorker(%j) is refused', async (options, message) => {
  await expect(startWorker({ cache: temporaryFolder(), ...options } as never)).rejects.toThrow(message);
});
