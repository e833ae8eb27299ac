// Locks: one process at a time, in whatever order they come, and none for processes that have ended.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../src/errors/index.ts';
import { lock } from '../../src/runner/lock.ts';
import { temporaryFolder } from '../cli/terminal.ts';

/** Writes the lock entry of another process. */
function writeEntry(folder: string, other: { pid: number; host?: string; started?: string; since?: number }): void {
  const whole = { host: hostname(), since: Date.now() - 1000, started: '', ...other };
  writeFileSync(join(folder, `lock-${other.pid}.json`), JSON.stringify(whole));
}

/** The id of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('lock', () => {
  it('keeps others out until it is given back', async () => {
    const folder = temporaryFolder();
    const unlock = await lock(folder);
    const second = lock(folder);
    await expect(second).rejects.toThrow(EnvironmentError);
    await expect(second).rejects.toThrow(
      new RegExp(
        `^Process ${process.pid} on ${hostname()} has been working in this folder since 2.*: ${folder}\\. Wait`,
      ),
    );
    expect(readdirSync(folder)).toHaveLength(1);
    unlock();
    (await lock(folder))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes to one of those who come at the same moment', async () => {
    const folder = temporaryFolder();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => lock(folder)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is taken over from the dead', async () => {
    const folder = temporaryFolder();
    writeEntry(folder, { pid: deadPid() });
    (await lock(folder))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('is taken over from a dead process whose id has come again', async () => {
    const folder = temporaryFolder();
    writeEntry(folder, { pid: process.ppid, started: '1' });
    (await lock(folder))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from a process on another host, and tells what to do', async () => {
    const folder = temporaryFolder();
    writeEntry(folder, { pid: deadPid(), host: 'elsewhere' });
    await expect(lock(folder)).rejects.toThrow(/ on elsewhere .* If that process is gone, delete .*lock-\d+\.json\.$/);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is not taken from one that had it before, whatever its clock says', async () => {
    const folder = temporaryFolder();
    writeEntry(folder, { pid: 1, host: 'elsewhere', since: Date.now() + 3_600_000 });
    await expect(lock(folder)).rejects.toThrow('Process 1 on elsewhere');
  });

  it('ignores a file that is not a lock entry', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock-x.json'), '{');
    (await lock(folder))();
  });
});
