// Models on the command line: `predict` and `export`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { parse as parseCsv } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { dense, sequential, trainTestSplit } from '../../src/index.ts';
import { type AnyPredictor, loadModel, modelInfo, saveModel } from '../../src/model/index.ts';
import { fitTable, predictorFromJson } from '../../src/tables/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { executable, runHere, runProcess, temporaryFolder } from './terminal.ts';

const penguins = readFileSync(new URL('../tables/penguins.csv', import.meta.url), 'utf8');
const quick = { network: { hiddenUnits: [16] }, training: { epochs: 10 } };

/** A known row, and one of an island that no one has seen, with holes. */
const unseen = `island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex
Biscoe,46.1,13.2,211,4500,female
Atlantis,39,,190,3700,NA
`;

async function saved(target: string) {
  const folder = temporaryFolder();
  const predictor = await fitTable(penguins.replaceAll('Gentoo', 'Gentoo, ""big""'), { target, ...quick });
  const [model, data] = [join(folder, 'model.safetensors'), join(folder, 'new.csv')];
  writeFileSync(model, saveModel(predictor));
  writeFileSync(data, unseen.replace(/^island/, 'species,island').replace(/^(Biscoe|Atlantis)/gm, 'Adelie,$1'));
  return { folder, predictor, model, data };
}

describe('regulus predict', () => {
  it('writes a class and the probabilities of all for each row, in a process of its own', async () => {
    const { predictor, model, data } = await saved('species');
    const { code, stdout, stderr } = await runProcess(['predict', model, data]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [header, ...rows] = parseCsv(stdout) as string[][];
    expect(header).toEqual(['species', 'Adelie', 'Chinstrap', 'Gentoo, "big"']);
    const probabilities = predictor.predictProbabilities(unseen);
    expect(rows).toEqual(
      predictor.predict(unseen).map((name, i) => [name, ...Object.values(probabilities[i]).map(String)]),
    );
  });

  it('writes numbers to a file', async () => {
    const { folder, predictor, model, data } = await saved('body_mass_g');
    const out = join(folder, 'out', 'predictions.csv');
    const { code, stdout } = await runHere(['predict', model, data, '--out', out]);
    expect([code, stdout]).toEqual([0, `${out}\n`]);
    const values = predictor.predict(readFileSync(data, 'utf8'));
    expect(readFileSync(out, 'utf8')).toBe(`body_mass_g\n${values.join('\n')}\n`);
  });

  it('leaves the file that was there where a row in the middle cannot be read', async () => {
    const { folder, model, data } = await saved('species');
    const rows = readFileSync(data, 'utf8');
    const out = join(folder, 'kept.csv');
    writeFileSync(out, 'before');
    writeFileSync(
      data,
      `${rows}${rows.slice(rows.indexOf('\n') + 1).repeat(30_000)}Adelie,Biscoe,wide,13.2,211,4500,female\n`,
    );
    const { code, stderr } = await runHere(['predict', model, data, '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('Got "wide" in row 60002 (line 60004)');
    expect(readFileSync(out, 'utf8')).toBe('before');
    expect(readdirSync(folder).sort()).toEqual(['kept.csv', 'model.safetensors', 'new.csv']);
  });

  it('ends where nobody reads on', async () => {
    const { model, data } = await saved('species');
    const rows = readFileSync(data, 'utf8');
    writeFileSync(data, rows + rows.slice(rows.indexOf('\n') + 1).repeat(100_000));
    const child = spawn(process.execPath, [executable, 'predict', model, data], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await ended).toEqual([0, null]);
  });

  it('reads the standard input, and stops where nobody ends it', async () => {
    const { model, data } = await saved('species');
    const read = () => spawn(process.execPath, [executable, 'predict', model, '-'], { stdio: 'pipe' });
    const [whole, open] = [read(), read()];
    whole.stdin.end(readFileSync(data));
    expect(await text(whole.stdout)).toBe((await runHere(['predict', model, data])).stdout);
    open.stdin.write(readFileSync(data));
    const ended = once(open, 'close');
    setTimeout(() => open.kill('SIGINT'), 1000);
    expect((await ended)[0]).toBe(130);
  });

  it('says what is wrong with its files', async () => {
    const { folder, model, data } = await saved('species');
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const message = async (...files: string[]) => {
      const { code, stdout, stderr } = await runHere(['predict', ...files]);
      expect([code, stdout]).toEqual([1, '']);
      return stderr;
    };
    expect(await message(join(folder, 'none'), data)).toMatch(/^error: Cannot read .*none: there is no such file/);
    expect(await message(model, join(folder, 'none'))).toMatch(/^error: Cannot read .*none: there is no such file/);
    expect(await message(data, data)).toMatch(/^error: In .*new\.csv: This model file/);
    expect(await message(model, file('short.csv', 'island,sex\nDream,male\n'))).toMatch(
      /^error: In .*short\.csv: The rows of .* have no column 'bill_length_mm'/,
    );
    expect(await message(model, file('latin.csv', Uint8Array.of(0x6f, 0xff, 0x0a)))).toMatch(/latin\.csv: .*not UTF-8/);
    const network = file('network.safetensors', saveModel(sequential({ inputSize: 2, layers: [dense(2)] })));
    expect(await message(network, data)).toContain('holds a network alone');
  });
});

it('a kind of your own needs the module that defines it, which no model file brings along', async () => {
  const { folder, data, predictor } = await saved('species');
  const module = join(folder, 'half.mjs');
  writeFileSync(
    module,
    `import { defineLayer } from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
export const half = defineLayer({ type: 'half', options: {}, build: (_, { size }) => ({
  outputSize: size,
  forward(y, x, rows) { for (let i = 0; i < rows * size; i++) y.data[i] = x.data[i] / 2; },
  backward() {},
}) });`,
  );
  const { half } = await import(pathToFileURL(module).href);
  const layers = [dense(4), half(), dense(3)];
  const network = sequential({ inputSize: predictor.featureNames.length, layers, seed: 1 });
  const own = join(folder, 'own.safetensors');
  writeFileSync(own, saveModel(predictorFromJson(predictor.toJSON(), network)));
  const refused = await runProcess(['predict', own, data]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Unknown layer 'half'")]);
  expect(refused.stderr).toContain('--modules ./my-kinds.js');
  const { code, stdout, stderr } = await runProcess(['predict', own, data, '--modules', module]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trim().split('\n')).toHaveLength(3);
  const exported = await runProcess(['export', own, '--to', 'js', '--modules', module]);
  expect([exported.code, exported.stderr]).toEqual([1, expect.stringContaining("cannot express the layer 'half'")]);
});

it('a run on several labels leaves a model of the rows of a table, for a process of its own', async () => {
  const folder = temporaryFolder();
  const [spec, data] = [join(folder, 'spec.json'), join(folder, 'new.csv')];
  const dataset = {
    generator: 'makeMultilabelClassification',
    parameters: { nSamples: 100, nFeatures: 3, nClasses: 2 },
  };
  const { training } = smallSpec();
  writeFileSync(
    spec,
    JSON.stringify({
      ...smallSpec(),
      dataset,
      training: { ...training, loss: 'binaryCrossEntropy' },
      metric: 'dataLoss',
    }),
  );
  writeFileSync(data, 'Feature 2,Feature 1,Feature 3\n5,2,1\n0,1,9\n');
  expect((await runHere(['run', spec, '--out', folder, '--quiet'])).code).toBe(0);
  const model = join(folder, 'model.safetensors');
  const { code, stdout, stderr } = await runProcess(['predict', model, data]);
  expect([code, stderr]).toEqual([0, '']);
  const [header, ...rows] = parseCsv(stdout) as string[][];
  expect(header).toEqual(['target 1', 'target 2', 'target 1 (probability)', 'target 2 (probability)']);
  expect(rows).toHaveLength(2);
  for (const [one, two, p1, p2] of rows)
    expect([one, two]).toEqual([p1, p2].map((p) => String(Number(Number(p) > 0.5))));
  for (const to of ['onnx', 'js']) expect((await runHere(['export', model, '--to', to])).code).toBe(0);
});

it('a run with members leaves a model that predicts the rows of the test part as its results say', async () => {
  const folder = temporaryFolder();
  const [spec, data] = [join(folder, 'spec.json'), join(folder, 'test.csv')];
  writeFileSync(join(folder, 'penguins.csv'), penguins);
  const { training, split } = smallSpec();
  const own = {
    ...{
      ...smallSpec(),
      dataset: { csv: 'penguins.csv', target: 'species' },
      variants: [{ label: 'Bag' }],
      seeds: [7],
    },
    training: { ...training, members: 3, epochs: 20 },
  };
  writeFileSync(spec, JSON.stringify(own));
  expect((await runHere(['run', spec, '--out', folder, '--quiet'])).code).toBe(0);
  const { trials } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));

  const [header, ...lines] = penguins.trim().split('\n');
  const x = { data: Float64Array.from(lines.keys()), shape: [lines.length, 1] as [number, number] };
  const { testSize, randomState } = split;
  const { test } = trainTestSplit({ x, y: new Int32Array(lines.length) }, { testSize, randomState });
  const rows = Array.from(test.x.data, (i) => lines[i]);
  writeFileSync(data, [header, ...rows].join('\n'));
  const { code, stdout, stderr } = await runProcess(['predict', join(folder, 'model.safetensors'), data]);
  expect([code, stderr]).toEqual([0, '']);
  const predicted: Record<string, string>[] = parseCsv(stdout, { columns: true });
  const expected: Record<string, string>[] = parseCsv([header, ...rows].join('\n'), { columns: true });
  const right = predicted.filter(({ species }, i) => species === expected[i].species).length;
  const loss = predicted.reduce((sum, row, i) => sum - Math.log(Number(row[expected[i].species])), 0) / rows.length;
  const { accuracy, dataLoss } = trials[0].test;
  expect(right / rows.length).toBe(accuracy);
  expect(Math.abs(loss - dataLoss)).toBeLessThanOrEqual(1e-5 * dataLoss);
  for (const to of ['onnx', 'js'])
    expect((await runHere(['export', join(folder, 'model.safetensors'), '--to', to])).code).toBe(0);
});

describe('regulus export', () => {
  it('writes each format beside the model', async () => {
    const { folder, model } = await saved('species');
    for (const [to, file] of Object.entries({ onnx: 'model.onnx', js: 'model.js' })) {
      const { code, stdout, stderr } = await runHere(['export', model, '--to', to]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain(join(folder, file));
      expect(existsSync(join(folder, file))).toBe(true);
    }
    const network = join(folder, 'network.safetensors');
    writeFileSync(network, saveModel(sequential({ inputSize: 2, layers: [dense(2)] })));
    expect((await runHere(['export', network, '--to', 'tfjs'])).code).toBe(0);
    for (const file of ['model.json', 'weights.bin']) expect(existsSync(join(folder, 'network-tfjs', file))).toBe(true);
  });

  it('names what a format cannot express', async () => {
    const { model } = await saved('species');
    const { code, stderr } = await runHere(['export', model, '--to', 'tfjs']);
    expect([code, stderr]).toEqual([1, expect.stringContaining("cannot express the preprocessing 'AsinhScaler'")]);
  });

  it('writes code that predicts, where it is told', async () => {
    const { folder, predictor, model } = await saved('species');
    mkdirSync(join(folder, 'page'));
    const out = join(folder, 'page', 'penguins.mjs');
    expect((await runHere(['export', model, '--to', 'js', '--out', out])).code).toBe(0);
    const { predict } = await import(pathToFileURL(out).href);
    expect(predict(parseCsv(unseen, { columns: true }))).toEqual(predictor.predict(unseen));
  });

  it('needs a known format', async () => {
    const { code, stderr } = await runHere(['export', 'model.safetensors', '--to', 'keras']);
    expect(code).toBe(2);
    expect(stderr).toContain('onnx, tfjs, js');
  });
});

describe('regulus run', () => {
  it('leaves the best variant with all of its seeds, the same bytes for any number of workers', async () => {
    const folder = temporaryFolder();
    const [data, file] = [join(folder, 'penguins.csv'), join(folder, 'spec.json')];
    writeFileSync(data, penguins);
    const spec = {
      ...smallSpec(),
      dataset: { csv: 'penguins.csv', target: 'species' },
      network: { hiddenUnits: [8] },
      variants: [{ label: 'Long' }, { label: 'Short', training: { epochs: 1 } }],
      seeds: [1, 2, 3],
    };
    spec.training.epochs = 15;
    writeFileSync(file, JSON.stringify(spec));
    const model = (out: string) => join(folder, out, 'model.safetensors');
    for (const workers of ['1', '2']) {
      const { code, stderr } = await runHere(['run', file, '--out', join(folder, workers), '--workers', workers]);
      expect(code, stderr).toBe(0);
    }
    const bytes = readFileSync(model('1'));
    expect(readFileSync(model('2')).equals(bytes)).toBe(true);
    const predictor = loadModel<AnyPredictor>(bytes);
    expect('models' in predictor.model && predictor.model.models.length).toBe(3);
    expect(modelInfo(predictor).origin).toMatchObject({ variant: 'Long', seeds: [1, 2, 3], metric: 'accuracy' });
    const results = JSON.parse(readFileSync(join(folder, '1', 'results.json'), 'utf8'));
    expect(results.trials[0].model).toBeUndefined();
    // Another process predicts what this one does, also of an island that no one has seen, and holes.
    writeFileSync(data, unseen);
    const { stdout } = await runProcess(['predict', model('1'), data]);
    const [, ...rows] = parseCsv(stdout) as string[][];
    const probabilities = predictor.predictProbabilities(unseen);
    expect(rows.map(([name]) => name)).toEqual(predictor.predict(unseen));
    expect(rows.map((row) => row.slice(1).map(Number))).toEqual(probabilities.map((p) => Object.values(p)));
  });
});

describe('a table without a spec', () => {
  it('is compared, the same way as with the spec that init writes', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'penguins.csv');
    writeFileSync(data, penguins);
    const [spec, quickly] = [join(folder, 'penguins.spec.json'), ['--epochs', '1', '--seeds', '1', '--workers', '1']];
    expect(await runHere(['init', data, '--target', 'species'])).toEqual({ code: 0, stdout: `${spec}\n`, stderr: '' });
    expect(readFileSync(spec, 'utf8')).toMatch(/\/\/ island +category +0 +3/);
    const [one, other] = ['one', 'other'].map((name) => join(folder, name));
    expect((await runHere(['run', spec, '--out', one, ...quickly])).code).toBe(0);
    expect((await runHere(['run', data, '--target', 'species', '--out', other, ...quickly])).code).toBe(0);
    const [results, again] = [one, other].map((out) => readFileSync(join(out, 'results.json'), 'utf8'));
    expect(again).toBe(results);
    expect(JSON.parse(results).summary.map(({ variant }: { variant: string }) => variant)).toHaveLength(5);
    // Anywhere else, it says where the table is.
    mkdirSync(join(folder, 'specs'));
    const elsewhere = join(folder, 'specs', 'a.json');
    expect((await runHere(['init', data, '--target', 'species', '--out', elsewhere])).code).toBe(0);
    expect(readFileSync(elsewhere, 'utf8')).toContain('"csv": "../penguins.csv"');
    expect((await runHere(['run', elsewhere, '--out', one, ...quickly])).code).toBe(0);
    // What a person has changed is not overwritten.
    expect((await runHere(['init', data, '--target', 'species'])).stderr).toContain('There is a file');
    expect((await runHere(['run', data])).stderr).toContain('needs --target');
    // Of a table as spreadsheets write it where the comma stands in numbers.
    writeFileSync(data, penguins.replaceAll(',', ';').replace(/(\d)\.(\d)/g, '$1,$2'));
    expect((await runHere(['run', data, '--target', 'species', '--overwrite', '--out', other, ...quickly])).code).toBe(
      0,
    );
    expect(JSON.parse(readFileSync(join(other, 'results.json'), 'utf8')).trials).toEqual(JSON.parse(results).trials);
  });
});
