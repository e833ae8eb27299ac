// The command line in this process: usage errors, failures, and what is printed where.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/cli/io.ts';
import { TrialFolder } from '../../src/runner/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { ownSpec, packageFolder, writeKinds } from '../runner/own-kinds.ts';
import { redraw, runHere, runProcess, screen, temporaryFolder } from './terminal.ts';

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
    [['run'], "missing required argument 'preset|spec.json|data.csv'"],
    [['run', 'moon'], "Unknown preset 'moon'. Did you mean 'moons'? Presets: moons, high-dimensional, digits,"],
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
      '{\n  "name": "x",\n  "figures": True\n}',
      "spec.json: This is not JSON: unexpected 'True' at line 3, column 14.",
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
    expect(stderr).toContain(`2 of 4 trials are finished and saved in ${out}.`);
    expect(stderr).toContain("In variant 'Dropout', seed 7: The loss must be finite.");
    expect(stderr).toContain("Other trials failed, too: variant 'Dropout', seed 8.");
    expect(readdirSync(out).sort()).toEqual(['.regulus', 'figures']);
    spec.variants.pop();
    const repaired = await runHere(['run', specFile(spec).file, '--out', out]);
    expect(repaired.code).toBe(0);
    expect(repaired.stderr).toBe('2 of 2 trials were finished before.\n');
  });

  it('a run that is stopped before its first trial ends says so, and how to go on', async () => {
    const { file, out } = specFile();
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out], { signal: AbortSignal.abort() });
    expect([code, stdout, stderr]).toEqual([
      130,
      '',
      `Stopped. 0 of 4 trials are finished and saved in ${out}. To continue, repeat the command.\n`,
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
    expect(stdout).toMatch(
      /\n(Plain has|Dropout has|All variants tie for) the highest test accuracy: [\d.]+ %\.\nOne seed: /,
    );
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
    expect(stdout).toMatch(/the highest mean test accuracy: [\d.]+ % over 3 seeds/);
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
    const rows = stdout.split('\n').filter((line) => / · .* % /.test(line));
    expect(rows.map((row) => row.split('  ')[0])).toEqual(labels);
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    for (const [i, row] of rows.entries()) {
      const { testAccuracy, trainAccuracy } = results.summary[i];
      expect(row).toMatch(new RegExp(`  ${percent(testAccuracy.mean)}  .*  ${percent(trainAccuracy.mean)}  +3$`));
    }
    const chosen = results.sweep.map(({ variant, point }: { variant: string; point: object }) => {
      const [rate, l2] = Object.values(point);
      return `${variant} · learningRate=${rate}, l2=${l2}`;
    });
    expect(stdout).toContain(
      `\nFor each variant, the setting with the lowest validation loss is used: ${chosen.join(' and ')}.\n`,
    );
    const point = JSON.stringify(results.sweep[0].point);
    const best = results.summary.find(
      (entry: { variant: string; point: object }) =>
        entry.variant === results.best && JSON.stringify(entry.point) === point,
    );
    expect(stdout).toMatch(
      new RegExp(`the highest mean test accuracy: ${percent(best.testAccuracy.mean)} over 2 seeds`),
    );
  });

  it('counts folds, not seeds, where there are folds', async () => {
    const split = { folds: 3, validationSize: 0.25, randomState: 3 };
    const { file, out } = specFile({ ...smallSpec(), split });
    const { stdout } = await runHere(['run', file, '--out', out]);
    expect(stdout).toMatch(/the highest mean test accuracy: [\d.]+ % over 3 folds/);
  });

  it("overrides the variants' own epochs, too, and runs fast numerics", async () => {
    const spec = { ...smallSpec(), seeds: [1], variants: [{ label: 'long', training: { epochs: 900 } }] };
    const { file, out } = specFile(spec);
    const { code } = await runHere(['run', file, '--out', out, '--epochs', '2', '--numerics', 'fast', '--quiet']);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect([code, results.trials[0].epochs, results.engine.numerics]).toEqual([0, 2, 'fast']);
  });

  it('does not override epochs that a sweep varies', async () => {
    const sweep = { type: 'grid', parameters: { 'training.epochs': [1, 2] } };
    const { file, out } = specFile({ ...smallSpec(), sweep });
    expect(await runHere(['run', file, '--out', out, '--epochs', '2'])).toEqual({
      code: 2,
      stdout: '',
      stderr: "error: The experiment's sweep varies 'training.epochs', so --epochs cannot set them.\n",
    });
    expect(existsSync(out)).toBe(false);
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

  it('measures labels in cells: wide characters neither wrap in the progress nor push columns of the table apart', async () => {
    const wide = '正則化なしの基準となるモデル、隠れ層は二つ、乱数は固定';
    const { file, out } = specFile({ ...smallSpec(), variants: [{ label: wide }, { label: 'plain' }], seeds: [1] });
    const argv = ['run', file, '--out', out, '--epochs', '200', '--workers', '2'];
    const { stdout, stderr } = await runHere(argv, { isTTY: true, columns: 40 });
    const drawn = stderr.split(redraw).filter((text) => /^\[[#-]/.test(text));
    const lines = drawn.flatMap((drawing) => drawing.split('\n'));
    expect(lines.some((line) => line.startsWith('  正則化'))).toBe(true);
    // All these are wide.
    const cells = (line: string) => line.length + (line.match(/[^\x20-\x7e·]/g)?.length ?? 0);
    for (const line of lines) expect(cells(line)).toBeLessThan(40);
    const rows = stdout.split('\n').filter((line) => / [\d.]+ % {2}/.test(line));
    // Two variants, and the two simple models.
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map(cells)).size).toBe(1);
  });

  it('shows no character that turns the direction of writing or ends a line', () => {
    expect(printable('a\u202eb\u2066c\u2028d\u0085e\x1bf\ng')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde␛f\ng');
    // Joins emoji.
    expect(printable('👩\u200d🔬')).toBe('👩\u200d🔬');
  });

  it('shows control characters in the texts of users as pictures', async () => {
    const red = '\x1b[31m';
    const printed = async (...argv: string[]) => {
      const { stdout, stderr } = await runHere(argv, { isTTY: true });
      return (stdout + stderr).replaceAll(new RegExp(redraw, 'g'), '');
    };
    const folder = temporaryFolder();
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const small = JSON.stringify({ ...smallSpec(), seeds: [1] });
    const fine = file(`${red}fine.json`, small);
    for (const text of [
      await printed('run', `${red}moons`),
      await printed('run', 'moons', `--${red}`),
      await printed('run', `${red}.json`),
      await printed('run', file('key.json', JSON.stringify({ ...smallSpec(), [red]: 1 }))),
      await printed('run', file('symbol.json', red)),
      await printed('run', file('throws.mjs', `throw new Error('\\x1b[31m')`), '--debug'),
      await printed('run', fine, '--out', join(folder, `${red}out`)),
      await printed('report', join(folder, `${red}none`)),
    ]) {
      expect(text).toContain('␛');
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    }
    const out = join(folder, 'b\x9b31m');
    const { stdout } = await runHere(['run', fine, '--out', out, '--json', '--quiet']);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.find(({ type }) => type === 'file').path).toBe(join(out, 'results.json'));
  });

  it('goes on where another run has stopped, with the same results', async () => {
    const { file, out } = specFile();
    const controller = new AbortController();
    const stderr = { write: (text: string) => text.startsWith('[2/4]') && controller.abort() };
    const stopped = await runHere(['run', file, '--out', out, '--workers', '1'], { stderr, signal: controller.signal });
    expect(stopped.code).toBe(130);
    const { code, stderr: resumed } = await runHere(['run', file, '--out', out, '--workers', '2']);
    expect(code).toBe(0);
    expect(resumed).toMatch(/^2 of 4 trials were finished before\.\n\[3\/4\] Dropout.*\n\[4\/4\] Dropout.*\n$/);
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
      /^2 of 6 trials were finished before\.\n\[3\/6\] Plain, seed 9: .*\n(\[\d\/6\] Dropout, .*\n){3}$/,
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

  it('tells of what keeps a run from its start as an event, too', async () => {
    const { file, out } = specFile({ ...smallSpec(), scaling: 'max' });
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out, '--json']);
    expect(code).toBe(1);
    const event = JSON.parse(stdout);
    expect(event).toMatchObject({ type: 'error', finished: 0, count: 0, code: 'ERR_SPEC' });
    expect(stderr).toBe(`error: ${event.message}\n`);
    expect((await runHere(['run', 'moon', '--json'])).stdout).toContain('"type":"error"');
  });

  it('leaves no figures of earlier results', async () => {
    const sweep = { type: 'grid', parameters: { 'network.l2': [0, 0.1] } };
    const { out, file } = specFile({ ...smallSpec(), sweep });
    const figures = () => readdirSync(join(out, 'figures')).sort();
    await runHere(['run', file, '--out', out, '--quiet']);
    expect(figures()).toContain('sweep.svg');
    writeFileSync(join(out, 'figures', 'notes.txt'), "the user's own");
    await runHere(['run', specFile({ ...smallSpec(), seeds: [7] }).file, '--out', out, '--quiet']);
    expect(figures()).not.toContain('sweep.svg');
    expect(figures()).toContain('notes.txt');
    writeFileSync(join(out, 'figures', 'old.png'), '');
    const { stdout } = await runHere(['report', out]);
    const written = stdout.split('\n').filter((path) => path.includes('figures'));
    expect(figures()).toEqual([...written.map((path) => basename(path)), 'notes.txt'].sort());
  });

  it("refuses another experiment's folder, unless it is told to overwrite", async () => {
    const { out, file } = specFile({ ...smallSpec(), seeds: [7] });
    await runHere(['run', file, '--out', out, '--quiet']);
    const before = readFileSync(join(out, 'results.json'));
    const other = specFile({ ...smallSpec(), name: 'other', seeds: [7] }).file;
    expect(await runHere(['run', other, '--out', out])).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${out} holds the results of another experiment, 'small'. Choose another folder with --out, or replace them with --overwrite.\n`,
    });
    expect(readFileSync(join(out, 'results.json'))).toEqual(before);
    const { code, stderr } = await runHere(['run', other, '--out', out, '--overwrite']);
    // The name of an experiment is no part of a trial.
    expect([code, stderr]).toEqual([0, '2 of 2 trials were finished before.\n']);
    expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')).name).toBe('other');
  });

  it('tells what it finds damaged and does again', async () => {
    const { out, file } = specFile();
    await runHere(['run', file, '--out', out, '--quiet']);
    const before = readFileSync(join(out, 'results.json'));
    const trials = join(out, '.regulus', 'trials');
    const path = join(trials, readdirSync(trials)[0]);
    writeFileSync(path, '{}');
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out, '--json']);
    expect(code).toBe(0);
    const message = `${path} is damaged or belongs to another trial. It is set aside as ${basename(path)}.bad; the trial runs again.`;
    expect(stderr).toContain(`3 of 4 trials were finished before.\nwarning: ${message}\n[4/4] `);
    expect(stdout.split('\n')[1]).toBe(JSON.stringify({ type: 'warning', message }));
    expect(readFileSync(join(out, 'results.json'))).toEqual(before);
  });

  it('takes data files and modules relative to the spec, and writes the same from any folder', async () => {
    const base = packageFolder();
    writeKinds(join(base, 'my-kinds.js'));
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 2}`);
    writeFileSync(join(base, 'data.csv'), `a,b,y\n${rows.join('\n')}`);
    const spec = { ...ownSpec(), dataset: { csv: './data.csv' } };
    writeFileSync(join(base, 'spec.json'), JSON.stringify(spec));
    const outs = [temporaryFolder(), temporaryFolder()];
    const runs = [
      await runProcess(['run', join(base, 'spec.json'), '--out', outs[0]]),
      await runProcess(['run', 'spec.json', '--out', outs[1]], { cwd: base }),
    ];
    for (const { code, stdout, stderr } of runs) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/\nVariant +Test balanced +95 % interval +Train balanced +Epochs\n/);
      expect(stderr).toMatch(/^\[1\/4\] .*: test balanced [\d.]+ %, 3 epochs, /);
    }
    for (const name of ['results.json', 'history.csv', 'figures.json', 'report.html']) {
      const [first, second] = outs.map((out) => readFileSync(join(out, name), 'utf8'));
      expect(second, name).toBe(first);
    }
    const { spec: kept } = JSON.parse(readFileSync(join(outs[0], 'results.json'), 'utf8'));
    expect(kept.dataset.csv).toBe('./data.csv');
    expect(kept.modules[0].path).toBe('./my-kinds.js');
    // The report needs no modules.
    expect((await runProcess(['report', outs[1], '--quiet'])).code).toBe(0);
  });

  it.each<[string, object, string]>([
    ['a module that is not there', { modules: ['./gone.js'] }, 'Cannot read the module '],
    ['a type that no module defines', { modules: [] }, "name the module that defines it in 'modules'."],
  ])('says what is wrong with %s', async (_, change, message) => {
    const { code, stdout, stderr } = await runHere(['run', specFile({ ...ownSpec(), ...change }).file]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('takes any text as a label, a column or a class', async () => {
    const words = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
    const rows = Array.from({ length: 80 }, (_, i) => `${i % 7},${(i * i) % 11},${i % 5},${words[i % 4]}`);
    const variants = words.map((label, i) => ({ label, network: { l2: i / 100 } }));
    const sweep = { type: 'grid', parameters: { 'training.optimizer.learningRate': [0.01, 0.02] } };
    const { folder, file, out } = specFile({ ...smallSpec(), dataset: { csv: 'a.csv' }, variants, sweep });
    writeFileSync(join(folder, 'a.csv'), `constructor,__proto__,valueOf,toString\n${rows.join('\n')}`);
    const { code, stdout, stderr } = await runHere(['run', file, '--out', out]);
    expect([code, stderr.match(/\n/g)]).toEqual([0, Array(16).fill('\n')]);
    for (const word of words) expect(stdout).toMatch(new RegExp(`\\n${word} · learningRate=0.01 `));
    const { featureNames } = JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8'));
    expect(featureNames).toEqual(['constructor', '__proto__']);
    expect((await runHere(['report', out, '--quiet'])).code).toBe(0);
    expect((await runHere(['compare', out, out, '--out', join(out, 'x.html'), '--quiet'])).code).toBe(0);
  });

  it.each([2000, 200_000])('has a limit to how deep a spec may be: %i levels', async (levels) => {
    const nested = `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;
    const { file, out } = specFile(JSON.stringify(smallSpec()).replace(/}$/, `, "extra": ${nested}}`));
    const { code, stderr } = await runHere(['run', file, '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: In .*spec\.json: (Objects and lists .* at most 100 levels deep|.*too many levels)/);
    expect(stderr.length).toBeLessThan(500);
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
    expect(help.stdout).toContain('run [options] <preset|spec.json|data.csv>');
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
