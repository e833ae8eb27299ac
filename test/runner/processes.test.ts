// Which processes live: /proc as Linux shows it, hides it or shows that of another namespace, and systems without it.
import { spawn } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { isAlive, type ProcessId, type System, thisProcess } from '../../src/runner/processes.ts';

/** Field 22 is the start time; the name may hold anything. */
const stat = (pid: number, state: string, started: string) =>
  `${pid} (a ) b) ${state} ${Array.from({ length: 18 }, (_, i) => i).join(' ')} ${started} 0 0\n`;

const files: Record<string, string> = {
  '/proc/self/stat': stat(5, 'R', '500'),
  '/proc/sys/kernel/random/boot_id': 'boot-a\n',
  '/proc/7/stat': stat(7, 'S', '700'),
};
const links: Record<string, string> = { '/proc/self': '5', '/proc/self/ns/pid': 'pid:[1]' };

function system(changes: Partial<System> & { files?: Record<string, string>; links?: Record<string, string> }): System {
  const seen = { ...files, ...changes.files };
  const followed = { ...links, ...changes.links };
  return {
    platform: 'linux',
    pid: 5,
    host: 'here',
    text: (path) => seen[path] ?? '',
    link: (path) => followed[path] ?? '',
    signal: () => {},
    ...changes,
  };
}

const fails = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};
const other: ProcessId = { pid: 7, started: '700', boot: 'boot-a', namespace: 'pid:[1]' };

describe('isAlive', () => {
  it.each<[string, boolean | undefined, Parameters<typeof system>[0], Partial<ProcessId>]>([
    ['runs', true, {}, {}],
    ['has ended', false, { signal: fails('ESRCH') }, {}],
    ["is another user's", true, { signal: fails('EPERM') }, {}],
    ['is a zombie', false, { files: { '/proc/7/stat': stat(7, 'Z', '700') } }, {}],
    ['is dead', false, { files: { '/proc/7/stat': stat(7, 'X', '700') } }, {}],
    ['is another one with its id', false, {}, { started: '699' }],
    ['began at a time that was not known', true, {}, { started: '' }],
    ["is hidden, another user's", true, { signal: fails('EPERM'), files: { '/proc/7/stat': '' } }, {}],
    ['is not that of this /proc', true, { links: { '/proc/self': '9' } }, { started: '699' }],
    ['is in another container', undefined, {}, { namespace: 'pid:[2]' }],
    ['is of before a reboot, or of another host', undefined, {}, { boot: 'boot-b' }],
    [
      'cannot be compared, for want of /proc',
      undefined,
      { text: () => '', link: () => '' },
      { boot: '', namespace: '' },
    ],
    [
      'runs on a system without /proc',
      true,
      { platform: 'darwin', files: {}, links: {}, text: () => '' },
      { boot: 'here', namespace: '', started: '' },
    ],
    [
      'runs on another such host',
      undefined,
      { platform: 'darwin', text: () => '' },
      { boot: 'there', namespace: '', started: '' },
    ],
  ])('of a process that %s: %s', (_, expected, changes, id) => {
    expect(isAlive({ ...other, ...id }, system(changes))).toBe(expected);
  });

  it('knows this process', () => {
    expect(thisProcess(system({}))).toEqual({ pid: 5, started: '500', boot: 'boot-a', namespace: 'pid:[1]' });
    expect(isAlive(thisProcess())).toBe(true);
  });

  it.runIf(process.platform === 'linux')('takes a child that has not been reaped for dead', async () => {
    // The shell starts a child, and becomes a program that never waits for it before the child ends.
    const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
    const child = { ...thisProcess(), pid, started: '' };
    expect(isAlive(child)).toBe(true);
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), 10_000);
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill();
  });
});
