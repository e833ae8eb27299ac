// docs/methods: a page for each method, made from the definitions and the tours. `npx vitest run test/methods -u` makes them anew.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presets } from '../../src/experiment/index.ts';
import { codeBlocks, runSnippets } from '../snippets.ts';
import { pages } from './pages.ts';
import { render, type Tours } from './render.ts';

const folder = 'docs/methods';
const tours: Tours = JSON.parse(readFileSync(`${folder}/tours.json`, 'utf8'));
const files = render(pages, tours);

test.each(Object.keys(files))('%s is what definitions and tours say', async (name) => {
  await expect(files[name]).toMatchFileSnapshot(`../../${folder}/${name}`);
});

test('every variant of the tours has a page, and there are no other files', () => {
  const titles = ['Baseline', ...pages.map(({ title }) => title)].sort();
  for (const [name, tour] of Object.entries(tours)) {
    // Methods of predicting are no variants of a spec: they have a figure of their own.
    const predicting = pages.filter(({ figure }) => figure).map(({ title }) => title);
    expect([...presets[name].variants.map(({ label }) => label), ...predicting].sort()).toEqual(titles);
    expect(tour.map(({ variant }) => variant).sort()).toEqual(titles);
  }
  expect(readdirSync(folder).sort()).toEqual(['tours.json', ...Object.keys(files)].sort());
});

test('methods help where they should, and some do harm where there is nothing to mend', () => {
  const count = (name: string, verdict: string) => tours[name].filter((tour) => tour.verdict === verdict).length;
  expect(count('regularization-tour', 'better')).toBeGreaterThan(12);
  expect(count('regularization-tour-plenty', 'worse')).toBeGreaterThan(2);
});

test('the examples run', async () => {
  const blocks = Object.entries(files)
    .filter(([name]) => name.endsWith('.md'))
    .flatMap(([name, text]) => codeBlocks(`${folder}/${name}`, text, ['js']));
  expect(blocks.length).toBeGreaterThanOrEqual(pages.length);
  const outcomes = await runSnippets(blocks, 'methods');
  expect(outcomes.filter(({ error }) => error)).toEqual([]);
});
