// Child processes and promises that cannot outlast their purpose.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set();

/**
 * Starts `command` as the leader of a process group of its own. Its output is collected in `output`; `ended` resolves
 * to a description of how it ended; `end()` stops the whole group and waits for that.
 */
export function start(command, args, env = {}) {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return {
    output,
    ended,
    async end() {
      if (pid === undefined) return;
      signalGroup(pid, 'SIGTERM');
      // What is left after both signals are zombies that nobody reaps.
      for (let tries = 1; tries <= 40 && signalGroup(pid, 0); tries++) {
        if (tries === 30) signalGroup(pid, 'SIGKILL');
        await sleep(100);
      }
      running.delete(pid);
    },
  };
}

/** Whether the group still exists; signal 0 only asks. */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

process.on('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGTERM');
});
// Without a handler, a signal would end this process without the event above.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** What `promise` resolves to, or an error after `seconds`. */
export async function within(seconds, what, promise) {
  const timer = new AbortController();
  const late = sleep(seconds * 1000, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what} took more than ${seconds} s.`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}
