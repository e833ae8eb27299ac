// Which process this is, and whether another one still lives.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells a process from all others, also from those of other containers and from those before a reboot. */
export interface ProcessId {
  pid: number;
  /** Start time in the system's own unit, because process ids are used again; '' where it is not known. */
  started: string;
  /** The id of the machine's boot on Linux, elsewhere its name. */
  boot: string;
  /** The namespace that the process id belongs to on Linux, where each container has its own; '' elsewhere. */
  namespace: string;
}

/** The operating system; tests bring others. */
export interface System {
  platform: string;
  pid: number;
  host: string;
  /** The text of a file, and the target of a link; '' where they cannot be read. */
  text(path: string): string;
  link(path: string): string;
  /** Throws `ESRCH` where there is no such process. */
  signal(pid: number): void;
}

const here: System = {
  platform: process.platform,
  pid: process.pid,
  host: hostname(),
  text: (path) => orEmpty(() => readFileSync(path, 'utf8')),
  link: (path) => orEmpty(() => readlinkSync(path)),
  signal: (pid) => void process.kill(pid, 0),
};

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** This process. */
export function thisProcess({ platform, pid, host, text, link }: System = here): ProcessId {
  const linux = platform === 'linux';
  return {
    pid,
    started: parseStat(text('/proc/self/stat')).started,
    boot: linux ? text('/proc/sys/kernel/random/boot_id').trim() : host,
    namespace: linux ? link('/proc/self/ns/pid') : '',
  };
}

/** Whether a process lives; undefined where that cannot be asked from here: on another host, in another container. */
export function isAlive(other: ProcessId, system: System = here): boolean | undefined {
  const { boot, namespace } = thisProcess(system);
  const known = boot !== '' && (namespace !== '' || system.platform !== 'linux');
  if (!known || other.boot !== boot || other.namespace !== namespace) return undefined;
  try {
    system.signal(other.pid);
  } catch (error) {
    // EPERM: it exists, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // /proc may hide the processes of others, and may be that of another namespace.
  const visible = system.link('/proc/self') === String(system.pid);
  const { state, started } = parseStat(visible ? system.text(`/proc/${other.pid}/stat`) : '');
  // A zombie has ended, and waits for its parent to notice.
  if (state === 'Z' || state === 'X') return false;
  return started === '' || other.started === '' || started === other.started;
}

/** Fields 3 and 22 of /proc/<pid>/stat on Linux. The second field is a name in parentheses, which may hold spaces. */
function parseStat(stat: string): { state: string; started: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], started: fields[19] ?? '' };
}
