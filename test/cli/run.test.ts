// The command line in this process: usage errors, failures, and what is printed where.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallSpec } from '../experiment/small-spec.ts';
import { runHere, temporaryFolder } from './terminal.ts';

/** Writes `content` (text, or an object as JSON) as spec.json into a folder of its own. */
function specFile(content: unknown = smallSpec()): { folder: string; file: string; out: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'spec.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return { folder, file, out: join(folder, 'out') };
}

describe('usage errors', () => {
  it.each<[string[], string]>([
    [[], 'Usage: regulus'],
    [['rum'], '(Did you mean run?)'],
    [['--verion'], '(Did you mean --version?)'],
    [['run'], "missing required argument 'preset|spec.json'"],
    [['run', 'moon'], "Unknown preset 'moon'. Did you mean 'moons'? Presets: moons, high-dimensional."],
    [['run', 'constructor'], "Unknown preset 'constructor'."],
    [['run', 'moons', 'circles'], 'too many arguments'],
    [['run', 'moons', '--ouut', 'x'], '(Did you mean --out?)'],
    [['run', 'moons', '--out'], 'argument missing'],
    [['run', 'moons', '--epochs', '0'], "'0' is invalid. It must be an integer in the range [1, 1000000]."],
    [['run', 'moons', '--epochs', '1.5'], "'1.5' is invalid"],
    [['run', 'moons', '--seeds', '-1'], "'-1' is invalid"],
    [['run', 'moons', '--seeds', '20000'], 'in the range [1, 10000]'],
    [['run', 'moons', '--numerics', 'exact'], 'Allowed choices are reproducible, fast.'],
  ])('%j', async (argv, part) => {
    const { code, stdout, stderr } = await runHere(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('failures', () => {
  it.each<[string, unknown, string]>([
    [
      'text that is not JSON',
      '{\n  "name": "x",\n}',
      "spec.json: This is not JSON: unexpected '}' at line 3, column 1.",
    ],
    ['an empty file', '', 'unexpected end of the file at line 1, column 1'],
    [
      'an invalid spec',
      { ...smallSpec(), scaling: 'minmax', seeds: [] },
      'spec.json: The experiment spec has 2 problems:\n- ',
    ],
    ['seeds beyond the largest', { ...smallSpec(), seeds: [2 ** 32 - 1] }, "'seeds[1]'"],
    [
      'data that cannot be split',
      { ...smallSpec(), dataset: { generator: 'makeMoons', parameters: { nSamples: 2 } } },
      'must be',
    ],
  ])('%s', async (_, content, part) => {
    const { file, out } = specFile(content);
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out, '--seeds', '2']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a spec that is not there, or is a folder', async () => {
    const missing = await runHere(['run', join(temporaryFolder(), 'spec.json')]);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(
      /^error: Cannot read .*spec\.json: there is no such file or folder\. Presets need no file: moons/,
    );
    expect((await runHere(['run', `${temporaryFolder()}/`])).stderr).toContain('it is a folder');
  });

  it('a folder that cannot be written is found before training', async () => {
    const { file } = specFile();
    for (const out of [file, join(file, 'out')]) {
      const { code, stdout, stderr } = await runHere(['run', file, '--out', out]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^error: Cannot write .* Choose another folder with --out.*\n$/);
    }
  });

  it('a variant that diverges leaves the finished trials', async () => {
    const spec = smallSpec();
    spec.variants[1].training = { optimizer: { type: 'sgd', learningRate: 1e30 } };
    const { file, out } = specFile(spec);
    const { code, stderr } = await runHere(['run', file, '--out', out, '--quiet']);
    expect(code).toBe(1);
    expect(stderr).toContain('2 of 4 trials had finished');
    expect(stderr).toContain("In variant 'Dropout', seed 7: The loss must be finite.");
    expect(readdirSync(out).sort()).toEqual(['figures', 'results.partial.json']);
  });

  it('a run that is stopped before its first trial ends leaves nothing, and says so', async () => {
    const { file, out } = specFile();
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out], { signal: AbortSignal.abort() });
    expect([code, stdout, stderr]).toEqual([130, '', 'Stopped. No trial had finished, nothing was written.\n']);
    expect(readdirSync(out)).toEqual(['figures']);
  });

  it('shows where an error comes from only when asked', async () => {
    const { file } = specFile('');
    for (const result of [
      await runHere(['run', file, '--debug']),
      await runHere(['run', file], { env: { DEBUG: '1' } }),
    ]) {
      expect(result.stderr).toMatch(/\n\s+at .*load-spec/);
    }
  });
});

describe('output', () => {
  it('prints a line for each trial, the table with the best model, and the paths', async () => {
    const { file, out } = specFile({ ...smallSpec(), seeds: [7] });
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out, '--epochs', '1']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^\[1\/2\] Plain, seed 7: test accuracy [\d.]+ %, 1 epoch, \d+\.\d s\n\[2\/2\] Dropout, seed 7: [^\n]*\n$/,
    );
    expect(stdout).toMatch(/\nVariant +Test accuracy +Train accuracy +Epochs\nPlain +[\d.]+ % +[\d.]+ % +1\nDropout /);
    expect(stdout).toMatch(/\nBest: (Plain|Dropout), test accuracy [\d.]+ %\nFrom one seed/);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(results.spec.training.epochs).toBe(1);
    const paths = stdout.trim().split('\n\n').at(-1)!.split('\n');
    expect(paths[0]).toBe(join(out, 'results.json'));
    expect(paths.every(existsSync)).toBe(true);
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(paths).toHaveLength(files.length);
  });

  it('gives intervals for several seeds, counted up from the first', async () => {
    const { file, out } = specFile();
    const { stdout } = await runHere(['run', file, '--out', out, '--seeds', '3']);
    expect(stdout).toMatch(/95 % interval.*\nPlain .* % to .* %/);
    expect(stdout).toContain('(mean of 3 seeds)');
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(results.spec.seeds).toEqual([7, 8, 9]);
    expect(results.trials).toHaveLength(6);
  });

  it("overrides the variants' own epochs, too, and runs fast numerics", async () => {
    const spec = { ...smallSpec(), seeds: [1], variants: [{ label: 'long', training: { epochs: 900 } }] };
    const { file, out } = specFile(spec);
    const { code } = await runHere(['run', file, '--out', out, '--epochs', '2', '--numerics', 'fast', '--quiet']);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect([code, results.trials[0].epochs, results.engine.numerics]).toEqual([0, 2, 'fast']);
  });

  it('prints nothing with --quiet', async () => {
    const { file, out } = specFile();
    expect(await runHere(['run', file, '--out', out, '--quiet'], { isTTY: true })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('draws a bar on a terminal that stays within a line and goes away', async () => {
    const { file, out } = specFile();
    const { stderr } = await runHere(['run', file, '--out', out, '--epochs', '200'], { isTTY: true, columns: 60 });
    const drawings = stderr.split('\r\x1b[2K').filter((text) => text.startsWith('[#') || text.startsWith('[-'));
    expect(drawings[0]).toBe('[------------------------] 1/4 Plain, seed 7, epoch 0/200');
    for (const drawing of drawings) expect(drawing.length).toBeLessThan(60);
    // What stays on the screen is the part of each line after its last erasure.
    const screen = stderr.split('\n').map((line) => line.split('\r\x1b[2K').at(-1));
    expect(screen.at(-1)).toBe('');
    expect(screen.slice(0, -1).map((line) => line?.slice(0, 5))).toEqual(['[1/4]', '[2/4]', '[3/4]', '[4/4]']);
  });

  it('shows help and the version', async () => {
    const help = await runHere(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('run [options] <preset|spec.json>');
    const runHelp = (await runHere(['run', '--help'])).stdout;
    for (const word of ['moons', 'high-dimensional', '--out', '--seeds', '--epochs', '--numerics', '--quiet']) {
      expect(runHelp).toContain(word);
    }
    expect(await runHere(['--version'])).toEqual({ code: 0, stdout: 'test\n', stderr: '' });
  });
});
