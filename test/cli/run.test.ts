// The command line in this process: usage errors, failures, and what is printed where.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrialFolder } from '../../src/runner/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { redraw, runHere, screen, temporaryFolder } from './terminal.ts';

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
    [['run', 'moon'], "Unknown preset 'moon'. Did you mean 'moons'? Presets: moons, high-dimensional, digits."],
    [['run', 'constructor'], "Unknown preset 'constructor'."],
    [['run', 'moons', 'circles'], 'too many arguments'],
    [['run', 'moons', '--ouut', 'x'], '(Did you mean --out?)'],
    [['run', 'moons', '--out'], 'argument missing'],
    [['run', 'moons', '--epochs', '0'], "'0' is invalid. It must be an integer in the range [1, 1000000]."],
    [['run', 'moons', '--epochs', '1.5'], "'1.5' is invalid"],
    [['run', 'moons', '--seeds', '-1'], "'-1' is invalid"],
    [['run', 'moons', '--seeds', '20000'], 'in the range [1, 10000]'],
    [['run', 'moons', '--workers', '0'], "'0' is invalid. It must be an integer in the range [1, 1024]."],
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
      { ...smallSpec(), scaling: 'max', seeds: [] },
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
    expect(stderr).toContain(`2 of 4 trials are finished and kept in ${out}.`);
    expect(stderr).toContain("In variant 'Dropout', seed 7: The loss must be finite.");
    expect(stderr).toContain("Other trials failed, too: variant 'Dropout', seed 8.");
    expect(readdirSync(out).sort()).toEqual(['.regulus', 'figures']);
    spec.variants.pop();
    const repaired = await runHere(['run', specFile(spec).file, '--out', out]);
    expect(repaired.code).toBe(0);
    expect(repaired.stderr).toBe('2 of 2 trials are finished already.\n');
  });

  it('a run that is stopped before its first trial ends says so, and how to go on', async () => {
    const { file, out } = specFile();
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out], { signal: AbortSignal.abort() });
    expect([code, stdout, stderr]).toEqual([
      130,
      '',
      `Stopped. 0 of 4 trials are finished and kept in ${out}. The same command again goes on from there.\n`,
    ]);
    expect(readdirSync(out).sort()).toEqual(['.regulus', 'figures']);
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
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out, '--epochs', '1', '--workers', '1']);
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
    expect(paths).toHaveLength(files.filter(({ parentPath }) => !parentPath.includes('.regulus')).length);
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

  it('names the points of a sweep, and the best with its point of lowest validation loss', async () => {
    const sweep = {
      type: 'grid',
      parameters: { 'training.optimizer.learningRate': [1e-9, 0.1], 'network.l2': [0, 1] },
    };
    const { file, out } = specFile({ ...smallSpec(), sweep });
    const { stdout } = await runHere(['run', file, '--out', out]);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    const labels = ['Plain', 'Dropout'].flatMap((variant) =>
      [1e-9, 0.1].flatMap((rate) => [0, 1].map((l2) => `${variant} · learningRate=${rate}, l2=${l2}`)),
    );
    const rows = stdout.split('\n').filter((line) => line.includes(' · ') && !line.startsWith('Best'));
    expect(rows.map((row) => row.split('  ')[0])).toEqual(labels);
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    for (const [i, row] of rows.entries()) {
      const { testAccuracy, trainAccuracy } = results.summary[i];
      expect(row).toMatch(new RegExp(`  ${percent(testAccuracy.mean)}  .*  ${percent(trainAccuracy.mean)}  +3$`));
    }
    const { point } = results.sweep.find(({ variant }: { variant: string }) => variant === results.best);
    const [rate, l2] = Object.values(point);
    const best = results.summary.find(
      (entry: { variant: string; point: object }) =>
        entry.variant === results.best && JSON.stringify(entry.point) === JSON.stringify(point),
    );
    expect(stdout).toContain(
      `\nBest: ${results.best} · learningRate=${rate}, l2=${l2}, test accuracy ${percent(best.testAccuracy.mean)} (mean of 2 seeds)\n`,
    );
  });

  it('counts folds, not seeds, where there are folds', async () => {
    const split = { folds: 3, validationSize: 0.25, randomState: 3 };
    const { file, out } = specFile({ ...smallSpec(), split });
    const { stdout } = await runHere(['run', file, '--out', out]);
    expect(stdout).toContain('(mean of 3 folds)');
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

  it('draws a bar and the running trials on a terminal, within its width, and takes them away', async () => {
    const { file, out } = specFile();
    const argv = ['run', file, '--out', out, '--epochs', '200', '--workers', '2'];
    const { stderr } = await runHere(argv, { isTTY: true, columns: 40 });
    const drawings = stderr.split(redraw).filter((text) => /^\[[#-]/.test(text));
    expect(drawings[0]).toBe('[------------------------] 0/4');
    expect(
      drawings.some((text) => /^\[.{24}\] \d\/4.*(\n {2}(Plain|Dropout), seed [78], epoch \d+\/200){2}$/.test(text)),
    ).toBe(true);
    for (const drawing of drawings) for (const line of drawing.split('\n')) expect(line.length).toBeLessThan(40);
    expect(screen(stderr)).toEqual([1, 2, 3, 4].map((n) => expect.stringMatching(`^\\[${n}/4\\] .* s$`)));
  });

  it('goes on where another run has stopped, with the same results', async () => {
    const { file, out } = specFile();
    const controller = new AbortController();
    const stderr = { write: (text: string) => text.startsWith('[2/4]') && controller.abort() };
    const stopped = await runHere(['run', file, '--out', out, '--workers', '1'], { stderr, signal: controller.signal });
    expect(stopped.code).toBe(130);
    const { code, stderr: resumed } = await runHere(['run', file, '--out', out, '--workers', '2']);
    expect(code).toBe(0);
    expect(resumed).toMatch(/^2 of 4 trials are finished already\.\n\[3\/4\] Dropout.*\n\[4\/4\] Dropout.*\n$/);
    const whole = join(out, 'whole');
    await runHere(['run', file, '--out', whole]);
    expect(readFileSync(join(out, 'results.json'))).toEqual(readFileSync(join(whole, 'results.json')));
  });

  it('runs only what a changed spec has changed', async () => {
    const spec = smallSpec();
    const { file, out } = specFile(spec);
    await runHere(['run', file, '--out', out]);
    spec.variants[1].network = { dropout: 0.1 };
    const { stderr } = await runHere(['run', specFile(spec).file, '--out', out, '--seeds', '3', '--workers', '1']);
    expect(stderr).toMatch(
      /^2 of 6 trials are finished already\.\n\[3\/6\] Plain, seed 9: .*\n(\[\d\/6\] Dropout, .*\n){3}$/,
    );
  });

  it('prints events as lines of JSON with --json, and the rest on the standard error', async () => {
    const { file, out } = specFile();
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out, '--json', '--workers', '1']);
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const trial = ['trialStart', 'epoch', 'epoch', 'epoch', 'trialEnd'];
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 21)).toEqual(['start', ...trial, ...trial, ...trial, ...trial]);
    expect(new Set(types.slice(21, -1))).toEqual(new Set(['file']));
    expect(events[0]).toEqual({ type: 'start', count: 4, finished: 0 });
    expect(events[1]).toEqual({ type: 'trialStart', index: 0, count: 4, variant: 'Plain', seed: 7, epochs: 3 });
    expect(events[2]).toMatchObject({ type: 'epoch', index: 0, epoch: 1, epochs: 3, valLoss: expect.any(Number) });
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(events[20]).toMatchObject({
      variant: 'Dropout',
      seed: 8,
      test: results.trials[3].test,
      seconds: expect.any(Number),
    });
    expect(events.at(-1)).toEqual({ type: 'end', best: results.best, summary: results.summary });
    for (const text of ['[4/4]', 'Test accuracy', 'results.json']) expect(stderr).toContain(text);
    const quiet = await runHere(['run', file, '--out', out, '--json', '--quiet']);
    expect(quiet.stdout).toMatch(/^\{"type":"start","count":4,"finished":4\}\n/);
    expect(quiet.stderr).toBe('');
  });

  it('tells of stops and errors in the events, too', async () => {
    const { file, out } = specFile();
    const stopped = await runHere(['run', file, '--out', out, '--json'], { signal: AbortSignal.abort() });
    expect(stopped.stdout.trimEnd().split('\n').at(-1)).toBe('{"type":"stopped","finished":0,"count":4}');
    const spec = smallSpec();
    spec.variants[1].training = { optimizer: { type: 'sgd', learningRate: 1e30 } };
    const failed = await runHere(['run', specFile(spec).file, '--out', out, '--json']);
    const events = failed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ type: 'error', finished: 2, count: 4 });
    expect(events.filter(({ type }) => type === 'trialError')).toHaveLength(2);
  });

  it('gives the folder to one process at a time', async () => {
    const { file, out } = specFile();
    const folder = await TrialFolder.open(out);
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out]);
    folder.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^error: Process ${process.pid} on .* has been working in this folder since `));
    expect((await runHere(['run', file, '--out', out])).code).toBe(0);
  });

  it('shows help and the version', async () => {
    const help = await runHere(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('run [options] <preset|spec.json>');
    const runHelp = (await runHere(['run', '--help'])).stdout;
    for (const word of [
      'moons',
      'high-dimensional',
      '--out',
      '--workers',
      '--checkpoint-every',
      '--json',
      '--seeds',
      '--epochs',
      '--numerics',
      '--quiet',
    ]) {
      expect(runHelp).toContain(word);
    }
    expect(await runHere(['--version'])).toEqual({ code: 0, stdout: 'test\n', stderr: '' });
  });
});
