// The folder of finished trials: names, damage, leftovers of killed processes, folders that cannot be written.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../src/errors/index.ts';
import { expand, runTrial } from '../../src/experiment/index.ts';
import { TrialFolder } from '../../src/runner/index.ts';
import { keptJson } from '../../src/runner/kept-file.ts';
import { temporaryFolder } from '../cli/terminal.ts';
import { smallSpec } from '../experiment/small-spec.ts';

const trials = expand(smallSpec());
const [finished, finishedSecond] = await Promise.all(
  trials.slice(0, 2).map(async (trial) => ({ result: await runTrial(trial), seconds: 1.5 })),
);

async function opened(path = temporaryFolder()) {
  const folder = await TrialFolder.open(path);
  return { path, folder, files: () => readdirSync(join(path, '.regulus', 'trials')) };
}

describe('TrialFolder', () => {
  it('keeps trials from one opening to the next', async () => {
    const { path, folder } = await opened();
    expect(folder.get(trials[0])).toBeUndefined();
    folder.put(trials[0], finished);
    folder.close();
    const { folder: again, files } = await opened(path);
    expect(again.get(structuredClone(trials[0]))).toEqual(finished);
    expect(again.get(trials[1])).toBeUndefined();
    expect(files()).toEqual([expect.stringMatching(/^[\da-f]{64}\.json$/)]);
    again.close();
  });

  it('names a trial by everything that can change its result', async () => {
    const { folder } = await opened();
    const [trial] = trials;
    const others = [
      { ...trial, seed: 9 },
      { ...trial, numerics: 'fast' as const },
      { ...trial, training: { ...trial.training, epochs: 4 } },
      { ...trial, dataset: { ...trial.dataset, noiseRandomState: 3 } },
    ];
    const names = [trial, ...others].map((other) => folder.checkpointPath(other));
    expect(new Set(names).size).toBe(5);
    for (const same of [JSON.parse(JSON.stringify(trial)), { ...trial, variant: 'other', figures: false }]) {
      expect(folder.checkpointPath(same)).toBe(names[0]);
    }
    folder.close();
  });

  it.each<[string, (text: string, other: string, path: string) => string]>([
    ['cut off', (text) => text.slice(0, 9)],
    ['empty', () => ''],
    ['{}', () => '{}'],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['with one bit flipped', (text) => text.replace('1.5', '1.4')],
    ['with a number that is none', (text) => text.replace('1.5', 'NaN')],
    ["another trial's", (_, other) => other],
    ['with a space more', (text) => text.replace(',', ', ')],
    ['of another shape, with a checksum', (_, __, path) => keptJson(path, { result: {}, seconds: 1 })],
    ['with null in place of NaN, with a checksum', (_, __, path) => keptJson(path, { ...finished, seconds: null })],
    ["another trial's, with a checksum", (_, __, path) => keptJson(path, finishedSecond)],
  ])('takes a file that is %s for none, and says so', async (_, damage) => {
    const { path, folder, files } = await opened();
    folder.put(trials[0], finished);
    const file = join(path, '.regulus', 'trials', files()[0]);
    folder.put(trials[1], finishedSecond);
    const other = files().find((name) => !file.endsWith(name)) as string;
    const text = (name: string) => readFileSync(name, 'utf8');
    writeFileSync(file, damage(text(file), text(join(path, '.regulus', 'trials', other)), file));
    const warnings: string[] = [];
    expect(folder.get(trials[0], (message) => warnings.push(message))).toBeUndefined();
    const bad = `${basename(file)}.bad`;
    expect(warnings).toEqual([
      `${file} is damaged or belongs to another trial. It is set aside as ${bad}; the trial runs again.`,
    ]);
    expect(files()).toContain(bad);
    folder.put(trials[0], finished);
    expect(folder.get(trials[0], (message) => warnings.push(message))).toEqual(finished);
    expect(warnings).toHaveLength(1);
    folder.close();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('never keeps %d', async (loss) => {
    const { folder, files } = await opened();
    const { result } = finished;
    const wrong = { ...finished, result: { ...result, test: { ...result.test, loss } } };
    expect(() => folder.put(trials[0], wrong)).toThrow(
      /^This is not the result of the trial\. At result\.test\.loss: /,
    );
    expect(files()).toEqual([]);
    folder.close();
  });

  it('says so when a file cannot be read, which may be a good one', async () => {
    const { path, folder, files } = await opened();
    folder.put(trials[0], finished);
    const file = join(path, '.regulus', 'trials', files()[0]);
    rmSync(file);
    symlinkSync(basename(file), file);
    expect(() => folder.get(trials[0])).toThrow(
      /^Cannot read .*: its links go in a circle\. Run again when it can be read/,
    );
    folder.close();
  });

  it('says so when the folder is deleted while it is open', async () => {
    const { path, folder } = await opened();
    rmSync(path, { recursive: true });
    expect(folder.isHeld).toBe(false);
    expect(() => folder.put(trials[0], finished)).toThrow(/^The folder .*\.regulus was deleted or moved while/);
    folder.close();
  });

  it('removes what killed processes leave, and checkpoints of finished trials', async () => {
    const { path, folder } = await opened();
    const checkpoint = folder.checkpointPath(trials[0]);
    writeFileSync(checkpoint, '');
    folder.put(trials[0], finished);
    expect(existsSync(checkpoint)).toBe(false);
    folder.close();
    const leftover = '.x.json.01234567-89ab-cdef-0123-456789abcdef.tmp';
    for (const name of ['', 'trials', 'checkpoints']) writeFileSync(join(path, '.regulus', name, leftover), '');
    for (const file of [checkpoint, folder.checkpointPath(trials[1])]) writeFileSync(file, '');
    (await opened(path)).folder.close();
    expect(readdirSync(join(path, '.regulus'), { recursive: true })).toHaveLength(4);
    expect(existsSync(folder.checkpointPath(trials[1]))).toBe(true);
  });

  it('says what cannot be written, and keeps the trials before', async () => {
    const { folder } = await opened();
    folder.put(trials[0], finished);
    mkdirSync(folder.checkpointPath(trials[1]).replace('checkpoints', 'trials').replace('.bin', '.json'));
    expect(() => folder.put(trials[1], finishedSecond)).toThrow(EnvironmentError);
    expect(() => folder.put(trials[1], finishedSecond)).toThrow(/^Cannot write .*\. The trials before it are kept\./);
    expect(folder.get(trials[0])).toEqual(finished);
    folder.close();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(TrialFolder.open(file)).rejects.toThrow(/^Cannot write .*file: a file is in the way\./);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('refuses a read-only folder', async () => {
    const path = temporaryFolder();
    chmodSync(path, 0o555);
    await expect(TrialFolder.open(path)).rejects.toThrow(/permission denied/);
  });
});
