// Experiments over a queue: the results of this process, whatever else is in the queue and whoever leaves it.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { thisBuild } from '../../src/cluster/build.ts';
import { queueRunner, queueStatus } from '../../src/cluster/index.ts';
import { jobId, Keys, PREFIX, REDIS_BYTES } from '../../src/cluster/keys.ts';
import { ofResult, seal } from '../../src/cluster/outcome.ts';
import { type ExperimentSpec, expand, type RunEvent, runTrial } from '../../src/experiment/index.ts';
import { type RunnerOptions, runExperiment } from '../../src/runner/index.ts';
import { hasRedis, spec, temporaryFolder, useRedis, work } from './helpers.ts';

const json = ({ results, model }: Awaited<ReturnType<typeof runExperiment>>) =>
  JSON.stringify({ results, model: createHash('sha256').update(model!).digest('hex') });

const expected = json(await runExperiment(spec, { workers: 1 }));

/** This machine may be busy. */
const poll = <T>(value: () => T) => expect.poll(value, { timeout: 40_000 });

/** Runs over the queue at `url`, and gives what was said. */
async function run(url: string, given: object = spec, { data, ...options }: RunnerOptions & { data?: string } = {}) {
  const events: RunEvent[] = [];
  const outcome = await runExperiment(given, {
    run: queueRunner({ url, ...(data && { data }) }),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { outcome, events, warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])) };
}

/** Direct access to a queue, as a stranger may have it. */
function stranger(url: string) {
  const redis = new Redis(url.replace(/\/\w+$/, ''), { maxRetriesPerRequest: null });
  const keys = new Keys(new URL(url).pathname.slice(1), thisBuild().id);
  const queue = new Queue(keys.queue, { connection: redis, prefix: PREFIX });
  return { redis, keys, queue, [Symbol.dispose]: () => redis.disconnect() };
}

const short = { ...spec.training, epochs: 1 };
const [first] = expand(spec as ExperimentSpec);

describe.skipIf(!hasRedis)('a queue', { timeout: 120_000 }, () => {
  const { url } = useRedis();

  test.each([1, 2])(
    'gives the bytes of this process with %i threads, and says which machine trains',
    async (workers) => {
      const queue = url(`threads-${workers}`);
      await work({ url: queue, workers, name: 'alice' });
      const { outcome, events, warnings } = await run(queue);
      expect(json(outcome)).toBe(expected);
      expect(warnings).toEqual([]);
      const machines = events.flatMap((event) => (event.type === 'trialStart' ? [event.machine] : []));
      expect(machines).toEqual(Array.from({ length: 10 }, () => 'alice'));
      expect(JSON.stringify(outcome)).not.toContain('alice');
    },
  );

  test('gives the bytes of this process for trials with members', async () => {
    const queue = url('members');
    const members = { ...spec, training: { ...short, members: 2 } };
    await work({ url: queue });
    const { outcome, warnings } = await run(queue, members);
    expect(json(outcome)).toBe(json(await runExperiment(members, { workers: 1 })));
    expect(warnings).toEqual([]);
  });

  test('says that no machine is there, waits for one, and leaves nothing behind but results for some minutes', async () => {
    const queue = url('late');
    const running = run(queue);
    await poll(async () => (await queueStatus({ url: queue })).waiting).toBe(10);
    const { experiments } = await queueStatus({ url: queue });
    expect(experiments).toMatchObject([{ experiment: 'queue', left: 10 }]);
    await work({ url: queue, untilIdle: true }).then(({ finished }) => finished);
    const { outcome, warnings } = await running;
    expect(json(outcome)).toBe(expected);
    expect(warnings[0]).toMatch(/^No machine works on redis:.*start one: regulus work --queue redis:/);
    expect(await queueStatus({ url: queue })).toMatchObject({
      machines: [],
      experiments: [],
      waiting: 0,
      running: 0,
      failed: 0,
    });
    using there = stranger(queue);
    expect(await there.redis.ttl(there.keys.result(jobId(first)))).toBeLessThanOrEqual(600);
  });

  test('loses the trials of an experiment that is stopped, unless another one waits for them', async () => {
    const queue = url('stopped');
    const controller = new AbortController();
    const stopped = run(queue, spec, { signal: controller.signal });
    await poll(async () => (await queueStatus({ url: queue })).waiting).toBe(10);
    controller.abort();
    await expect(stopped).rejects.toThrow('The experiment was stopped.');
    expect(await queueStatus({ url: queue })).toMatchObject({ experiments: [], waiting: 0 });
  });

  test('trains equal trials of two experiments once', async () => {
    const queue = url('join');
    const renamed = { ...spec, variants: [{ label: 'Plain' }, spec.variants[1]] };
    const both = Promise.all([run(queue), run(queue, renamed)]);
    await poll(async () => (await queueStatus({ url: queue })).experiments.length).toBe(2);
    const { events } = await work({ url: queue });
    const [one, other] = await both;
    expect(json(one.outcome)).toBe(expected);
    expect(JSON.stringify(other.outcome.results.summary[0])).toContain('"Plain"');
    expect(events.filter(({ type }) => type === 'trialEnd').length).toBe(10);
  });

  test('takes turns between experiments', async () => {
    const queue = url('turns');
    const many = (seed: number) => ({ ...spec, seeds: { start: seed, count: 100 } });
    const ends: number[] = [];
    const one = run(queue, many(1000), { onEvent: ({ type }) => type === 'trialEnd' && ends.push(1) });
    const other = run(queue, many(2000), { onEvent: ({ type }) => type === 'trialEnd' && ends.push(2) });
    await work({ url: queue, workers: 2 });
    await Promise.all([one, other]);
    const firstHalf = ends.slice(0, 200);
    expect(firstHalf.filter((which) => which === 1).length).toBeGreaterThan(50);
    expect(firstHalf.filter((which) => which === 2).length).toBeGreaterThan(50);
  });

  test.each([
    ['small ones in Redis', 120, false],
    ['large ones through a shared folder', 30_000, true],
  ])('carries data by their hash: %s', async (_, rows, isShared) => {
    const queue = url(`data-${rows}`);
    const [base, cache, shared] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const data = isShared ? { data: shared } : {};
    const lines = Array.from(
      { length: rows },
      (_, i) => `${i % 17},${(i * 7) % 23},${i % 2 ? 'certainly' : 'probably not'}`,
    );
    writeFileSync(join(base, 'table.csv'), ['a,b,target', ...lines].join('\n'));
    const onTable = {
      ...spec,
      dataset: { csv: 'table.csv', target: 'target' },
      training: short,
      seeds: [1, 2],
    };
    await work({ url: queue, cache, ...data });
    const { outcome } = await run(queue, onTable, { base, ...data });
    expect(json(outcome)).toBe(json(await runExperiment(onTable, { base, workers: 1 })));
    expect(readdirSync(join(cache, 'data')).length).toBe(1);
    expect(readdirSync(shared)).toEqual(isShared ? ['data'] : []);
  });

  test('loads modules of the machine that have the right content, and nothing else', async () => {
    const queue = url('modules');
    const [base, there] = [temporaryFolder(), temporaryFolder()];
    const code = `import { defineCallback } from 'regulus';
      export const quiet = defineCallback({ type: 'quiet', options: {}, start: () => ({ onEpochEnd() {} }) });`;
    writeFileSync(join(base, 'own.mjs'), code);
    writeFileSync(join(there, 'own.mjs'), `${code}\n// changed`);
    const withModule = {
      ...spec,
      modules: ['./own.mjs'],
      training: { ...short, callbacks: [{ type: 'quiet' }] },
      seeds: [1],
    };
    const { notices } = await work({ url: queue, base: there });
    const running = run(queue, withModule, { base });
    await poll(notices).toEqual([expect.stringMatching(/^The content of \.\/own\.mjs is not what its 'sha256' says/)]);
    writeFileSync(join(there, 'own.mjs'), code);
    const { outcome, warnings } = await running;
    expect(outcome.results.trials.length).toBe(2);
    expect(warnings).toEqual([expect.stringMatching(/^worker: The content of/)]);
    writeFileSync(join(base, 'outside.mjs'), `${code}\n// outside`);
    const outside = { ...withModule, modules: ['../outside.mjs'] };
    mkdirSync(join(base, 'inner'));
    const controller = new AbortController();
    const refused = run(queue, outside, { base: join(base, 'inner'), signal: controller.signal });
    await poll(notices).toContainEqual(expect.stringMatching(/^The module \.\.\/outside\.mjs is outside of/));
    controller.abort();
    await expect(refused).rejects.toThrow('The experiment was stopped.');
  });

  test('keeps the error of a trial that diverges, and the others go on', async () => {
    const queue = url('diverged');
    const wild = {
      label: 'Wild',
      training: { loss: 'meanSquaredError', optimizer: { type: 'sgd', learningRate: 1e20 } },
    };
    const given = {
      ...spec,
      dataset: { generator: 'makeFriedman1', parameters: { nSamples: 100, randomState: 1 } },
      training: { ...short, loss: 'meanSquaredError' },
      variants: [{ label: 'Tame' }, wild],
      seeds: [1],
    };
    await work({ url: queue });
    const here = await runExperiment(given, { workers: 1 }).catch((error: Error) => error);
    const ends: string[] = [];
    await expect(run(queue, given, { onEvent: ({ type }) => ends.push(type) })).rejects.toMatchObject({
      name: 'NumericError',
      message: (here as Error).message,
    });
    expect(ends).toEqual(expect.arrayContaining(['trialEnd', 'trialError']));
  });

  test('gives up a trial that ended its thread three times, and the others go on', async () => {
    const queue = url('fatal');
    const base = temporaryFolder();
    const code = `import { defineCallback } from 'regulus';
      export const fatal = defineCallback({ type: 'fatal', options: {}, start: () => ({ onEpochEnd() { process.exit(7); } }) });`;
    writeFileSync(join(base, 'fatal.mjs'), code);
    const deadly = { label: 'Deadly', training: { callbacks: [{ type: 'fatal' }] } };
    const given = { ...spec, modules: ['./fatal.mjs'], variants: [{ label: 'Good' }, deadly], seeds: [1] };
    const { events } = await work({ url: queue, base });
    await expect(run(queue, given, { base })).rejects.toThrow(
      /^In variant 'Deadly', seed 1: It failed 3 times, or its machines were lost: on worker: The worker crashed with exit code 7/,
    );
    expect(events.map(({ type }) => type).sort()).toEqual(['trialEnd', ...Array(3).fill('trialError')]);
  });

  describe('a trial of some five seconds, however fast the machine is', () => {
    const code = `import { defineCallback } from 'regulus';
      const pause = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      export const slow = defineCallback({ type: 'slow', options: {}, start: () => ({ onEpochEnd: pause }) });`;
    const training = { ...spec.training, epochs: 250, callbacks: [{ type: 'slow' }] };
    const long = { ...spec, modules: ['./slow.mjs'], training, variants: [{ label: 'Long' }], seeds: [1] };

    /** Starts it, and waits for its first checkpoint, which is written after two seconds. */
    async function start(queue: string, options: RunnerOptions = {}) {
      const [base, cache] = [temporaryFolder(), temporaryFolder()];
      writeFileSync(join(base, 'slow.mjs'), code);
      const worker = await work({ url: queue, base, cache, name: 'before', grace: 0 });
      const events: RunEvent[] = [];
      const running = run(queue, long, { base, onEvent: (event) => events.push(event), ...options });
      await poll(() => readdirSync(join(cache, 'checkpoints')).filter((name) => /^[^.]/.test(name)).length).toBe(1);
      return { base, worker, events, running };
    }

    test('is handed back when its machine stops, with its checkpoint', async () => {
      const queue = url('handover');
      const { base, worker, events, running } = await start(queue);
      await worker.stop();
      using there = stranger(queue);
      expect(await there.redis.keys(`${PREFIX}/*/checkpoint/*`)).toHaveLength(1);
      const count = events.length;
      await work({ url: queue, base, name: 'after' });
      expect(json((await running).outcome)).toBe(json(await runExperiment(long, { base, workers: 1 })));
      const later = events.slice(count);
      expect(later[0]).toMatchObject({ type: 'trialStart', machine: 'after' });
      expect((later[1] as { epoch: { epoch: number } }).epoch.epoch).toBeGreaterThan(30);
      expect(await there.redis.keys(`${PREFIX}/*/checkpoint/*`)).toEqual([]);
    });

    test('leaves no checkpoint where another machine has finished it meanwhile', async () => {
      const queue = url('overtaken');
      const controller = new AbortController();
      const { worker, running } = await start(queue, { signal: controller.signal });
      using there = stranger(queue);
      const [job] = await there.queue.getJobs(['active']);
      await there.redis.set(there.keys.result(job.id as string), 'of another machine');
      await worker.stop();
      expect(await there.redis.keys(`${PREFIX}/*/checkpoint/*`)).toEqual([]);
      controller.abort();
      await expect(running).rejects.toThrow('The experiment was stopped.');
    });
  });

  test('hands trials back that need more memory than there may be, and fails one that does alone', async () => {
    const queue = url('memory');
    const given = {
      ...spec,
      training: { ...spec.training, epochs: 100_000 },
      variants: [{ label: 'Long' }],
      seeds: [1, 2],
    };
    const { notices } = await work({ url: queue, workers: 2, memory: 1_000_000 });
    await expect(run(queue, given)).rejects.toThrow(/need more than the 1 MB of memory that this machine may use/);
    expect(notices()).toContainEqual(expect.stringMatching(/From now on 1 at a time/));
  });
});

describe.skipIf(!hasRedis)('a machine that dies', { timeout: 120_000 }, () => {
  const { url } = useRedis();

  test('between a result and the end of its job leaves a job that the next machine ends, without training again', async () => {
    const queue = url('between');
    using there = stranger(queue);
    const id = jobId(first);
    await there.queue.add('trial', { trial: first, files: [] }, { jobId: id, removeOnComplete: true });
    const common = { connection: there.redis, prefix: PREFIX, lockDuration: 100 };
    const dead = new Worker(there.keys.queue, null, common);
    expect((await dead.getNextJob('token'))?.id).toBe(id);
    const { bytes } = seal(id, 'dead', ofResult(await runTrial(first)));
    await there.redis.set(there.keys.result(id), Buffer.concat([Buffer.of(0), bytes]), 'EX', 600);
    expect(await there.redis.exists(there.queue.toKey('active'))).toBe(1);
    const last = await work({ url: queue, untilIdle: true });
    await last.finished;
    expect(last.events).toEqual([]);
    const lasting = [];
    for (const key of await there.redis.keys('*between*')) if ((await there.redis.ttl(key)) < 0) lasting.push(key);
    expect(lasting.filter((key) => !/:(meta|id|events)$/.test(key))).toEqual([]);
    await dead.close(true);
  });
});

describe.skipIf(!hasRedis)('a hostile or broken queue', { timeout: 120_000 }, () => {
  const { url } = useRedis();

  test('has jobs that are not trials: they are refused and said', async () => {
    const queue = url('foreign');
    using there = stranger(queue);
    const trial = { ...first, figures: false };
    await there.queue.addBulk([
      { name: 'mail', data: { to: 'x' } },
      { name: 'trial', data: null },
      { name: 'trial', data: { trial, files: [] }, opts: { jobId: 'f'.repeat(64) } },
      { name: 'trial', data: { trial: { ...trial, seed: 9 }, files: [] }, opts: { jobId: jobId(first) } },
      { name: 'trial', data: { trial, files: [{ path: '/etc/passwd', sha256: '../../x' }] }, opts: { jobId: 'x' } },
      { name: 'trial', data: { trial: { __proto__: null, dataset: 1 }, files: 3 }, opts: { jobId: 'y' } },
    ]);
    const { notices } = await work({ url: queue });
    const { outcome } = await run(queue);
    expect(json(outcome)).toBe(expected);
    expect(notices().length).toBe(6);
    expect(notices()[0]).toMatch(
      /^Refused the job .*: it is not a trial of this version, or its content does not match its id/,
    );
  });

  test('has results that are none: they are refused, said, and the trials run again', async () => {
    const queue = url('results');
    using there = stranger(queue);
    const trials = expand(spec as ExperimentSpec);
    const inline = (bytes: Buffer) => Buffer.concat([Buffer.of(0), bytes]);
    const other = seal(jobId(trials[3]), 'mallory', ofResult(await runTrial(trials[4]))).bytes;
    const values = [
      Buffer.from('x'),
      Buffer.alloc(REDIS_BYTES + 2),
      inline(Buffer.from('{"sha256":1}\n')),
      inline(other),
      Buffer.concat([Buffer.of(1), Buffer.from('../../../etc/passwd')]),
      Buffer.concat([Buffer.of(1), Buffer.from(`result/${'0'.repeat(64)}`)]),
    ];
    for (const [i, value] of values.entries()) await there.redis.set(there.keys.result(jobId(trials[i])), value);
    const data = temporaryFolder();
    await work({ url: queue, data });
    const { outcome, warnings } = await run(queue, spec, { data });
    expect(json(outcome)).toBe(expected);
    expect(warnings.length).toBe(6);
    expect(warnings.join()).toMatch(/mallory gave what is not the result of a trial/);
  });

  test('has news that are none', async () => {
    const queue = url('news');
    using there = stranger(queue);
    const running = run(queue);
    await poll(async () => (await queueStatus({ url: queue })).waiting).toBe(10);
    const id = jobId(first);
    for (const news of [
      'x',
      'null',
      '[]',
      '{"machine":1}',
      `{"machine":"m","running":[["${id}",null],7,null,["${id}"]],"done":{"a":1}}`,
      `{"machine":"m","done":["${id}",null,3],"says":4}`,
    ]) {
      await there.redis.publish(there.keys.news, news);
    }
    await there.redis.sadd(there.keys.registry('machine'), 'a', 'b');
    await there.redis.set(`${there.keys.registry('machine')}/a`, '{"build":');
    await there.redis.set(`${there.keys.registry('machine')}/b`, 'null');
    await work({ url: queue });
    expect(json((await running).outcome)).toBe(expected);
  });

  test('has a machine that computes wrong: worker and planner stop, and name both', async () => {
    const queue = url('conflict');
    using there = stranger(queue);
    const long = { ...spec, training: { ...spec.training, epochs: 1500 }, variants: [{ label: 'Long' }], seeds: [1] };
    const [trial] = expand(long as ExperimentSpec);
    const result = await runTrial(trial);
    const wrong = seal(jobId(trial), 'mallory', ofResult({ ...result, test: { ...result.test, loss: 0 } })).bytes;
    const { finished } = await work({ url: queue, name: 'alice' });
    const running = run(queue, long);
    await poll(async () => (await queueStatus({ url: queue })).running).toBe(1);
    await there.redis.set(there.keys.result(jobId(trial)), Buffer.concat([Buffer.of(0), wrong]));
    await expect(finished).rejects.toThrow(/^The machines mallory and alice gave different results for one trial/);
    // Unless the planner had the result before.
    await running.catch((error) => expect(error).toMatchObject({ code: 'ERR_CONFLICT' }));
  });

  test('has planners of another version: the worker refuses', async () => {
    const queue = url('version');
    using there = stranger(queue);
    const { build } = thisBuild();
    const facts = {
      build: 'other',
      builtOf: { ...build, version: '9.9.9', node: 99 },
      host: 'h',
      experiment: 'e',
      left: 1,
    };
    await there.redis.sadd(there.keys.registry('planner'), 'p');
    await there.redis.set(`${there.keys.registry('planner')}/p`, JSON.stringify(facts));
    await expect(work({ url: queue })).rejects.toThrow(
      /need Regulus 9\.9\.9 \(core .*\) on Node 99; here is Regulus test/,
    );
  });

  test("refuses 'fast', whose results depend on the machine", async () => {
    await expect(run(url('fast'), spec, { numerics: 'fast' })).rejects.toThrow(/must be 'reproducible'/);
  });
});
