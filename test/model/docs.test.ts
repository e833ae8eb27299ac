// The snippets of docs/models.md run as printed, one after the other.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codeBlocks, runSnippets } from '../snippets.ts';

const text = readFileSync('docs/models.md', 'utf8');
const outcomes = await runSnippets(codeBlocks('docs/models.md', text, ['js']), 'models');

test('all code is run', () => {
  expect(outcomes.length).toBeGreaterThan(0);
  expect(text.match(/^```\w+$/gm)?.length).toBe(outcomes.length);
});

test.each(outcomes)('snippet %$', ({ error }) => expect(error).toBeUndefined());

test('they print what they say', () => {
  const said = [...text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, output]) => output);
  const printed = outcomes.map(({ output }) => output.trim());
  expect(said.length).toBeGreaterThan(2);
  for (const output of said) expect(printed).toContain(output);
});
