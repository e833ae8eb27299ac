// Outcomes of trials as bytes: what comes back, and what is refused.
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { facts, ofError, ofResult, seal, unseal } from '../../src/cluster/outcome.ts';
import { NumericError, ParameterError, WorkerError } from '../../src/errors/index.ts';
import { type ExperimentSpec, expand, runTrial } from '../../src/experiment/index.ts';
import { spec } from './helpers.ts';

const [trial, other] = expand(spec as ExperimentSpec);
const result = await runTrial(trial);
const { bytes, sha256 } = seal('id', 'alice', ofResult(result));

test('a result comes back with the label of the trial that asks', () => {
  expect(unseal('id', bytes, trial)).toEqual({ result });
  expect(unseal('id', bytes, { ...trial, variant: 'B', point: { a: 1 } })).toMatchObject({
    result: { variant: 'B', point: { a: 1 } },
  });
});

test('equal results have one hash, whoever gives them, and labels do not count', () => {
  const again = seal('id', 'bob', ofResult({ ...result, variant: 'B' }));
  expect(again.sha256).toBe(sha256);
  expect(facts(again.bytes)).toEqual({ sha256, machine: 'bob' });
  expect(seal('id', 'bob', ofResult({ ...result, epochs: 4 })).sha256).not.toBe(sha256);
});

test('an error that every machine gives is an outcome, others are not', () => {
  const sealed = seal('id', 'alice', ofError(new NumericError('NaN', { code: 'ERR_DIVERGED' }))!);
  const { error } = unseal('id', sealed.bytes, trial) as { error: Error };
  expect(error).toBeInstanceOf(NumericError);
  expect(error).toMatchObject({ message: 'NaN', code: 'ERR_DIVERGED' });
  expect(ofError(new WorkerError('crashed'))).toBeUndefined();
  expect(ofError(new Error('disk'))).toBeUndefined();
  expect(ofError(new ParameterError('other data', { code: 'ERR_CHECKSUM' }))).toBeUndefined();
});

const forged = (value: unknown) => seal('id', 'mallory', value as never).bytes;

test.each([
  ['another id', 'x', bytes],
  ['a bit that has changed', 'id', Buffer.concat([bytes.subarray(0, -4), Buffer.from('abcd')])],
  ['half of it', 'id', bytes.subarray(0, bytes.length / 2)],
  ['no bytes', 'id', Buffer.alloc(0)],
  ['another format', 'id', Buffer.from('{"result":1}')],
  ['another seed', 'id', seal('id', 'm', ofResult({ ...result, seed: other.seed })).bytes],
  ['more epochs than there can be', 'id', seal('id', 'm', ofResult({ ...result, epochs: 999 })).bytes],
  ['NaN', 'id', seal('id', 'm', ofResult({ ...result, test: { ...result.test, loss: Number.NaN } })).bytes],
  ['no result', 'id', forged({ result: null })],
  ['an error without a message', 'id', forged({ error: { name: 'NumericError' } })],
  ['null', 'id', forged(null)],
  ['a bomb', 'id', Buffer.concat([Buffer.from('{"sha256":"","machine":""}\n'), deflateRawSync(Buffer.alloc(3e8))])],
])('%s is refused', (_, id, value) => {
  expect(() => unseal(id, value, trial)).toThrow(/^What the queue has for this trial is not its result/);
});
