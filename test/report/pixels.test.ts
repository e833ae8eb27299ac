// Reports on data without maps over two features, as of images.
import { expect, test } from 'vitest';
import { buildFigures, buildReport, renderSvg } from '../../src/report/index.ts';
import { fixture } from './fixture.ts';

function withoutMaps() {
  const { results, data } = fixture({ classes: 10 });
  const { scatter, ...others } = data;
  const variants = data.variants.map(({ boundary, ...variant }) => variant);
  results.spec.dataset = { builtin: 'digits' };
  results.spec.scaling = 'minmax';
  return { results, data: { ...others, variants } };
}

test('without maps the data and boundary figures are left out', () => {
  const { results, data } = withoutMaps();
  const names = buildFigures(results, data).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['training-curves', 'test-accuracy', 'first-layer-weights']));
  expect(names).not.toContain('data');
  expect(names).not.toContain('decision-boundaries');
});

test('variants without a boundary have no panel', async () => {
  const { results, data } = fixture();
  delete data.variants[0].boundary;
  const figure = buildFigures(results, data).find(({ name }) => name === 'decision-boundaries')!;
  expect(figure.alt).not.toContain('Baseline');
  expect(await renderSvg(figure)).not.toMatch(/NaN|undefined/);
});

test('the report names the dataset and its scaling', async () => {
  const { results, data } = withoutMaps();
  const drawn = await Promise.all(
    buildFigures(results, data).map(async (figure) => ({ figure, svg: await renderSvg(figure) })),
  );
  const page = buildReport(results, drawn);
  expect(page).toContain('digits (real data that come with Regulus)');
  expect(page).toContain('From 0 to 1, fitted on the training part');
});
