// Where specs come from: presets, JSON files and modules.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSpec } from '../../src/cli/load-spec.ts';
import { presets } from '../../src/experiment/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { temporaryFolder } from './terminal.ts';

function file(name: string, content: string, folder = temporaryFolder()): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const specOf = async (name: string) => (await loadSpec(name)).spec;

async function messageOf(name: string): Promise<string> {
  return loadSpec(name).then(
    () => '(valid)',
    (error: Error) => error.message,
  );
}

describe('loadSpec', () => {
  it('finds presets and JSON files', async () => {
    expect(await specOf('moons')).toEqual(presets.moons);
    const json = JSON.stringify({ $schema: 'x.json', ...smallSpec() });
    expect(await specOf(file('spec.json', `\uFEFF${json}`))).toEqual(smallSpec());
  });

  it('allows comments and trailing commas', async () => {
    const json = JSON.stringify(smallSpec()).replace(/\}$/, ', /* no sweep */ }\n// end');
    for (const name of ['spec.json', 'spec.jsonc']) expect(await specOf(file(name, json))).toEqual(smallSpec());
  });

  it.each<[string, string]>([
    [
      'regulus.config.ts',
      `import { defineExperiment, type ExperimentSpec } from 'regulus/experiment';\nconst spec: ExperimentSpec = %;\nexport default defineExperiment(spec);`,
    ],
    ['regulus.config.mts', 'export default % as object;'],
    [
      'regulus.config.mjs',
      `import { defineExperiment } from 'regulus/experiment';\nexport default defineExperiment(await Promise.resolve(%));`,
    ],
    ['regulus.config.js', 'export default %;'],
    ['regulus.config.cjs', 'module.exports = %;'],
  ])('finds modules: %s', async (name, text) => {
    expect(await specOf(file(name, text.replace('%', JSON.stringify(smallSpec()))))).toEqual(smallSpec());
  });

  it('lets a module import others, and reads it anew each time', async () => {
    const folder = temporaryFolder();
    file('shared.ts', `export const spec: object = ${JSON.stringify(smallSpec())};`, folder);
    const path = file(
      'a.ts',
      `import { spec } from './shared.ts';\nexport default { ...spec, name: 'first' };`,
      folder,
    );
    expect((await specOf(path)).name).toBe('first');
    file('a.ts', `import { spec } from './shared';\nexport default { ...spec, name: 'second' };`, folder);
    expect((await specOf(path)).name).toBe('second');
  });

  it.each<[string, string, string]>([
    [
      'none.mjs',
      'export const spec = {};',
      'There is no default export. Write: export default defineExperiment({ … });',
    ],
    ['syntax.ts', 'export default {\n  name: ;\n};', 'This module cannot be loaded: '],
    [
      'throws.ts',
      "throw new Error('no data today');\nexport default {};",
      'This module cannot be loaded: no data today',
    ],
    ['import.ts', "import x from 'not-there';\nexport default x;", 'not-there'],
    [
      'bad.ts',
      "import { defineExperiment } from 'regulus/experiment';\nexport default defineExperiment({ ...% , seeds: 3 });",
      "'seeds' parameter of the experiment spec",
    ],
    ['plain.js', 'export default { ...%, scaling: 3 };', "'scaling' parameter of the experiment spec"],
  ])('names the file in what is wrong: %s', async (name, text, part) => {
    const path = file(name, text.replace('%', JSON.stringify(smallSpec())));
    const message = await messageOf(path);
    expect(message).toMatch(new RegExp(`^In ${path}: `));
    expect(message).toContain(part);
    expect(message).not.toContain('\n');
  });

  it('tells where a syntax error is', async () => {
    expect(await messageOf(file('syntax.ts', 'export default {\n  name: ;\n};'))).toMatch(/syntax\.ts:2:/);
  });

  it('knows files by their ending', async () => {
    expect(await messageOf('spec.yaml')).toContain('For a file, give a name that ends in .json, .ts, .js or .mjs.');
    expect(await messageOf('gone.config.ts')).toMatch(/^Cannot read gone\.config\.ts: there is no such file/);
  });

  it('finds data files beside the spec, wherever it is run', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'));
    file('data/a.csv', 'x,y\n1,a\n2,b', folder);
    const path = file('spec.json', JSON.stringify({ ...smallSpec(), dataset: { csv: 'data/a.csv' } }), folder);
    const { spec, base } = await loadSpec(path);
    const { dataset } = spec;
    expect(base).toBe(folder);
    expect(dataset).toEqual({
      csv: 'data/a.csv',
      // sha256sum of the file.
      sha256: '9eaa26abed869938b96071fab9ce4e82605a2558bdde41aebbe0b42c24b0482d',
    });
  });

  it('says which data file is missing', async () => {
    const path = file('spec.json', JSON.stringify({ ...smallSpec(), dataset: { csv: 'gone.csv' } }));
    expect(await messageOf(path)).toMatch(
      /^Cannot read the data file .*gone\.csv: there is no such file or folder\. Paths of a spec are relative to the spec's own file\.$/,
    );
  });
});
