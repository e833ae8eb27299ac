// `regulus report` and `regulus compare` on folders that an earlier run has left, and on what is no such folder.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/index.ts';
import { fixture } from '../report/fixture.ts';
import { runHere, temporaryFolder } from './terminal.ts';

type Options = Parameters<typeof fixture>[0];

/** A folder `name` with the files of a made-up run, after `change`. */
function runFolder(options: Options = {}, change: (results: Results) => void = () => {}): string {
  const folder = temporaryFolder();
  const { results, data } = fixture(options);
  change(results);
  writeFileSync(join(folder, 'results.json'), JSON.stringify(results));
  writeFileSync(join(folder, 'figures.json'), JSON.stringify(data));
  return folder;
}

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

describe('regulus report', () => {
  it('makes the report, the figures and history.csv again, with the same bytes', async () => {
    const folder = runFolder();
    const { code, stdout, stderr } = await runHere(['report', folder]);
    expect([code, stderr]).toEqual([0, '']);
    const paths = stdout.trim().split('\n');
    expect(paths.every(existsSync)).toBe(true);
    expect(paths).toHaveLength(files(folder) - 2);
    for (const name of ['history.csv', 'report.html']) expect(paths).toContain(join(folder, name));
    const before = paths.map((path) => readFileSync(path, 'utf8'));
    for (const path of paths) rmSync(path);
    expect(await runHere(['report', folder, '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
  });

  it('can write elsewhere', async () => {
    const folder = runFolder();
    const out = join(temporaryFolder(), 'a', 'b');
    expect((await runHere(['report', folder, '--out', out])).code).toBe(0);
    expect(files(folder)).toBe(2);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  });

  it('refuses the folder of another experiment, and leaves it as it is', async () => {
    const other = runFolder({ name: 'other' });
    const before = readdirSync(other);
    const { code, stderr } = await runHere(['report', runFolder(), '--out', other]);
    expect(code).toBe(1);
    expect(stderr).toContain("holds the results of another experiment, 'other'. Choose another folder with --out.");
    expect(readdirSync(other)).toEqual(before);
  });

  const results = () => fixture().results;
  it.each<[string, string, unknown, RegExp]>([
    [
      'no JSON',
      'results.json',
      '{"version": 1,',
      /results\.json: This is not JSON: unexpected end of the file at line 1/,
    ],
    ['an empty file', 'figures.json', '', /figures\.json: This is not JSON/],
    [
      'other JSON',
      'results.json',
      [],
      /results\.json: These are not the results of an experiment, or they are damaged\./,
    ],
    ['null', 'results.json', null, /results\.json: These are not the results/],
    ['a later version', 'results.json', { ...results(), version: 3 }, /of version 3; this Regulus reads version 2\./],
    ['results without trials', 'results.json', { ...results(), trials: [] }, /At trials: /],
    [
      'a trial without history',
      'results.json',
      {
        ...results(),
        trials: results().trials.map(({ history, ...trial }, i) => (i === 1 ? trial : { ...trial, history })),
      },
      /At trials\[1\]\.history: /,
    ],
    [
      'a history that is too short',
      'results.json',
      { ...results(), trials: results().trials.map((trial) => ({ ...trial, epochs: trial.epochs + 1 })) },
      /At trials\[0\]\.history: expected as many values in each list as there were epochs\./,
    ],
    [
      'a best variant that is none',
      'results.json',
      { ...results(), best: 'X' },
      /At best: .*variant of the spec, received 'X'/,
    ],
    [
      'other figures',
      'figures.json',
      { ...fixture().data, variants: 3 },
      /figures\.json: These are not the figure data.*At variants: /,
    ],
    [
      'figures of other trials',
      'figures.json',
      fixture({ seeds: [1] }).data,
      /'data\.variants'.*about finished trials/,
    ],
  ])('refuses %s', async (_, file, content, message) => {
    const folder = runFolder();
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
    const { code, stderr } = await runHere(['report', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: In /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at |TypeError/);
    expect(existsSync(join(folder, 'report.html'))).toBe(false);
  });

  it('says what is missing', async () => {
    const folder = runFolder();
    rmSync(join(folder, 'figures.json'));
    for (const [path, file] of [
      [folder, 'figures.json'],
      [join(folder, 'none'), 'results.json'],
      [temporaryFolder(), 'results.json'],
    ]) {
      const { code, stdout, stderr } = await runHere(['report', path]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /^error: Cannot read .*: there is no such file or folder\. Give the folder of a finished run/,
      );
      expect(stderr).toContain(join(path, file));
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
    expect((await runHere(['report'])).code).toBe(2);
  });

  it('says what to do where it cannot write', async () => {
    const folder = runFolder();
    writeFileSync(join(folder, 'figures'), '');
    const { code, stderr } = await runHere(['report', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: Cannot write .*figures: a file is in the way\. Choose another folder with --out/);
  });
});

describe('regulus compare', () => {
  const seeds = [1, 2, 3, 4];
  const raise = (by: number) => (results: Results) => {
    for (const [i, { test }] of results.trials.entries()) test.accuracy += by + (i % 4) / 1000;
  };

  it('prints the table and writes the page', async () => {
    const [a, b] = [runFolder({ seeds }), runFolder({ seeds }, raise(0.05))];
    const out = join(temporaryFolder(), 'pages', 'ab.html');
    const { code, stdout, stderr } = await runHere(['compare', a, b, '--out', out]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${b} did better with Baseline, L1 and Early Stopping than ${a}.\n`);
    expect(stdout).toMatch(
      /\nVariant +Verdict +First +Second +Difference +p\nBaseline +second is better +8\d\.\d\d % ± /,
    );
    expect(stdout).toContain('over the seeds (or folds) that both have, and differences are paired: 4 pairs.');
    expect(stdout.trim().split('\n').at(-1)).toBe(out);
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('second is better');
    const quiet = await runHere(['compare', a, b, '--out', out, '--quiet']);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(out, 'utf8')).toBe(page);
    const unwritable = await runHere(['compare', a, b, '--out', join(out, 'inside.html')]);
    expect(unwritable.code).toBe(1);
    expect(unwritable.stderr).toContain(`Cannot write ${out}: a file is in the way.`);
    expect(`${unwritable.stdout}${out}\n`).toBe(stdout);
  });

  it('shows control characters in labels as pictures', async () => {
    const [a, b] = [1, 2].map(() => runFolder({ seeds, variants: [{ label: '\x1b[31mred' }] }));
    const { stdout, stderr } = await runHere(['compare', a, b, '--out', join(temporaryFolder(), 'x.html')]);
    expect(stdout + stderr).toContain('␛[31mred');
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('does not pair runs on other data', async () => {
    const [a, b] = [runFolder({ seeds }), runFolder({ seeds, points: 80 }, raise(0.05))];
    const { stdout } = await runHere(['compare', a, b, '--out', join(temporaryFolder(), 'x.html')]);
    expect(stdout).toContain(' cannot be compared, because their data differ.\n');
    expect(stdout).toContain(
      'The data differ, and can explain a difference as well as the settings can: there is no verdict.',
    );
    expect(stdout).not.toMatch(/(second is|did) (better|worse)|could not be told|too few/);
  });

  it('reads a run of which nothing but results.json is left, and finds it identical with itself', async () => {
    const folder = runFolder({ seeds });
    const copy = join(temporaryFolder(), 'copy');
    mkdirSync(copy);
    cpSync(join(folder, 'results.json'), join(copy, 'results.json'));
    const { code, stdout } = await runHere(['compare', folder, copy, '--out', join(copy, 'compare.html')]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${folder} and ${copy} tested identically.`);
  });

  it('refuses what it cannot compare', async () => {
    const folder = runFolder();
    const other = runFolder({ variants: [{ label: 'Other' }] });
    const out = join(temporaryFolder(), 'x.html');
    for (const [second, message] of [
      [other, 'must be results with a variant of the first'],
      [join(folder, 'none'), 'there is no such file or folder'],
    ]) {
      const { code, stdout, stderr } = await runHere(['compare', folder, second, '--out', out]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(message);
    }
    expect(existsSync(out)).toBe(false);
    expect((await runHere(['compare', folder])).code).toBe(2);
    const blocked = await runHere(['compare', folder, folder, '--out', join(folder, 'results.json', 'x.html')]);
    expect(blocked.stderr).toMatch(/Cannot write .* Choose another folder with --out/);
  });
});
