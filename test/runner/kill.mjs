// Kills `regulus run` at random moments with SIGKILL and runs it again: every rerun must complete with the bytes of a run
// that was not killed, and leave no partial file, no lock and no process behind. After each kill `regulus check` must find
// all that is there sound.
//
//   node test/runner/kill.mjs [--kills 100] [--workers 2] [--seed <n>]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generator } from './random.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
const executable = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

// Six trials of some tenths of a second each, with a checkpoint after every epoch: momentum, dropout, early stopping, members.
const spec = {
  name: 'kill',
  dataset: { generator: 'makeMoons', parameters: { nSamples: 800, noise: 0.25, randomState: 1 } },
  split: { testSize: 0.2, validationSize: 0.2, randomState: 2 },
  scaling: 'standard',
  network: { hiddenUnits: [64, 32] },
  training: { epochs: 120, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.002 } },
  variants: [
    { label: 'Dropout', network: { dropout: 0.4 }, training: { earlyStopping: { patience: 100 } } },
    { label: 'Momentum', training: { optimizer: { type: 'sgd', learningRate: 0.02, momentum: 0.9 } } },
    { label: 'Members', training: { members: 3, epochs: 40 } },
  ],
  seeds: [1, 2],
};

const random = generator(seed);

/** Runs to the end, or until it is killed after `life` milliseconds. */
function run(out, life) {
  const argv = [
    executable,
    'run',
    specFile,
    '--out',
    out,
    '--workers',
    values.workers,
    '--checkpoint-every',
    '1',
    '--json',
  ];
  // In a process group of its own, which shows whether anything of it lives on.
  const child = spawn(process.execPath, argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].on('data', (text) => {
      printed[name] += text;
    });
  const timer = life === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), life);
  const begin = performance.now();
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        code,
        dead: signal === 'SIGKILL',
        milliseconds: performance.now() - begin,
        group: child.pid,
        ...printed,
      });
    });
  });
}

function check(condition, message) {
  if (condition) return;
  console.error(`FAILED (--seed ${seed}): ${message}`);
  process.exit(1);
}

function lives(group) {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** All files of a folder by name, but those that hold times. */
function contents(out) {
  const names = readdirSync(out, { recursive: true }).map(String).sort();
  const files = names.filter((name) => statSync(join(out, name)).isFile());
  const equal = files.filter((name) => name !== 'timing.json' && !name.startsWith('.regulus'));
  return { files, bytes: new Map(equal.map((name) => [name, readFileSync(join(out, name))])) };
}

const folder = mkdtempSync(join(tmpdir(), 'regulus-kill-'));
const specFile = join(folder, 'spec.json');
writeFileSync(specFile, JSON.stringify(spec));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const whole = await run(join(folder, 'whole'));
check(whole.code === 0, `the run that is not killed failed: ${whole.stderr}`);
const expected = contents(join(folder, 'whole'));
const hit = { 'before the first trial': 0, 'during trials': 0, 'while writing results': 0 };
let duration = whole.milliseconds;
let killed = 0;
let reruns = 0;
let resumedTrials = 0;

while (killed < kills) {
  const out = join(folder, `out-${reruns}`);
  // Up to four kills of the same experiment, unless it is faster, then a run that may finish.
  const most = Math.min(kills, killed + 1 + Math.floor(4 * random()));
  for (let first = true; killed < most; first = false) {
    const { code, dead, stdout, stderr, group, milliseconds } = await run(out, random() * duration);
    check(dead || code === 0, `a run ended with code ${code}: ${stderr}`);
    check(!lives(group), `process group ${group} lives on`);
    if (!dead) {
      // The machine has become faster, or little was left to do.
      if (first) duration = milliseconds;
      break;
    }
    killed += 1;
    // Whatever is there by now is whole: trials, checkpoints and results.
    if (existsSync(join(out, '.regulus'))) {
      const checked = spawnSync(process.execPath, [executable, 'check', out], { encoding: 'utf8' });
      check(checked.status === 0, `after a kill the folder is not sound: ${checked.stdout}${checked.stderr}`);
    }
    if (stdout.includes('"type":"file"')) hit['while writing results'] += 1;
    else hit[stdout.includes('"type":"trialStart"') ? 'during trials' : 'before the first trial'] += 1;
  }
  const last = await run(out);
  check(last.code === 0, `a rerun failed: ${last.stderr}`);
  const events = last.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const first = new Map(
    events
      .filter(({ type }) => type === 'epoch')
      .toReversed()
      .map(({ index, epoch }) => [index, epoch]),
  );
  resumedTrials += [...first.values()].filter((epoch) => epoch > 1).length;
  const found = contents(out);
  for (const [name, bytes] of expected.bytes) {
    check(found.bytes.get(name)?.equals(bytes), `${name} differs from that of the run that was not killed`);
  }
  const extra = found.files.filter((name) => !expected.files.includes(name));
  check(extra.length === 0 && found.files.length === expected.files.length, `files that do not belong: ${extra}`);
  rmSync(out, { recursive: true });
  reruns += 1;
  if (process.stdout.isTTY) process.stdout.write(`\r${killed}/${kills}`);
}
const moments = Object.entries(hit).map(([name, count]) => `${count} ${name}`);
console.log(
  `${process.stdout.isTTY ? '\n' : ''}${kills} kills (${moments.join(', ')}), ${reruns} reruns, all complete and identical; ` +
    `${resumedTrials} trials went on from a checkpoint. Seed ${seed}.`,
);
