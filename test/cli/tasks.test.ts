// Other tasks than the classes of softmax: numbers to predict, two classes with one output, another metric that decides; from
// the spec to the report.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type FigureData, type Results, runExperiment } from '../../src/experiment/index.ts';
import { runExperiment as runInThreads } from '../../src/runner/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { runHere, temporaryFolder } from './terminal.ts';

const json = (value: unknown) => JSON.stringify(value);

/** An .npy file of doubles. */
function npy(shape: number[], values: number[]): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const text = `\x93NUMPY\x01\x00??${header.padEnd(117)}\n`;
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  new DataView(bytes.buffer).setUint16(8, 118, true);
  return new Uint8Array([...bytes, ...new Uint8Array(Float64Array.from(values).buffer)]);
}

const samples = Array.from({ length: 120 }, (_, i) => [((i * 37) % 120) / 60 - 1, ((i * 53) % 120) / 60 - 1]);
const price = ([a, b]: number[]) => 2 * a - b + 0.5 * a * b;

/** Trains by `regulus run`, and says what that printed and wrote. */
async function runSpec(spec: object, files: Record<string, string | Uint8Array> = {}) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'spec.json'), json(spec));
  const out = join(folder, 'out');
  const printed = await runHere(['run', join(folder, 'spec.json'), '--out', out, '--workers', '1']);
  expect(printed.code, printed.stderr).toBe(0);
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  const results = JSON.parse(read('results.json')) as Results;
  const figures = JSON.parse(read('figures.json')) as FigureData;
  const threads = await runInThreads(spec, { base: folder, workers: 2 });
  expect(json(threads.results)).toBe(json(results));
  const alone = await runExperiment(spec, { readFile: (path) => readFileSync(join(folder, path)) });
  expect(json(alone.results)).toBe(json(results));
  const series = Object.keys(parseCsv(read('history.csv'), { columns: true })[0] as object);
  const drawn = readdirSync(join(out, 'figures')).filter((name) => name.endsWith('.svg'));
  expect(existsSync(join(out, 'report.html'))).toBe(true);
  return { ...printed, out, results, figures, series, drawn, report: read('report.html') };
}

describe('numbers to predict', () => {
  const spec = (dataset: object) => ({
    ...smallSpec(),
    dataset,
    training: {
      epochs: 40,
      batchSize: 16,
      optimizer: { type: 'adam', learningRate: 0.02 },
      loss: 'meanSquaredError',
    },
    variants: [{ label: 'Plain' }, { label: 'L2', network: { l2: 0.05 } }],
  });
  const rows = samples.map((sample) => `${sample.join(',')},${price(sample)}`);

  it('are trained, compared in the loss and reported: CSV', async () => {
    const run = await runSpec(spec({ csv: 'prices.csv' }), { 'prices.csv': `a,b,price\n${rows.join('\n')}` });
    const { results, figures, stdout, stderr, series, drawn, report } = run;
    expect(results.metric).toBe('dataLoss');
    expect(Object.keys(results.metrics)).toEqual(['loss', 'dataLoss']);
    const [plain, penalized] = results.summary;
    expect(plain.testDataLoss.mean).toBeLessThan(0.2);
    expect(results.best).toBe(plain.testDataLoss.mean < penalized.testDataLoss.mean ? 'Plain' : 'L2');
    expect(penalized.testLoss.mean).toBeGreaterThan(penalized.testDataLoss.mean);
    expect(plain).not.toHaveProperty('testAccuracy');
    const [trial] = results.trials;
    expect(Object.keys(trial.test)).toEqual(['loss', 'dataLoss']);
    for (const key of ['confusion', 'calibration']) expect(trial).not.toHaveProperty(key);
    expect(figures.variants[0]).not.toHaveProperty('boundary');
    expect(figures.scatter!.label).toHaveLength(120);
    expect(series).toEqual(['variant', 'seed', 'epoch', 'trainLoss', 'trainDataLoss', 'valLoss', 'valDataLoss']);
    expect(stdout).toMatch(/\nVariant +Test loss +95 % interval +Train loss +Epochs\nPlain +\d\.\d+ /);
    expect(stdout).toContain('lowest mean test loss: ');
    expect(stdout + stderr + report).not.toMatch(/accuracy/i);
    expect(stderr).toMatch(/^\[1\/4\] Plain, seed 7: test loss \d\.\d+, 40 epochs, /);
    expect(drawn).toContain('test-loss.svg');
    for (const name of ['confusion', 'calibration', 'decision-boundaries']) expect(drawn).not.toContain(`${name}.svg`);
  });

  it('may be several for each sample: NumPy arrays', async () => {
    const y = samples.flatMap(([a, b]) => [a + b, a * b]);
    const archive = zipSync({ 'x.npy': npy([120, 2], samples.flat()), 'y.npy': npy([120, 2], y) });
    const { results } = await runSpec(spec({ npz: 'data.npz' }), { 'data.npz': archive });
    for (const { history, test } of results.trials) {
      expect(history.valDataLoss.at(-1)).toBeLessThan(history.valDataLoss[0]);
      expect(test.dataLoss).toBeLessThan(0.5);
    }
  });

  it('stop early by the loss, and refuse metrics of classes', async () => {
    const dataset = { csv: 'prices.csv' };
    const readFile = () => new TextEncoder().encode(`a,b,price\n${rows.join('\n')}`);
    const stopping = spec(dataset);
    const { results } = await runExperiment(
      {
        ...stopping,
        training: { ...stopping.training, epochs: 400, earlyStopping: { patience: 5, monitor: 'valDataLoss' } },
      },
      { readFile },
    );
    for (const { epochs, bestEpoch } of results.trials) expect(epochs === 400 || epochs === bestEpoch + 5).toBe(true);
    await expect(runExperiment({ ...spec(dataset), metrics: ['macroF1'] }, { readFile })).rejects.toThrow(
      /must be a metric for regression/,
    );
    await expect(
      runExperiment({ ...spec(dataset), split: { ...smallSpec().split, stratify: true } }, { readFile }),
    ).rejects.toThrow(/'split.stratify' .* must be false for numbers/);
  });

  it('are not what generators and built-in data hold', async () => {
    const { training } = spec({});
    for (const [dataset, name] of [
      [smallSpec().dataset, 'makeMoons'],
      [{ builtin: 'wine' }, 'wine'],
    ] as const) {
      await expect(runExperiment({ ...smallSpec(), dataset, training })).rejects.toThrow(
        `The targets of ${name} are classes, and the loss is for numbers. Take a loss for classes`,
      );
    }
  });

  it('need a file that holds numbers', async () => {
    const readFile = () => new TextEncoder().encode('a,b,price\n1,2,cheap\n3,4,dear\n');
    await expect(runExperiment(spec({ csv: 'prices.csv' }), { readFile })).rejects.toThrow(/In prices\.csv: .*"cheap"/);
  });
});

describe('two classes with one output', () => {
  it('are trained and reported as classes are', async () => {
    const spec = smallSpec();
    spec.dataset.parameters = { nSamples: 300, noise: 0.15, randomState: 1 };
    Object.assign(spec.training, { epochs: 30, loss: 'binaryCrossEntropy' });
    const { results, figures, stdout, drawn } = await runSpec(spec);
    expect(results.metric).toBe('accuracy');
    for (const { test, confusion, calibration } of results.trials) {
      expect(test.accuracy).toBeGreaterThan(0.8);
      expect(confusion!.flat().reduce((a, b) => a + b)).toBe(60);
      const right = confusion![0][0] + confusion![1][1];
      expect(right / 60).toBeCloseTo(test.accuracy, 12);
      // Confidence is the probability of the predicted class, never below one half.
      expect(calibration!.count.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
      expect(calibration!.count.reduce((a, b) => a + b)).toBe(60);
    }
    const { boundary } = figures.variants[0];
    expect(boundary).toMatchObject({ classes: 2 });
    expect(boundary!.probabilities).toHaveLength(90 * 72);
    expect(drawn).toEqual(expect.arrayContaining(['confusion.svg', 'calibration.svg', 'decision-boundaries.svg']));
    expect(stdout).toMatch(/\nVariant +Test accuracy /);
  });

  it('are two: three are refused', async () => {
    const spec = { ...smallSpec(), dataset: { builtin: 'wine' } };
    spec.training.loss = 'binaryCrossEntropy';
    await expect(runExperiment(spec)).rejects.toThrow(/class/);
  });
});

describe('another metric that decides', () => {
  it('is in table, progress, history, report and verdicts', async () => {
    const spec = { ...smallSpec(), dataset: { builtin: 'wine' }, metric: 'macroF1', metrics: ['accuracy'] };
    spec.training.epochs = 20;
    const { results, stdout, stderr, series, report, drawn } = await runSpec(spec);
    expect(results.metric).toBe('macroF1');
    expect(results.metrics).toEqual({
      loss: { better: 'lower', unit: 'none' },
      dataLoss: { better: 'lower', unit: 'none' },
      accuracy: { better: 'higher', unit: 'share' },
      macroF1: { better: 'higher', unit: 'share' },
    });
    const means = results.summary.map(({ testMacroF1 }) => testMacroF1.mean);
    expect(results.best).toBe(results.summary[means.indexOf(Math.max(...means))].variant);
    expect(results.comparisons[0].difference.mean).toBeCloseTo(means[1] - means[0], 12);
    expect(results.summary[0].gap.mean).toBeCloseTo(results.summary[0].trainMacroF1.mean - means[0], 12);
    expect(series).toEqual(expect.arrayContaining(['trainMacroF1', 'valMacroF1', 'valAccuracy']));
    expect(stdout).toMatch(/\nVariant +Test macro F1 +95 % interval +Train macro F1 +Epochs\n/);
    expect(stderr).toMatch(/^\[1\/4\] Plain, seed 7: test macro F1 [\d.]+ %, 20 epochs, /);
    expect(report).toContain('macro F1');
    expect(drawn).toContain('test-macro-F1.svg');
  });

  it('may be the loss', async () => {
    const { results, stdout } = await runSpec({ ...smallSpec(), metric: 'dataLoss' });
    expect(results.metric).toBe('dataLoss');
    const means = results.summary.map(({ testDataLoss }) => testDataLoss.mean);
    expect(results.best).toBe(results.summary[means.indexOf(Math.min(...means))].variant);
    expect(stdout).toMatch(/\nVariant +Test loss /);
  });
});
