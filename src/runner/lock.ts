// One process at a time in a folder. The lock of a process that is gone counts for nothing.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { writeAtomically } from './files.ts';

/** Who asks for a folder, since when in milliseconds. */
interface Claim {
  pid: number;
  host: string;
  since: number;
  /** When the process began, in a unit of its operating system, because process ids come again; '' where not known. */
  began: string;
}

const claimFile = /^lock-.*\.json$/;
const patience = 1000;
const pause = 20;

/**
 * Locks `folder` and returns how to unlock it.
 *
 * Every process writes a claim under a name of its own before it looks for others, so two cannot miss each other, and a
 * dead process's claim can be removed without a race. Among those that come at the same moment the first claim wins: it
 * waits until the others have given way, which a process that had the folder already never does.
 *
 * @throws EnvironmentError that says who has the folder.
 */
export async function lock(folder: string): Promise<() => void> {
  const own = `lock-${randomUUID()}.json`;
  const claim: Claim = { pid: process.pid, host: hostname(), since: Date.now(), began: beginOf(process.pid) };
  const unlock = () => rmSync(join(folder, own), { force: true });
  write(join(folder, own), JSON.stringify(claim));
  const rank = (name: string, { since }: Claim) => `${String(since).padStart(15, '0')} ${name}`;
  try {
    for (let waited = 0; ; waited += pause) {
      const others = claims(folder).filter(({ name }) => name !== own);
      if (others.length === 0) return unlock;
      const first = others.find(({ name, claim: other }) => rank(name, other) < rank(own, claim));
      if (first || waited >= patience) throw taken(folder, (first ?? others[0]).name, (first ?? others[0]).claim);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The process that has the folder removes leftovers once, and may take the beginning of this file for one. */
function write(path: string, claim: string): void {
  try {
    writeAtomically(path, claim);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writeAtomically(path, claim);
  }
}

/** The claims of living processes; those of dead ones are removed. */
function claims(folder: string): { name: string; claim: Claim }[] {
  return readdirSync(folder)
    .filter((name) => claimFile.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      const claim = read(path);
      if (claim && lives(claim)) return [{ name, claim }];
      rmSync(path, { force: true });
      return [];
    });
}

function read(path: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Given up just now, or not a claim.
    return undefined;
  }
}

/** A process on another host cannot be asked and counts as living. */
function lives({ pid, host, began }: Claim): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return beginOf(pid) === began;
}

/** Field 22 of /proc/<pid>/stat on Linux. The second field is a name in parentheses, which may hold spaces. */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
  }
}

function taken(folder: string, name: string, { pid, host, since }: Claim): EnvironmentError {
  const remedy =
    host === hostname()
      ? 'Wait until it has finished, or choose another folder.'
      : `Wait until it has finished, or choose another folder. If that process is gone, delete ${join(folder, name)}.`;
  return new EnvironmentError(
    `Process ${pid} on ${host} has been working in this folder since ${new Date(since).toISOString()}: ${folder}. ${remedy}`,
  );
}
