// Locks a folder for one process at a time. Lock entries of processes that have ended are removed.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { writeAtomically } from './files.ts';

/** The content of a lock file: which process locks the folder, or wants to. */
interface LockEntry {
  pid: number;
  host: string;
  /** In milliseconds since 1970. */
  since: number;
  /** Start time of the process in its system's own unit, since process ids are reused; '' where it is not known. */
  started: string;
}

const entryFile = /^lock-.*\.json$/;
const maxWaitMilliseconds = 1000;
const pollMilliseconds = 20;

/**
 * Locks `folder` and returns the function that unlocks it.
 *
 * Each process writes a lock entry under a name of its own before it looks for other entries. So two processes cannot
 * miss each other, and the entry of a process that has ended can be removed without a race. Of several processes that
 * come at the same moment the one with the first entry gets the lock: it waits until the others have removed theirs,
 * which a process that already had the lock never does.
 *
 * @throws EnvironmentError that names the process that has the lock.
 */
export async function lock(folder: string): Promise<() => void> {
  const own = `lock-${randomUUID()}.json`;
  const entry: LockEntry = { pid: process.pid, host: hostname(), since: Date.now(), started: startOf(process.pid) };
  const unlock = () => rmSync(join(folder, own), { force: true });
  write(join(folder, own), JSON.stringify(entry));
  const rank = (name: string, { since }: LockEntry) => `${String(since).padStart(15, '0')} ${name}`;
  try {
    for (let waited = 0; ; waited += pollMilliseconds) {
      const others = liveEntries(folder).filter(({ name }) => name !== own);
      if (others.length === 0) return unlock;
      const earlier = others.find((other) => rank(other.name, other.entry) < rank(own, entry));
      if (earlier || waited >= maxWaitMilliseconds) throw folderInUseError(folder, earlier ?? others[0]);
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Tries twice: the process that has the lock removes temporary files once, perhaps the one that is being written. */
function write(path: string, text: string): void {
  try {
    writeAtomically(path, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writeAtomically(path, text);
  }
}

/** The lock entries of processes that are alive; the others are removed. */
function liveEntries(folder: string): { name: string; entry: LockEntry }[] {
  return readdirSync(folder)
    .filter((name) => entryFile.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      const entry = read(path);
      if (entry && isAlive(entry)) return [{ name, entry }];
      rmSync(path, { force: true });
      return [];
    });
}

function read(path: string): LockEntry | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Removed just now, or not a lock entry.
    return undefined;
  }
}

/** Processes on other hosts count as alive, because there is no way to ask for them. */
function isAlive({ pid, host, started }: LockEntry): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** Field 22 of /proc/<pid>/stat on Linux. The second field is a name in parentheses, which may hold spaces. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
  }
}

function folderInUseError(folder: string, { name, entry }: { name: string; entry: LockEntry }): EnvironmentError {
  const { pid, host, since } = entry;
  const remedy = host === hostname() ? '' : ` If that process is gone, delete ${join(folder, name)}.`;
  return new EnvironmentError(
    `Process ${pid} on ${host} has been working in this folder since ${new Date(since).toISOString()}: ${folder}. ` +
      `Wait until it has finished, or choose another folder.${remedy}`,
    { code: 'ERR_FOLDER_IN_USE' },
  );
}
