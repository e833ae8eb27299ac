// How time per sample and memory grow with rows and with features: `npm run bench:growth [-- --rounds N]`. Every fit is a process
// of its own, and they take turns.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dense, relu, sequential } from 'regulus';

const BATCH = 64;
const MEGABYTE = 1e6;

/** Growing rows with the network of the `moons` preset, then growing features, whose products are most of the work. */
const cases = [
  ...[1e3, 1e4, 1e5, 1e6].map((rows) => ({ rows, units: [20, 128, 64, 2], samples: Math.max(rows, 2e5) })),
  ...[2, 10, 100, 1e3, 1e4].map((features) => {
    const rows = Math.min(2e5, 2e7 / features);
    return { rows, units: [features, 64, 2], samples: Math.max(rows, Math.min(2e5, 1e8 / features)) };
  }),
];

function makeFit(rows, units) {
  const [features] = units;
  const data = new Float32Array(rows * features);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    data[i] = state / 2 ** 31;
  }
  const y = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const layers = units
    .slice(1)
    .flatMap((width, i, all) => (i < all.length - 1 ? [dense(width), relu()] : [dense(width)]));
  const model = sequential({ inputSize: features, layers });
  const fit = (epochs) => model.fit({ x: { data, shape: [rows, features] }, y }, { epochs, batchSize: BATCH });
  return { fit, bytes: data.byteLength + y.byteLength, parameters: model.parameterCount };
}

/** Seconds a sample, the bytes of data and parameters, and those that the process has grown by at its peak. */
async function measure({ rows, units, samples }) {
  // What code and compilers take is there before.
  const [features, ...others] = units;
  await makeFit(BATCH * 100, [Math.min(features, 20), ...others]).fit(30);
  const before = process.resourceUsage().maxRSS * 1024;
  const { fit, bytes, parameters } = makeFit(rows, units);
  const epochs = Math.round(samples / rows);
  const start = performance.now();
  await fit(epochs);
  const seconds = (performance.now() - start) / 1000 / (epochs * rows);
  const peak = process.resourceUsage().maxRSS * 1024 - before;
  // Weights, their gradients and Adam's two moments.
  return { seconds, needed: bytes + 16 * parameters, peak };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

function report(rounds) {
  const runs = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, each] of cases.entries()) {
      const args = [fileURLToPath(import.meta.url), '--measure', JSON.stringify(each)];
      runs[i].push(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })));
    }
  }
  console.log(
    `Node ${process.versions.node}, ${cpus()[0].model}; ${rounds} rounds in turn, medians, batches of ${BATCH}\n`,
  );
  console.log('| rows | network | µs a sample | GFLOP/s | data and parameters, MB | peak of the process, MB | ratio |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const [i, { rows, units }] of cases.entries()) {
    const of = (key) => median(runs[i].map((run) => run[key]));
    // Three products of two operations each, but no gradient of the inputs.
    const products = units.slice(1).reduce((sum, width, layer) => sum + (layer ? 6 : 4) * units[layer] * width, 0);
    console.log(
      `| ${rows.toLocaleString('en')} | ${units.join('-')} | ${(of('seconds') * 1e6).toPrecision(3)} | ` +
        `${(products / of('seconds') / 1e9).toPrecision(3)} | ${(of('needed') / MEGABYTE).toFixed(1)} | ` +
        `${(of('peak') / MEGABYTE).toFixed(1)} | ${(of('peak') / of('needed')).toFixed(2)} |`,
    );
  }
}

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, measure: { type: 'string' } },
});
if (options.measure) console.log(JSON.stringify(await measure(JSON.parse(options.measure))));
else report(Number(options.rounds));
