// The snippets of the README run as printed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const snippets = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);

test('there are snippets', () => expect(snippets.length).toBeGreaterThan(0));

test.each(snippets.map((code, i) => [i + 1, code] as const))('snippet %i', (number, code) => {
  // Inside the package, so that it is found under its own name.
  mkdirSync('build/readme', { recursive: true });
  const file = `build/readme/snippet-${number}.mjs`;
  writeFileSync(file, code);
  const output = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  expect(output).toMatch(/^best epoch \d+ of \d+ \{\s+loss: 0\.[0-9]+/);
  expect(Number(/accuracy: ([0-9.]+)/.exec(output)?.[1])).toBeGreaterThan(0.9);
});

test('local links lead somewhere', () => {
  for (const [, target] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g))
    expect(() => readFileSync(target).length || 1).not.toThrow(/ENOENT/);
});
