// The benchmark suite: `npm run bench -- [--quick] [--filter REGEX] [--json FILE]`. See README.md in this folder.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Field } from './contenders.ts';
import { type Effort, sections } from './sections.ts';

const { values: options } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const thorough: Effort = {
  rounds: 11,
  block: 30,
  warmup: 300,
  maxFlop: Number.POSITIVE_INFINITY,
  jsFlop: 2 * 1024 ** 3,
  inferenceRows: 100_000,
  scaleRows: [1_000, 10_000, 100_000, 1_000_000],
  scaleRounds: 5,
  profileRounds: 5,
  starts: 21,
  memory: [
    [1_000, 625],
    [640_000, 1],
  ],
};

/** Enough to see that everything runs and is right; the figures are rough. */
const quick: Effort = {
  rounds: 3,
  block: 2,
  warmup: 5,
  maxFlop: 2 * 512 ** 3,
  jsFlop: 2 * 256 ** 3,
  inferenceRows: 1_000,
  scaleRows: [1_000, 10_000],
  scaleRounds: 1,
  profileRounds: 1,
  starts: 3,
  memory: [[1_000, 625]],
};

const effort = options.quick ? quick : thorough;
const filter = new RegExp(options.filter, 'i');
const { inferenceRows, scaleRows, warmup } = effort;
const field = new Field({ inferenceRows, scaleRows, warmup });
const host = {
  date: new Date().toISOString(),
  version: __VERSION__,
  node: process.versions.node,
  v8: process.versions.v8,
  cpu: cpus()[0].model,
  platform: `${process.platform} ${process.arch}`,
};

console.log(`Regulus ${host.version} on Node ${host.node} (V8 ${host.v8}), ${host.cpu}, ${host.platform}`);
console.log(
  `${effort.rounds} interleaved rounds, medians ± median absolute deviation${options.quick ? ', quick' : ''}`,
);
console.log('On another Node: npx -y node@24 build/bench/run.mjs [--quick] [--filter REGEX] [--json FILE]\n');

const results: unknown[] = [];
try {
  for (const { name, run } of sections) {
    let titled = false;
    const print = (text: string) => {
      if (!titled && name !== 'peak') console.log(`## ${name}\n`);
      titled = true;
      console.log(`${text}\n`);
    };
    const wanted = (section: string, test: string) => filter.test(`${section} ${test}`);
    const result = await run({ field, effort, wanted, print });
    if (result !== undefined) results.push(...[result].flat());
  }
} finally {
  await field.stop();
}
if (field.unsteadiness > 0.05) {
  const range = `±${Math.round(100 * field.unsteadiness)} %`;
  console.log(`The machine was busy: P varied by ${range} within a comparison. Do not quote these figures.`);
}
if (options.json)
  writeFileSync(
    options.json,
    `${JSON.stringify({ host, effort, unsteadiness: field.unsteadiness, results }, null, 2)}\n`,
  );
