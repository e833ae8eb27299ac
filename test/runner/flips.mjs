// Flips bits in what a run keeps, at random: each must be told, set aside and made again, so that the results of the
// rerun have the bytes of the run before.
//
//   node test/runner/flips.mjs [--flips 1000] [--seed <n>]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runExperiment } from '../../dist/runner.js';
import { generator } from './random.mjs';

const { values } = parseArgs({
  options: { flips: { type: 'string', default: '1000' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const [flips, seed] = [Number(values.flips), Number(values.seed)];
const random = generator(seed);
const executable = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const below = (n) => Math.floor(n * random());

const spec = {
  name: 'flips',
  dataset: { generator: 'makeMoons', parameters: { nSamples: 100, noise: 0.2, randomState: 1 } },
  split: { testSize: 0.2, validationSize: 0.25, randomState: 3 },
  network: { hiddenUnits: [8] },
  scaling: 'standard',
  training: {
    epochs: 6,
    batchSize: 16,
    optimizer: { type: 'adam', learningRate: 0.01 },
    earlyStopping: { patience: 5 },
  },
  variants: [{ label: 'Größe' }, { label: 'Dropout', network: { dropout: 0.5 } }],
  seeds: [7, 8],
};

function check(condition, message) {
  if (condition) return;
  console.error(`FAILED (--seed ${seed}): ${message}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'regulus-flips-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const bytesOf = ({ results, figures }) => JSON.stringify([results, figures]);

// One folder with all trials, and one in which all have a checkpoint and none has finished.
const [finished, stopped] = ['finished', 'stopped'].map((name) => join(folder, name));
const expected = bytesOf(await runExperiment(spec, { folder: finished, workers: 1 }));
const controller = new AbortController();
let last;
await runExperiment(spec, {
  folder: stopped,
  workers: 4,
  checkpointEvery: 1,
  signal: controller.signal,
  onEvent: ({ type, epoch }) => type === 'epoch' && epoch.epoch === 3 && controller.abort(),
}).catch((error) => {
  last = error;
});
check(last?.name === 'AbortError', `the run did not stop: ${last}`);
const places = [
  [finished, 'trials'],
  [stopped, 'checkpoints'],
];
const count = { trials: 0, checkpoints: 0 };
let flipped = 0;
while (flipped < flips) {
  const [source, kind] = places[below(2)];
  const out = join(folder, 'out');
  cpSync(source, out, { recursive: true });
  const kept = join(out, '.regulus', kind);
  const damaged = [];
  // One bit in each of some files, which one run makes again.
  for (const name of readdirSync(kept)) {
    if (flipped + damaged.length === flips || random() < 0.3) continue;
    const bytes = readFileSync(join(kept, name));
    bytes[below(bytes.length)] ^= 1 << below(8);
    writeFileSync(join(kept, name), bytes);
    damaged.push(name);
  }
  const { status, stdout } = spawnSync(process.execPath, [executable, 'check', out, '--quiet'], { encoding: 'utf8' });
  const lines = damaged.map((name) => `${join(kept, name)} is damaged or belongs to another trial\n`);
  check(stdout === lines.join('') && status === (lines.length > 0 ? 1 : 0), `check: ${status}, ${stdout}`);
  const warnings = [];
  const outcome = await runExperiment(spec, {
    folder: out,
    workers: 1,
    onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
  });
  check(bytesOf(outcome) === expected, `other results after flips in ${damaged}`);
  check(warnings.length === damaged.length, `${warnings.length} warnings of ${damaged.length} damaged ${kind}`);
  for (const name of damaged) {
    check(
      warnings.some((text) => text.includes(`set aside as ${name}.bad`)),
      `nothing was said of ${name}`,
    );
    check(readdirSync(kept).includes(`${name}.bad`), `${name} was not set aside`);
  }
  count[kind] += damaged.length;
  flipped += damaged.length;
  rmSync(out, { recursive: true });
}
console.log(
  `${flips} flips (${count.trials} in trials, ${count.checkpoints} in checkpoints), all noticed, all reruns identical. Seed ${seed}.`,
);
