// Locks: one process at a time, in whatever order they come, and none for processes that have ended.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../src/errors/index.ts';
import { lock } from '../../src/runner/lock.ts';
import { thisProcess } from '../../src/runner/processes.ts';
import { temporaryFolder } from '../cli/terminal.ts';

/** Writes the lock entry of another process, and returns its path. */
function writeEntry(folder: string, other: object, age = 0): string {
  const path = join(folder, 'lock-other.json');
  const since = Date.now() - 1000;
  writeFileSync(path, JSON.stringify({ ...thisProcess(), host: hostname(), since, ...other, holds: 1 }));
  const time = Date.now() / 1000 - age;
  utimesSync(path, time, time);
  return path;
}

/** The id of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

async function take(folder: string): Promise<void> {
  (await lock(folder)).unlock();
  expect(readdirSync(folder)).toEqual([]);
}

async function refused(folder: string, path: string, message: RegExp | string): Promise<void> {
  const refusal = lock(folder);
  await expect(refusal).rejects.toThrow(EnvironmentError);
  await expect(refusal).rejects.toThrow(message);
  await expect(refusal).rejects.toThrow(path);
  expect(readdirSync(folder)).toHaveLength(1);
}

afterEach(() => void vi.restoreAllMocks());

describe('lock', () => {
  it('keeps others out until it is given back', async () => {
    const folder = temporaryFolder();
    const held = await lock(folder);
    const [name] = readdirSync(folder);
    const since = `Process ${process.pid} on ${hostname()} has been working in this folder since 2`;
    await refused(folder, join(folder, name), since);
    held.unlock();
    await take(folder);
  });

  it('goes to one of those who come at the same moment', async () => {
    const folder = temporaryFolder();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => lock(folder)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toHaveLength(1);
    for (const one of all) if (one.status === 'fulfilled') one.value.unlock();
  });

  it('is taken over from the dead, from a dead process whose id has come again', async () => {
    const folder = temporaryFolder();
    writeEntry(folder, { pid: deadPid() });
    await take(folder);
    if (process.platform !== 'linux') return;
    writeEntry(folder, { pid: process.ppid, started: '1' });
    await take(folder);
  });

  it.each([
    ['another container', { namespace: 'pid:[1]' }],
    ['before a reboot, or another host with the same name', { boot: 'another' }],
    ['another host', { boot: 'another', host: 'elsewhere' }],
  ])('is not taken from a process of %s, unless its lock entry has not been renewed for a minute', async (_, where) => {
    const folder = temporaryFolder();
    // Its id says nothing here.
    const process = { pid: deadPid(), ...where };
    await refused(
      folder,
      writeEntry(folder, process, 50),
      /cannot be asked from here.*renewed its lock entry, .* 5\d s ago/,
    );
    writeEntry(folder, process, 70);
    await take(folder);
  });

  it("goes by the clock of the lock entry's file system", async () => {
    const folder = temporaryFolder();
    const path = writeEntry(folder, { boot: 'another' }, -3600);
    await refused(folder, path, 'cannot be asked');
    rmSync(path);
    const live = writeEntry(folder, { boot: 'another' });
    // This host's clock is a day fast.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
    await refused(folder, live, 'cannot be asked');
  });

  it('is not taken from one that had it before, whatever its clock says', async () => {
    const folder = temporaryFolder();
    const path = writeEntry(folder, { boot: 'another', since: Date.now() + 3_600_000 });
    await refused(folder, path, /^Process \d+ on /);
  });

  it.each<[string, (path: string) => void]>([
    ['{}', (path) => writeFileSync(path, '{}')],
    ['[]', (path) => writeFileSync(path, '[]')],
    ['null', (path) => writeFileSync(path, 'null')],
    ['text', (path) => writeFileSync(path, 'lock')],
    ['nothing', (path) => writeFileSync(path, '')],
    ['a folder', (path) => mkdirSync(path)],
    ...Object.entries({ pid: [0, -1, 1.5, 1e300, '7'], since: [null, 1e300, 'now'], host: [7], boot: [null] }).flatMap(
      ([key, values]) =>
        values.map((value): [string, (path: string) => void] => [
          `a lock entry with ${key} ${JSON.stringify(value)}`,
          (path) => {
            const entry = { ...thisProcess(), host: 'h', since: 0, [key]: value, holds: 1 };
            writeFileSync(path, JSON.stringify(entry));
          },
        ]),
    ),
  ])('refuses a folder where the lock entry is %s, however old, and leaves it there', async (_, write) => {
    const folder = temporaryFolder();
    const path = join(folder, 'lock-x.json');
    write(path);
    utimesSync(path, 1, 1);
    await refused(folder, path, /does not say which process is working in .*If none is, delete it\.$/);
  });

  it('is renewed while the process is busy, and notices when its lock entry has gone', {
    timeout: 30_000,
  }, async () => {
    const folder = temporaryFolder();
    const held = await lock(folder);
    const [path] = readdirSync(folder).map((name) => join(folder, name));
    const begin = statSync(path).mtimeMs;
    // The thread that renews it starts when this one lets it.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const sleep = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; statSync(path).mtimeMs === begin && waited < 150; waited++) Atomics.wait(sleep, 0, 0, 100);
    expect(statSync(path).mtimeMs - begin).toBeGreaterThan(9000);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, holds: 1 });
    held.assertHeld();
    rmSync(path);
    expect(() => held.assertHeld()).toThrow(/^The lock entry .* is gone/);
    rmSync(folder, { recursive: true });
    expect(() => held.assertHeld()).toThrow(/^The folder .* was deleted or moved/);
    held.unlock();
  });
});

const holder = fileURLToPath(new URL('lock-process.mjs', import.meta.url));

/** A process that takes locks and keeps them until it is killed; `take` gives `held`, or why not. */
async function start(before: string[] = []) {
  const [command, ...args] = [...before, process.execPath, holder];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    async take(folder: string): Promise<string> {
      child.stdin.write(`${folder}\n`);
      return (await lines.next()).value;
    },
    end: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')),
  };
}

describe('processes', { timeout: 60_000 }, () => {
  it('get the lock one at a time: six at one moment, ten times, beside lock entries that are left behind', async () => {
    const six = await Promise.all(Array.from({ length: 6 }, () => start()));
    for (let round = 0; round < 10; round++) {
      const folder = temporaryFolder();
      writeEntry(folder, round % 2 ? { pid: deadPid() } : { boot: 'another' }, 70);
      const said = await Promise.all(six.map((one) => one.take(folder)));
      expect(said.filter((text) => text === 'held')).toHaveLength(1);
      for (const text of said) expect(text).toMatch(/^held$|lock-[\da-f-]+\.json/);
      expect(readdirSync(folder)).toHaveLength(1);
    }
    await Promise.all(six.map((one) => one.end()));
  });

  const unshare = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child'];
  const canUnshare = spawnSync(unshare[0], [...unshare.slice(1), 'true']).status === 0;

  it.runIf(canUnshare).each([[[]], [['--mount-proc']]])(
    'of another pid namespace are not taken for dead, with %j',
    async (more) => {
      const folder = temporaryFolder();
      const inside = await start([...unshare, ...more]);
      expect(await inside.take(folder)).toBe('held');
      const [path] = readdirSync(folder).map((name) => join(folder, name));
      await refused(folder, path, 'That process cannot be asked from here.');
      await inside.end();
      // It is dead, but nobody can know before a minute has passed.
      await refused(folder, path, 'cannot be asked');
      const old = Date.now() / 1000 - 61;
      utimesSync(path, old, old);
      await take(folder);
    },
  );

  it.runIf(canUnshare)('of another pid namespace do not take what is held here', async () => {
    const folder = temporaryFolder();
    const held = await lock(folder);
    const inside = await start([...unshare, '--mount-proc']);
    expect(await inside.take(folder)).toContain('cannot be asked from here');
    await inside.end();
    held.assertHeld();
    held.unlock();
  });
});
