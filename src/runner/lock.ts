// Locks a folder for one process at a time. Lock entries of processes that have ended are removed.
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '../errors/index.ts';
import { goneError, readWhole, writeAtomically } from './files.ts';
import { isAlive, type ProcessId, thisProcess } from './processes.ts';

/** A locked folder. */
export interface Lock {
  /** Whether the lock entry is still there. */
  isHeld(): boolean;
  /** @throws EnvironmentError when it is not, so that another process may have the folder. */
  assertHeld(): void;
  unlock(): void;
}

/** The content of a lock entry: which process locks the folder, or wants to. */
interface LockEntry extends ProcessId {
  host: string;
  /** In milliseconds since 1970. */
  since: number;
  /** 1 for the process that has the lock. It comes last, so that one byte can be changed in place. */
  holds: 0 | 1;
}

/** The lock entry of another process that lives, or may live; `age` is how long ago it was renewed, for one that cannot be asked. */
interface Other {
  path: string;
  entry: LockEntry;
  age?: number;
}

/** Lock entries of this process that no longer count, also where they could not be removed. */
const released = new Set<string>();
const entryFile = /^lock-.*\.json$/;
const RENEWAL_SECONDS = 10;
/** The lock entry of a process that cannot be asked is left behind when it has not been renewed for as long. */
const STALE_SECONDS = 60;
const MAX_WAIT_MS = 30_000;
const POLL_MS = 20;

/**
 * Locks `folder`.
 *
 * Each process writes a lock entry under a name of its own before it looks for other lock entries. So two processes cannot miss each
 * other, and any number of them can remove the lock entry of a process that has ended: its name never comes again. Of several
 * processes that come at the same moment the one with the first lock entry gets the lock: it waits until the others have
 * removed theirs, unless one of them has the lock already.
 *
 * Lock entries are changed in place and never replaced, because who lists the files meanwhile may miss one that is replaced.
 *
 * @throws EnvironmentError that names the lock entry of the process that has the lock, or a lock entry that cannot be read.
 */
export async function lock(folder: string): Promise<Lock> {
  const path = join(folder, `lock-${randomUUID()}.json`);
  const entry: LockEntry = { ...thisProcess(), host: hostname(), since: Date.now(), holds: 0 };
  const text = JSON.stringify(entry);
  const position = text.length - 2;
  const own = { path, entry };
  try {
    write(path, text);
    for (let waited = 0; ; waited += POLL_MS) {
      const others = otherEntries(folder, path, () => renew(path, position, '0'));
      if (others.length === 0) break;
      const first = others.find((other) => other.entry.holds || rank(other) < rank(own));
      if (first || waited >= MAX_WAIT_MS) throw inUseError(folder, first ?? others[0]);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    renew(path, position, '1');
  } catch (error) {
    released.add(path);
    remove(path);
    throw error;
  }
  const renewal = startRenewal(path, position);
  const isHeld = () => existsSync(path);
  return {
    isHeld,
    assertHeld() {
      if (!isHeld()) throw existsSync(folder) ? lostError(path) : goneError(folder);
    },
    unlock() {
      renewal.terminate();
      released.add(path);
      remove(path);
    },
  };
}

const rank = ({ path, entry: { since } }: Other) => `${String(since).padStart(16, '0')} ${path}`;

/** Tries again: the process that has the lock removes temporary files once, perhaps the one that is being written. */
function write(path: string, text: string, attempts = 3): void {
  try {
    writeAtomically(path, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 1) throw error;
    write(path, text, attempts - 1);
  }
}

/** Writes into a lock entry, so that its file system notes the time: clocks of hosts differ. */
function renew(path: string, position: number, holds: '0' | '1'): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, holds, position);
  } finally {
    closeSync(file);
  }
}

/** Renews a lock entry from a thread of its own, because this one may be busy for more than a minute. */
function startRenewal(path: string, position: number): Worker {
  const code = `
    const { closeSync, openSync, writeSync } = require('node:fs');
    const { path, position } = require('node:worker_threads').workerData;
    setInterval(() => {
      try {
        const file = openSync(path, 'r+');
        try {
          writeSync(file, '1', position);
        } finally {
          closeSync(file);
        }
      } catch {}
    }, ${RENEWAL_SECONDS * 1000});`;
  const worker = new Worker(code, { eval: true, execArgv: [], workerData: { path, position } });
  worker.on('error', () => {}).unref();
  return worker;
}

/** The lock entries of others that count. Those that are left behind are removed. */
function otherEntries(folder: string, own: string, renewOwn: () => void): Other[] {
  const others: Other[] = [];
  for (const path of lockEntriesIn(folder)) {
    const entry = path === own ? undefined : readLockEntry(folder, path);
    if (!entry) continue;
    const alive = released.has(path) ? false : isAlive(entry);
    let age: number | undefined;
    if (alive === undefined) {
      renewOwn();
      const renewed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
      age = (statSync(own).mtimeMs - (renewed ?? 0)) / 1000;
    }
    if (alive || (age !== undefined && age <= STALE_SECONDS))
      others.push({ path, entry, ...(age !== undefined && { age }) });
    else remove(path);
  }
  return others;
}

/** The paths of all lock entries on `folder`. */
export function lockEntriesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => entryFile.test(name))
    .map((name) => join(folder, name));
}

/**
 * The lock entry in a file; undefined where the file is gone.
 *
 * @throws EnvironmentError for what is not a lock entry or cannot be read: nobody knows whose it is.
 */
function readLockEntry(folder: string, path: string): LockEntry | undefined {
  try {
    return parseLockEntry(readWhole(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  throw new EnvironmentError(
    `${path} does not say which process is working in ${folder}: it is damaged or cannot be read. If none is, delete it.`,
    { code: 'ERR_FOLDER_IN_USE' },
  );
}

/** More bytes than a lock entry ever has. */
const MOST_BYTES = 4096;

/** @throws an error for what is not a lock entry. */
export function parseLockEntry(bytes: Buffer): LockEntry {
  if (bytes.length > MOST_BYTES) throw new EnvironmentError('This is too long for a lock entry.');
  const entry = JSON.parse(bytes.toString());
  const { pid, since, host, started, boot, namespace } = (entry ?? {}) as Partial<LockEntry>;
  const valid =
    Number.isInteger(pid) &&
    pid! > 0 &&
    pid! < 2 ** 31 &&
    typeof since === 'number' &&
    !Number.isNaN(new Date(since).getTime()) &&
    [host, started, boot, namespace].every((text) => typeof text === 'string');
  if (!valid) throw new EnvironmentError('This is not a lock entry.');
  return entry;
}

/** What cannot be removed stays: it does not count, because its process has ended or knows that it was released. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}

function inUseError(folder: string, { path, entry: { pid, host, since }, age }: Other): EnvironmentError {
  const remedy =
    age === undefined
      ? `Its lock entry is ${path}.`
      : `That process cannot be asked from here. It renewed its lock entry, ${path}, ${Math.round(age)} s ago; after ` +
        `${STALE_SECONDS} s without that, the lock entry does not count. If the process is gone, delete the lock entry.`;
  return new EnvironmentError(
    `Process ${pid} on ${host} has been working in this folder since ${new Date(since).toISOString()}: ${folder}. ` +
      `Wait until it has finished, or choose another folder. ${remedy}`,
    { code: 'ERR_FOLDER_IN_USE' },
  );
}

function lostError(path: string): EnvironmentError {
  return new EnvironmentError(
    `The lock entry ${path} is gone: it was deleted, or this process stood still for more than ${STALE_SECONDS} s and another one ` +
      'may be working there now. Run again when none is.',
    { code: 'ERR_FOLDER_IN_USE' },
  );
}
