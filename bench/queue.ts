// What a queue costs, and how far one Redis goes: with trials that are trained, and with many machines whose trials only wait.
//
//   npm run bench:queue -- [rate] [overhead] [window] [machines]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { thisBuild } from '../src/cluster/build.ts';
import { queueRunner } from '../src/cluster/index.ts';
import { Keys, PREFIX, type TrialJob } from '../src/cluster/keys.ts';
import { type Outcome, ofResult, seal } from '../src/cluster/outcome.ts';
import { announce } from '../src/cluster/registry.ts';
import {
  type ExperimentSpec,
  type RunnerHooks,
  runTrial,
  type Trial,
  trials,
  validateSpec,
} from '../src/experiment/index.ts';
import { runExperiment, WorkerPool } from '../src/runner/index.ts';

const spec = (settings: object): ExperimentSpec =>
  validateSpec({
    name: 'queue',
    dataset: { generator: 'makeMoons', parameters: { nSamples: 100, noise: 0.25, randomState: 1 } },
    split: { testSize: 0.2, validationSize: 0.2, randomState: 2 },
    scaling: 'standard',
    network: { hiddenUnits: [4] },
    training: { epochs: 1, batchSize: 32, optimizer: { type: 'adam', learningRate: 0.01 } },
    variants: [{ label: 'Baseline' }],
    ...settings,
  });

const folder = mkdtempSync(join(tmpdir(), 'regulus-bench-'));
const [, , section, ...given] = process.argv;
const port = section === 'fake' ? Number(given[0]) : 20_000 + (process.pid % 20_000);
const url = (name: string) => `redis://127.0.0.1:${port}/${name}`;
const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
const children: ChildProcess[] = [];

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** What the server has done since it was asked before. */
async function meter(redis: Redis) {
  const info = await redis.info('everything');
  const fact = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return {
    commands: fact('total_commands_processed'),
    cpu: fact('used_cpu_user') + fact('used_cpu_sys'),
    in: fact('total_net_input_bytes'),
    out: fact('total_net_output_bytes'),
    memory: fact('used_memory'),
    seconds: performance.now() / 1000,
  };
}

/** What a process has used, on Linux. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const difference = <T extends Record<string, number>>(after: T, before: T) =>
  Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]])) as T;

/** Runs the trials of `given` on a queue without keeping their results. `during` is called after each. */
async function plan(name: string, given: ExperimentSpec, during: (done: number) => void = () => {}): Promise<void> {
  const run = queueRunner({ url: url(name) });
  const plan = trials(given);
  const { signal } = new AbortController();
  const hooks = { signal, onStart: () => {}, onEpochEnd: () => {}, warn: () => {} };
  run.begin?.('queue', 0);
  let done = 0;
  const work = async () => {
    for (let next = plan.next(); !next.done; next = plan.next()) {
      await run(next.value, hooks);
      during(++done);
    }
  };
  await Promise.all(Array.from({ length: run.workers as number }, work));
  await run.close?.();
}

/** Machines whose trials wait for `milliseconds`, and then have the result of another seed under their own. */
async function fakeMachines(name: string, machines: number, workers: number, milliseconds: number) {
  // The first would have the numbers of figures, too.
  const [, trial] = trials(spec({ seeds: [1, 2] }));
  const outcome = ofResult(await runTrial(trial)) as Extract<Outcome, { result: object }>;
  const { id: build } = thisBuild();
  const keys = new Keys(name, build);
  for (let machine = 0; machine < machines; machine++) {
    const redis = new Redis(url('').slice(0, -1), { maxRetriesPerRequest: null });
    const facts = () => ({ build, host: hostname(), workers, running: workers, done: 0, perMinute: 0 });
    const presence = announce(redis, keys, 'machine', facts);
    await presence.beat();
    const process = async ({ id = '', data }: { id?: string; data: TrialJob }) => {
      await redis
        .pipeline()
        .exists(keys.result(id))
        .exists(keys.stored(`checkpoint/${id}`))
        .exec();
      await pause(milliseconds);
      const { bytes } = seal(id, 'fake', { result: { ...outcome.result, seed: data.trial.seed } });
      await redis
        .pipeline()
        .set(keys.result(id), Buffer.concat([Buffer.of(0), bytes]), 'EX', 604_800, 'NX')
        .del(keys.stored(`checkpoint/${id}`))
        .publish(keys.news, JSON.stringify({ machine: 'fake', done: [id] }))
        .exec();
    };
    const worker = new Worker(keys.queue, process, {
      ...{ connection: redis, prefix: PREFIX, concurrency: workers },
      ...{ stalledInterval: 5000, removeOnComplete: { count: 0 } },
    });
    worker.on('error', () => {});
  }
}

const sections: Record<string, (redis: Redis) => Promise<void>> = {
  /** Short trials a second with two workers, and what one costs the server. */
  async rate(redis) {
    const count = 3000;
    const workers = ['a', 'b'].map((name) =>
      start(process.execPath, [
        'dist/cli.js',
        'work',
        '--queue',
        url('rate'),
        '--workers',
        '1',
        '--quiet',
        '--cache',
        join(folder, name),
      ]),
    );
    await plan('rate', spec({ seeds: { start: 1e6, count: 200 } }));
    const own = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    const all = async () => ({
      ...(await meter(redis)),
      workers: workers.reduce((sum, { pid }) => sum + processorSeconds(pid as number), 0),
      planner: own(),
    });
    const before = await all();
    await plan('rate', spec({ seeds: { count } }));
    const { seconds, ...used } = difference(await all(), before);
    for (const worker of workers) worker.kill();
    const [begin, ownBefore] = [performance.now(), own()];
    await runExperiment(spec({ seeds: { count: 1000 } }), { workers: 2 });
    const here = 1000 / ((performance.now() - begin) / 1000);
    // Of 1000 trials, in microseconds.
    const alone = (own() - ownBefore) * 1000;
    const each = (value: number) => (value / count).toFixed(1);
    console.log(
      `rate      ${(count / seconds).toFixed(0)} trials/s with 2 workers; ${here.toFixed(0)}/s with 2 threads and no queue`,
    );
    console.log(
      `          processor time of a trial: workers ${each(used.workers * 1e6)} µs, planner ${each(used.planner * 1e6)} µs, ` +
        `server ${each(used.cpu * 1e6)} µs; without a queue ${alone.toFixed(0)} µs`,
    );
    console.log(
      `          a trial: ${each(used.commands)} commands, ${each(used.in)} bytes to the server, ${each(used.out)} from it, ` +
        `${each(used.memory)} kept`,
    );
  },

  /** Trials of about a second, with the queue and without, in turn. */
  async overhead() {
    const given = (seed: number) =>
      spec({
        dataset: { generator: 'makeMoons', parameters: { nSamples: 4000, noise: 0.25, randomState: 1 } },
        network: { hiddenUnits: [64, 64] },
        training: { epochs: 400, batchSize: 32, optimizer: { type: 'adam', learningRate: 0.01 } },
        seeds: { start: seed, count: 6 },
      });
    const worker = start(process.execPath, [
      'dist/cli.js',
      'work',
      '--queue',
      url('overhead'),
      '--workers',
      '1',
      '--quiet',
      '--cache',
      folder,
    ]);
    // Both have a thread that is warm.
    const pool = new WorkerPool({ readFile: () => new Uint8Array() });
    const sides = {
      here: () => ({ workers: 1, run: (trial: Trial, hooks: RunnerHooks) => pool.run(trial, hooks) }),
      queue: () => ({ run: queueRunner({ url: url('overhead') }) }),
    };
    for (const each of Object.values(sides)) await runExperiment(given(1e6), each());
    const ratios: number[] = [];
    let each = 0;
    for (let round = 0; round < 7; round++) {
      const seconds = { here: 0, queue: 0 };
      const kinds = round % 2 ? (['here', 'queue'] as const) : (['queue', 'here'] as const);
      for (const kind of kinds) {
        const begin = performance.now();
        await runExperiment(given(10 * round), sides[kind]());
        seconds[kind] = (performance.now() - begin) / 1000;
      }
      ratios.push(seconds.queue / seconds.here);
      each = seconds.here / 6;
    }
    worker.kill();
    await pool.close();
    const median = ratios.sort((a, b) => a - b)[3];
    console.log(
      `overhead  trials of ${each.toFixed(2)} s take ${((median - 1) * 100).toFixed(1)} % longer over the queue (median of 7 rounds in turn)`,
    );
  },

  /** 10⁵ trials: the memory of planner and server, and the time that the planner needs. */
  async window(redis) {
    const count = Number(process.env.COUNT ?? 100_000);
    const machines = start(process.execPath, [process.argv[1], 'fake', `${port}`, 'window', '2', '16', '0']);
    const begin = performance.now();
    let most = 0;
    const at: string[] = [];
    const timer = setInterval(async () => {
      most = Math.max(most, (await meter(redis)).memory);
    }, 1000);
    const cpu = process.cpuUsage();
    await plan('window', spec({ seeds: { count } }), (done) => {
      if (done % (count / 5) !== 0) return;
      globalThis.gc?.();
      at.push(`${megabytes(process.memoryUsage().heapUsed)} after ${done}`);
    });
    const { user, system } = process.cpuUsage(cpu);
    clearInterval(timer);
    machines.kill();
    const seconds = (performance.now() - begin) / 1000;
    console.log(`window    ${count} trials in ${seconds.toFixed(0)} s; the server has at most ${megabytes(most)}`);
    console.log(
      `          planner: ${((user + system) / count).toFixed(0)} µs of its core a trial; heap ${at.join(', ')}`,
    );
  },

  /** The model of docs/scaling.md: the time of the server for a trial and for a machine, and how busy it is then. */
  async machines(redis) {
    for (const [machines, workers, milliseconds] of [
      [10, 16, 1000],
      [100, 16, 8000],
      [100, 16, 4000],
      [100, 16, 1000],
    ]) {
      const name = `machines-${machines}-${milliseconds}`;
      const fakes = start(process.execPath, [
        ...[process.argv[1], 'fake', `${port}`, name],
        ...[machines, workers, milliseconds].map(String),
      ]);
      await pause(10_000);
      const idle = await meter(redis);
      await pause(5000);
      const resting = difference(await meter(redis), idle);
      const controller = { done: 0 };
      const count = Math.round((machines * workers * 15_000) / milliseconds);
      const before = await meter(redis);
      await plan(name, spec({ seeds: { count } }), () => void controller.done++);
      const { seconds, cpu, commands } = difference(await meter(redis), before);
      fakes.kill();
      const row = [
        `${machines} × ${workers}, ${milliseconds / 1000} s`,
        `${(count / seconds).toFixed(0)} trials/s of ${((machines * workers * 1000) / milliseconds).toFixed(0)}`,
        `server ${((100 * cpu) / seconds).toFixed(1)} % busy`,
        `${((cpu * 1e6) / count).toFixed(0)} µs and ${(commands / count).toFixed(1)} commands a trial`,
        `${((resting.cpu / resting.seconds / machines) * 1e6).toFixed(0)} µs a second for a machine at rest`,
      ];
      console.log(`machines  ${row.join(', ')}`);
    }
  },
};

if (section === 'fake') {
  const [machines, workers, milliseconds] = given.slice(2).map(Number);
  await fakeMachines(given[1], machines, workers, milliseconds);
} else {
  execFileSync('redis-server', ['--version']);
  start('redis-server', options);
  await pause(500);
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
  const asked = process.argv.slice(2);
  try {
    for (const name of asked.length > 0 ? asked : Object.keys(sections)) await sections[name](redis);
  } finally {
    redis.disconnect();
    for (const child of children) child.kill();
    await pause(500);
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
}
