// The snippets of the README run as printed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadSpec } from '../src/cli/load-spec.ts';
import { codeBlocks, runSnippets } from './snippets.ts';

const readme = readFileSync('README.md', 'utf8');
const snippets = codeBlocks('README.md', readme, ['js']);
const outcomes = await runSnippets(snippets, 'readme');

test('there are snippets', () => expect(snippets.length).toBeGreaterThan(0));

test.each(outcomes)('snippet %$', ({ error }) => expect(error).toBeUndefined());

test('the first goes from a table to a prediction in its own unit', () => {
  const [, known] = /^\[ ([0-9.]+), [0-9.]+ \]$/.exec(outcomes[0].output.trim()) as RegExpExecArray;
  expect(Math.abs(Number(known) - 370_000)).toBeLessThan(30_000);
});

test('the second trains', () => {
  expect(outcomes[1].output).toMatch(/^best epoch \d+ of \d+ \{\s+loss: 0\.[0-9]+/);
  expect(Number(/accuracy: ([0-9.]+)/.exec(outcomes[1].output)?.[1])).toBeGreaterThan(0.9);
});

test('the specs are valid, with the module of kinds', async () => {
  const folder = 'build/snippets/readme-specs';
  mkdirSync(folder, { recursive: true });
  const blocks = codeBlocks('README.md', readme, ['json', 'ts']).map(({ code }) => code);
  const write = (name: string, has: string) =>
    writeFileSync(`${folder}/${name}`, blocks.find((code) => code.includes(has))!);
  write('regulus.config.ts', '// regulus.config.ts');
  write('my-kinds.js', '// my-kinds.js');
  write('houses.json', '"name": "houses"');
  writeFileSync(`${folder}/houses.csv`, 'size,price\n1,2\n');
  expect((await loadSpec(`${folder}/regulus.config.ts`)).spec.name).toBe('wine');
  expect((await loadSpec(`${folder}/houses.json`)).spec.modules).toHaveLength(1);
});

test('links into the repository are whole, so that they work on npm, and lead somewhere', () => {
  const { repository } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [, owner] = /github\.com\/(.+)\.git$/.exec(repository.url) as RegExpExecArray;
  const into = new RegExp(
    `^https://(?:github\\.com/${owner}/(?:blob|tree)|raw\\.githubusercontent\\.com/${owner})/main/([^#]+)`,
  );
  const links = Array.from(readme.matchAll(/\]\(([^)]+)\)/g), ([, link]) => link);
  const paths = links.flatMap((link) => into.exec(link)?.[1] ?? []);
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  expect(links.filter((link) => !/^(https:\/\/|#)/.test(link))).toEqual([]);
});
