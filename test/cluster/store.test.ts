// Data between machines: in Redis, in a folder, and in a bucket that speaks S3.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AwsV4Signer } from 'aws4fetch';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Cache } from '../../src/cluster/cache.ts';
import { Keys, REDIS_BYTES, SMALL_BYTES } from '../../src/cluster/keys.ts';
import { Store, sharedStore } from '../../src/cluster/store.ts';
import { hasRedis, temporaryFolder, useRedis } from './helpers.ts';

const keys = new Keys('store', 'build');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A bucket that takes only requests with a right signature. */
async function bucket(secret: string): Promise<string> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization = '', 'x-amz-date': datetime } = request.headers;
    const signer = new AwsV4Signer({
      ...{
        method: request.method as string,
        url: `http://${request.headers.host}${request.url}`,
        service: 's3',
        region: 'eu',
      },
      ...{ accessKeyId: 'lab', secretAccessKey: secret, datetime: datetime as string },
      headers: { 'x-amz-content-sha256': request.headers['x-amz-content-sha256'] as string },
    });
    const { headers } = await signer.sign();
    if (headers.get('authorization') !== authorization) response.writeHead(403);
    else if (request.method === 'PUT') objects.set(request.url as string, Buffer.concat(chunks));
    else if (!objects.has(request.url as string)) response.writeHead(404);
    response.end(request.method === 'GET' ? objects.get(request.url as string) : '');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/lab/queue`;
}

function credentials(secret: string) {
  for (const [name, value] of Object.entries({ ACCESS_KEY_ID: 'lab', SECRET_ACCESS_KEY: secret, REGION: 'eu' })) {
    vi.stubEnv(`AWS_${name}`, value);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
}

test('a folder keeps what it is given, and a bucket does', async () => {
  credentials('s3cret');
  for (const place of [temporaryFolder(), await bucket('s3cret')]) {
    const store = sharedStore(place)!;
    await store.put('data/ab', Buffer.from('bytes'));
    expect((await store.get('data/ab'))?.toString()).toBe('bytes');
    expect(await store.get('data/cd')).toBeUndefined();
  }
});

test('a bucket that refuses, and one that cannot be reached, are said without secrets', async () => {
  credentials('s3cret');
  const refused = sharedStore(await bucket('another'))!;
  await expect(refused.put('data/ab', Buffer.from(''))).rejects.toThrow(/refuses PUT of data\/ab: 403 Forbidden/);
  await expect(sharedStore('http://127.0.0.1:1/lab')!.get('data/ab')).rejects.toThrow(
    /^Cannot reach http:\/\/127\.0\.0\.1:1\/lab/,
  );
  expect(() => sharedStore('https://lab:s3cret@host/lab')).toThrow(
    /must be a folder, or the address of a bucket without user/,
  );
  expect(() => sharedStore('ftp://host/lab')).not.toThrow(/s3cret/);
});

describe.skipIf(!hasRedis)('with Redis', () => {
  const { url } = useRedis();
  const connect = () => {
    const redis = new Redis(url('').slice(0, -1));
    onTestFinished(() => redis.disconnect());
    return redis;
  };

  test('small data are in Redis, large ones in the shared store', async () => {
    const shared = temporaryFolder();
    const store = new Store(connect(), keys, sharedStore(shared));
    const large = Buffer.alloc(SMALL_BYTES + 1, 7);
    await store.put('data/small', Buffer.from('x'));
    await store.put('data/large', large);
    expect(readdirSync(join(shared, 'data'))).toEqual(['large']);
    expect((await store.get('data/small'))?.toString()).toBe('x');
    expect(await store.get('data/large')).toEqual(large);
    expect(await store.get('data/none')).toBeUndefined();
    expect([await store.renew('data/large'), await store.renew('data/none')]).toEqual([true, false]);
    await expect(new Store(connect(), keys, undefined).get('data/large')).rejects.toThrow(
      /Give it as 'data' or with --data/,
    );
    rmSync(join(shared, 'data', 'large'));
    await expect(store.get('data/large')).rejects.toThrow(/All machines of a queue need the same store/);
  });

  test('without a shared store there is a limit', async () => {
    const store = new Store(connect(), keys, undefined);
    await expect(store.put('data/x', Buffer.alloc(REDIS_BYTES + 1))).rejects.toThrow(/Give a folder or bucket/);
    await connect().set(keys.stored('data/x'), Buffer.alloc(REDIS_BYTES + 2));
    await expect(store.get('data/x')).rejects.toThrow(/more than the/);
  });

  test('a machine fetches data once, and again where they are damaged', async () => {
    const redis = connect();
    const store = new Store(redis, keys, undefined);
    const folder = temporaryFolder();
    const cache = new Cache(folder);
    const file = { path: 'table.csv', sha256: sha256(Buffer.from('a,b')) };
    await expect(cache.fetch(file, store)).rejects.toThrow(/does not have the data of table\.csv/);
    await store.put(`data/${file.sha256}`, Buffer.from('a;b'));
    await expect(cache.fetch(file, store)).rejects.toThrow(/damaged/);
    await store.put(`data/${file.sha256}`, Buffer.from('a,b'));
    await cache.fetch(file, store);
    expect(cache.read(file.sha256).toString()).toBe('a,b');
    await store.remove(`data/${file.sha256}`);
    await cache.fetch(file, store);
    writeFileSync(join(folder, 'data', file.sha256), 'a.b');
    expect(() => cache.read(file.sha256)).toThrow(/was damaged; it is fetched again/);
    await expect(cache.fetch(file, store)).rejects.toThrow(/does not have/);
  });

  test('a cache forgets what was not used for a week', () => {
    const folder = temporaryFolder();
    const cache = new Cache(folder);
    writeFileSync(cache.checkpointPath('old'), '');
    writeFileSync(cache.checkpointPath('new'), '');
    utimesSync(cache.checkpointPath('old'), 1, 1);
    new Cache(folder);
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['new.bin']);
    expect(readFileSync(cache.checkpointPath('new'), 'utf8')).toBe('');
  });
});
