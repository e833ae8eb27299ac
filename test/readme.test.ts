// The snippets of the README run as printed.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codeBlocks, runSnippets } from './snippets.ts';

const readme = readFileSync('README.md', 'utf8');
const snippets = codeBlocks('README.md', readme, ['js']);
const outcomes = await runSnippets(snippets, 'readme');

test('there are snippets', () => expect(snippets.length).toBeGreaterThan(0));

test.each(outcomes)('snippet %$', ({ output, error }) => {
  expect(error).toBeUndefined();
  expect(output).toMatch(/^best epoch \d+ of \d+ \{\s+loss: 0\.[0-9]+/);
  expect(Number(/accuracy: ([0-9.]+)/.exec(output)?.[1])).toBeGreaterThan(0.9);
});

test('local links lead somewhere', () => {
  for (const [, target] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g))
    expect(() => readFileSync(target).length || 1).not.toThrow(/ENOENT/);
});
