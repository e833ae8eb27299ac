// Kinds of the user's own, which the modules of a spec define: in this thread and in workers, with the same bits.

import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog/index.ts';
import { extendCatalog } from '../../src/errors/index.ts';
import { expand, type RunEvent, runExperiment as runPortable, trialIdentity } from '../../src/experiment/index.ts';
import { openSpec, runExperiment } from '../../src/runner/index.ts';
import { temporaryFolder } from '../cli/terminal.ts';
import { ownSpec, packageFolder, writeKinds } from './own-kinds.ts';

const json = (value: unknown) => JSON.stringify(value);

describe('kinds of the user', () => {
  it.each(['my-kinds.js', 'my-kinds.mjs', 'my-kinds.ts'])('train in workers as in this thread: %s', async (name) => {
    const base = packageFolder();
    writeKinds(join(base, name));
    const opened = await openSpec(ownSpec(name), base);
    const alone = await runPortable(opened.spec, { catalog: opened.catalog });
    const { results } = await runExperiment(ownSpec(name), { base, workers: 2 });
    expect(json(results)).toBe(json(alone.results));
    expect(results.metric).toBe('balanced');
    expect(results.metrics.balanced).toEqual({ better: 'higher', unit: 'share' });
    for (const { history, test } of results.trials) {
      expect(history.trainDataLoss[2]).toBeLessThan(history.trainDataLoss[0]);
      expect(test.balanced).toBeGreaterThan(0.5);
    }
    expect(results.spec.modules).toEqual([{ path: name, sha256: expect.stringMatching(/^[\da-f]{64}$/) }]);
  });

  it('make other trials when the content of their module changes, and the same when it moves', async () => {
    const [base, other] = [packageFolder(), packageFolder()];
    const path = join(base, 'my-kinds.js');
    writeKinds(path);
    writeKinds(join(other, 'moved.js'));
    const identity = async (spec = ownSpec(), folder = base) => {
      const { spec: valid, catalog } = await openSpec(spec, folder);
      return trialIdentity(expand(valid, { catalog })[0]);
    };
    const first = await identity();
    expect(await identity(ownSpec('moved.js'), other)).toBe(first);
    const folder = temporaryFolder();
    const { results } = await runExperiment(ownSpec(), { base, folder });
    writeKinds(path, 2);
    expect(await identity()).not.toBe(first);
    const events: RunEvent[] = [];
    const changed = await runExperiment(ownSpec(), { base, folder, onEvent: (event) => events.push(event) });
    expect(events[0]).toMatchObject({ finished: 0 });
    expect(changed.results.trials[0].test).not.toEqual(results.trials[0].test);
    writeKinds(path);
    const again = await runExperiment(ownSpec(), { base, folder });
    expect(json(again.results)).toBe(json(results));
  });

  it('may be swept, by their options', async () => {
    const base = packageFolder();
    writeKinds(join(base, 'my-kinds.js'));
    const sweep = { type: 'grid', parameters: { 'training.optimizer.factor': [0.5, 1] } };
    const { results } = await runExperiment({ ...ownSpec(), sweep }, { base });
    expect(results.summary.map(({ point }) => point)).toEqual(
      [0.5, 1, 0.5, 1].map((factor) => ({ 'training.optimizer.factor': factor })),
    );
    const wrong = { ...ownSpec(), sweep: { type: 'grid', parameters: { 'training.optimizer.factor': [-1] } } };
    await expect(runExperiment(wrong, { base })).rejects.toThrow('must be a number in the range (0, inf). Got -1');
  });

  it.each<[string, (base: string) => object, RegExp]>([
    [
      'a module that is not there',
      () => ownSpec('./gone.js'),
      /^Cannot read the module .*gone\.js: there is no such file or folder\. Paths of a spec are relative to the spec's own file\.$/,
    ],
    [
      'a type that is unknown',
      () => ({ ...ownSpec(), modules: [] }),
      /must be one of 'dense'.* Got "bend" instead\. Where it is a layer of your own, name the module that defines it in 'modules'\./,
    ],
    [
      'an option that is wrong',
      () => ({ ...ownSpec(), network: { layers: [{ type: 'bend', slope: 2 }] } }),
      /'network\.layers\[0\]\.slope' parameter of the experiment spec must be a number in the range \[0, 1\]\. Got 2/,
    ],
    [
      'a module that throws',
      (base) => {
        writeFileSync(join(base, 'throws.js'), "throw new Error('not today');");
        return ownSpec('throws.js');
      },
      /^In throws\.js: This module cannot be loaded: not today$/,
    ],
    [
      'a type that is defined twice',
      (base) => {
        const text =
          "import { defineLayer } from 'regulus';\nexport const mine = defineLayer({ type: 'dense', options: {}, build: () => ({}) });";
        writeFileSync(join(base, 'twice.js'), text);
        return ownSpec('twice.js');
      },
      /^In twice\.js: The layer 'dense' is defined twice\. Give one of the two another 'type'\.$/,
    ],
    [
      'another content than the hash says',
      () => ({ ...ownSpec(), modules: [{ path: 'my-kinds.js', sha256: '0'.repeat(64) }] }),
      /^The content of my-kinds\.js is not what its 'sha256' says/,
    ],
    [
      'modules that are no list',
      () => ({ ...ownSpec(), modules: 'my-kinds.js' }),
      /'modules' parameter .* must be a list/,
    ],
    ['a module that is no path', () => ({ ...ownSpec(), modules: [3] }), /'modules\[0\]'/],
  ])('are clear errors: %s', async (_, specOf, message) => {
    const base = packageFolder();
    writeKinds(join(base, 'my-kinds.js'));
    const error = await runExperiment(specOf(base), { base }).catch((reason: unknown) => reason);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('undefined');
  });

  it('that only this thread knows say what to import', async () => {
    const base = packageFolder();
    writeKinds(join(base, 'my-kinds.js'));
    const { bend, balanced, signDescent, squaredHinge } = await import(resolve(base, 'my-kinds.js'));
    const { modules, ...spec } = ownSpec();
    const own = extendCatalog(catalog, [bend, balanced, signDescent, squaredHinge]);
    await expect(runExperiment(spec, { catalog: own })).rejects.toThrow(
      "Name the module of your own loss in 'modules', or add it with extendCatalog.",
    );
  });
});
