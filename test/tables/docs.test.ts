// The snippets of docs/tables.md run as printed.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codeBlocks, runSnippets } from '../snippets.ts';

const file = 'docs/tables.md';
const outcomes = await runSnippets(codeBlocks(file, readFileSync(file, 'utf8'), ['js']), 'tables');

test('all snippets run', () => {
  expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
  expect(outcomes[0].output).toContain('date');
  expect(outcomes[1].output).toContain("[ 'high' ]");
  expect(outcomes[2].output).toContain('Float64Array(3) [ 0, 0, 0 ]');
});
