// Runs one experiment over a queue again and again, with 1 to 4 machines, while workers, planner and server are killed or stand
// still, and networks are cut. Every run must end with the bytes of a run without a queue, and leave no job behind.
//
//   node test/cluster/faults.mjs [--faults 60] [--rounds 4] [--seeds 16] [--seed <n>] [--longest-pause 45]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { generator } from '../runner/random.mjs';
import { makeNetwork } from './network.mjs';
import { freePort, startRedis } from './redis.mjs';

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '4' },
    seeds: { type: 'string', default: '16' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    'longest-pause': { type: 'string', default: '45' },
  },
});
const [faults, rounds, seed, longest] = ['faults', 'rounds', 'seed', 'longest-pause'].map((name) =>
  Number(values[name]),
);
const random = generator(seed);
const between = (least, most) => least + random() * (most - least);
const oneOf = (list) => list[Math.floor(random() * list.length)];
const executable = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

// With each seed two trials of some tenths of a second, and one of some seconds. Long ones are taken over from their checkpoints.
const spec = {
  name: 'faults',
  dataset: { generator: 'makeMoons', parameters: { nSamples: 800, noise: 0.25, randomState: 1 } },
  split: { testSize: 0.2, validationSize: 0.2, randomState: 2 },
  scaling: 'standard',
  network: { hiddenUnits: [64, 32] },
  training: { epochs: 60, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.002 } },
  variants: [
    { label: 'Dropout', network: { dropout: 0.4 } },
    { label: 'Momentum', training: { optimizer: { type: 'sgd', learningRate: 0.02, momentum: 0.9 } } },
    { label: 'Long', training: { epochs: 600 } },
  ],
  seeds: { count: Number(values.seeds) },
};

const folder = mkdtempSync(join(tmpdir(), 'regulus-faults-'));
const specFile = join(folder, 'spec.json');
writeFileSync(specFile, JSON.stringify(spec));
const trials = spec.variants.length * spec.seeds.count;
const port = await freePort();
const network = makeNetwork(port);
const redis = await startRedis({ port, host: network.host });
const children = new Set();

function start(prefix, args) {
  const [command, ...rest] = [...prefix, process.execPath, executable, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = { text: '' };
  child.stderr.on('data', (text) => {
    said.text += text;
  });
  children.add(child);
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      children.delete(child);
      resolve({ code, signal });
    });
  });
  return { child, said, ended };
}

async function clean() {
  for (const child of children) child.kill('SIGKILL');
  await redis.stop();
  network.close();
  rmSync(folder, { recursive: true, force: true });
}

async function fail(reason) {
  console.error(`FAILED (--seed ${seed}): ${reason.stack ?? reason}`);
  await clean();
  process.exit(1);
}

/** A machine with a worker that is always started again, or with the planner. */
class Machine {
  constructor(number, args) {
    this.at = network.machine(number);
    this.name = `m${number}`;
    this.args = args(`redis://${this.at.host}:${this.at.port}`, this.name);
    this.trained = 0;
    this.isBusy = false;
  }

  run() {
    this.process = start(this.at.prefix, this.args);
  }

  /** How many trials its processes have trained. */
  count() {
    this.trained += this.process.said.text.split('\n').filter((line) => /, seed \d+: [\d.]+ s$/.test(line)).length;
  }

  async kill() {
    this.process.child.kill('SIGKILL');
    await this.process.ended;
    this.count();
    await pause(between(100, 2000));
    if (!this.isOver) this.run();
  }

  async still(ms) {
    this.process.child.kill('SIGSTOP');
    await pause(ms);
    this.process.child.kill('SIGCONT');
  }

  async cut(ms) {
    this.at.cut();
    await pause(ms);
    this.at.join();
  }
}

const done = {};
let number = 0;

/** Does something bad to what is well, and makes it good again. Undefined where nothing is. */
function misfortune(workers, planner) {
  const worker = oneOf(workers.filter(({ isBusy }) => !isBusy));
  const kinds = [
    ['planner killed', planner, () => planner.kill()],
    [
      'Redis killed',
      redis,
      async () => {
        await redis.kill();
        await pause(between(100, 3000));
        await redis.start();
      },
    ],
    [
      'Redis stands still',
      redis,
      async () => {
        redis.pause();
        await pause(between(1000, 4000));
        redis.resume();
      },
    ],
    ['worker killed', worker, () => worker.kill()],
    ['worker stands still, shortly', worker, () => worker.still(between(500, 3000))],
    ['worker stands still beyond its lock', worker, () => worker.still(1000 * between(0.8 * longest, longest))],
    ['network of a worker cut', worker, () => worker.cut(1000 * between(2, longest))],
  ].filter(([, target]) => target && !target.isBusy);
  if (kinds.length === 0) return undefined;
  // Those that were rare come first.
  const least = Math.min(...kinds.map(([kind]) => done[kind] ?? 0));
  const [kind, target, action] = oneOf(kinds.filter(([name]) => (done[name] ?? 0) === least));
  done[kind] = (done[kind] ?? 0) + 1;
  target.isBusy = true;
  return action().finally(() => {
    target.isBusy = false;
  });
}

/** Runs the experiment without a queue; the bytes of its results. */
async function reference(threads) {
  const out = join(folder, `reference-${threads}`);
  const { ended, said } = start([], ['run', specFile, '--out', out, '--workers', threads, '--quiet']);
  if ((await ended).code !== 0) await fail(said.text);
  return readFileSync(join(out, 'results.json'));
}

/**
 * What is in the server that should not be: jobs, checkpoints, and what would stay there for ever. A machine that died between a
 * result and the end of its job leaves the job to the next machine, here to one that stays until the queue is idle.
 */
async function leftovers(name) {
  if ((await left(name)).length === 0) return [];
  const cache = join(folder, 'cache', 'last');
  const last = start([], ['work', '--queue', redis.url(name), '--until-idle', '--workers', 1, '--cache', cache]);
  if ((await last.ended).code !== 0) await fail(last.said.text);
  return await left(name);
}

async function left(name) {
  const client = new Redis({ port, host: network.host });
  const keys = [];
  // Of BullMQ there may be the queue's settings, its last event's number, and the events themselves, whose number is limited.
  const settings = new RegExp(`^{regulus}:${name}-\\w+:(meta|id|events)$`);
  for (const key of await client.keys(`*${name}-*`))
    if (!settings.test(key) && (key.includes('/checkpoint/') || (await client.ttl(key)) < 0)) keys.push(key);
  client.disconnect();
  return keys;
}

const expected = await reference(1);
for (const threads of [2, 3])
  if (!expected.equals(await reference(threads))) await fail(`${threads} threads give other bytes`);
console.log(`${trials} trials; the same bytes with 1, 2 and 3 threads. Queue in ${network.kind}, seed ${seed}.`);
const rows = [['machines × threads', 'faults', 'seconds', 'trainings that ended', 'bytes']];

for (let round = 0; round < rounds; round++) {
  const [machines, threads] = [
    [2, 1],
    [4, 3],
    [3, 2],
    [1, 1],
  ][round % 4];
  const name = `round${round}`;
  const begin = performance.now();
  const out = join(folder, name);
  const planner = new Machine(number++, (url) => ['run', specFile, '--out', out, '--queue', `${url}/${name}`]);
  const workers = Array.from({ length: machines }, () => {
    return new Machine(number++, (url, own) => {
      const cache = join(folder, 'cache', own);
      return ['work', '--queue', `${url}/${name}`, '--workers', threads, '--name', own, '--cache', cache];
    });
  });
  for (const each of [planner, ...workers]) each.run();
  const going = new Set();
  const most = Math.ceil(faults / rounds);
  let count = 0;
  let result;
  const watch = async () => {
    do {
      result = await planner.process.ended;
      while (planner.isBusy) await pause(20);
    } while (result.signal === 'SIGKILL');
    planner.isOver = true;
  };
  const watching = watch();
  await pause(3000);
  while (count < most && !planner.isOver) {
    const action = misfortune(workers, planner);
    if (action) {
      count += 1;
      going.add(action);
      action.then(() => going.delete(action), fail);
    }
    await pause(between(300, 2500));
  }
  await Promise.all(going);
  const late = await Promise.race([watching.then(() => false), pause(300_000, true, { ref: false })]);
  if (late || result?.code !== 0)
    await fail(`the planner of ${name} ${late ? 'does not end' : 'failed'}: ${planner.process.said.text}`);
  for (const { process: running } of workers) running.child.kill('SIGTERM');
  for (const worker of workers) {
    // One that has only just been started again does not listen yet, or has no work to hand over.
    const { code, signal } = await worker.process.ended;
    if (code !== 0 && code !== 143 && signal !== 'SIGTERM')
      await fail(`worker ${worker.name} ended with ${code ?? signal}: ${worker.process.said.text}`);
    worker.count();
  }
  const isEqual = expected.equals(readFileSync(join(out, 'results.json')));
  const trained = workers.reduce((sum, worker) => sum + worker.trained, 0);
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  const cells = [`${machines} × ${threads}`, count, seconds, trained, isEqual ? 'equal' : 'OTHER'];
  console.log(`${name}: ${cells.join(', ')}`);
  rows.push(cells);
  if (!isEqual) await fail(`the results of ${name} are other bytes`);
  const still = await leftovers(name);
  if (still.length > 0) await fail(`after ${name} there is still: ${still.join(', ')}`);
  const status = start([], ['queue', 'status', '--queue', redis.url(name)]);
  if ((await status.ended).code !== 0) await fail(status.said.text);
}

await clean();
const total = Object.values(done).reduce((sum, count) => sum + count, 0);
const table = (lines) => {
  const widths = lines[0].map((_, j) => Math.max(...lines.map((line) => String(line[j]).length)));
  return lines
    .map((line) => line.map((cell, j) => String(cell)[j === 0 ? 'padEnd' : 'padStart'](widths[j])).join('  '))
    .join('\n');
};
console.log(`\n${table([['fault', 'times'], ...Object.entries(done)])}\n\n${table(rows)}`);
console.log(`\n${total} faults; nothing lost, nothing double, all bytes equal.`);
