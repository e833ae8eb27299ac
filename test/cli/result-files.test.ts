// results.json in pieces has the bytes of the whole.
import { expect, it } from 'vitest';
import { resultsJson } from '../../src/cli/result-files.ts';
import { runExperiment } from '../../src/experiment/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';

it('gives what JSON.stringify gives, in about as many pieces as trials', async () => {
  const results = { ...(await runExperiment(smallSpec())).results, name: 'two\nlines' };
  const pieces = [...resultsJson(results)];
  expect(pieces.join('')).toBe(`${JSON.stringify(results, null, 2)}\n`);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(pieces.join('').length / 2);
});
