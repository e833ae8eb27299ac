// The engine running these tests meets the committed hashes; `npm run test:engines` asks the other engines.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as data from '../../src/data/index.ts';
import * as nn from '../../src/nn/index.ts';
import * as optim from '../../src/optim/index.ts';
import * as preprocessing from '../../src/preprocessing/index.ts';
import * as random from '../../src/random/index.ts';
import * as train from '../../src/train/index.ts';
import { bytesOf, type Value } from './bytes.ts';
import committed from './hash.json' with { type: 'json' };
import { runJobs } from './run-jobs.ts';

const source = ['./jobs.ts', '../contracts/samples.ts']
  .map((path) => readFileSync(new URL(path, import.meta.url), 'utf8').replace(/^import [^;]*;/gm, ''))
  .join('\n');

test('this engine gives the committed bits', async () => {
  const { hash, jobs } = await runJobs();
  expect(jobs).toEqual(committed.jobs);
  expect(hash).toBe(committed.hash);
});

test('the jobs use everything that makes numbers', () => {
  const names = Object.entries({ ...data, ...nn, ...optim, ...preprocessing, ...random, ...train })
    .filter(([name, value]) => typeof value === 'function' && !/^(check|define)[A-Z]/.test(name))
    .map(([name]) => name);
  // Made or used by what the jobs call.
  const indirect = [
    'Network',
    'startOptimizer',
    'innerSeed',
    'layerStream',
    'shufflingStream',
    'stepKey',
    'counterWord',
    'zeroMatrix',
    'expandLayers',
    'meanOf',
    'targetData',
    'normalQuantile',
    'oneHotColumns',
    'quantileRank',
  ];
  const tables = [
    'cellsOf',
    'isNumeric',
    'isTable',
    'makeTable',
    'matrixFromTable',
    'selectColumns',
    'tableFromMatrix',
  ];
  const withoutNumbers = [
    'byIndex',
    'isDescribed',
    'isPromise',
    'seriesName',
    'unrecorded',
    'conflict',
    'recordedSeries',
    'transformerFromJson',
  ];
  expect(names.length).toBeGreaterThan(20);
  const combined = ['splittingStream', 'crossValidate', 'ensemble'];
  const others = [...indirect, ...combined, ...tables, 'takeTableRows', 'toTable', ...withoutNumbers];
  expect(names.filter((name) => !others.includes(name) && !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
});

test('different results have different bytes', () => {
  const values: Value[] = [
    0,
    -0,
    1,
    1 + Number.EPSILON,
    Number.POSITIVE_INFINITY,
    '',
    '1',
    true,
    false,
    null,
    [],
    {},
    [1],
    [[1]],
    [1, 1],
    [[1], 1],
    { a: 1 },
    { b: 1 },
    { a: [1] },
    new Float64Array([1]),
    new Float32Array([1]),
    new Int32Array([1]),
    new Float64Array([1, 1]),
  ];
  const seen = values.map((value) => Buffer.from(bytesOf(value)).toString('hex'));
  expect(new Set(seen).size).toBe(values.length);
});

test('equal results have equal bytes, whatever the order of keys', () => {
  expect(bytesOf({ a: 1, b: [2] })).toEqual(bytesOf({ b: [2], a: 1 }));
  expect(Buffer.from(bytesOf(new Float32Array([1.5]))).toString('hex')).toBe(
    `${Buffer.from('f32 1\n').toString('hex')}0000c03f`,
  );
});

test('NaN is refused with its place', () => {
  expect(() => bytesOf({ history: { loss: [1, Number.NaN] } })).toThrow('.history.loss[1]');
  expect(() => bytesOf([new Float32Array([0, Number.NaN])])).toThrow('[0][1] is NaN');
  expect(() => bytesOf([undefined as unknown as Value])).toThrow('no bytes are defined');
});
