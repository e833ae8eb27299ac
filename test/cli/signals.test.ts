// Signals and streams of the executable: each way to be stopped has one message and one exit code, at any moment.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { smallSpec } from '../experiment/small-spec.ts';
import { executable, runProcess, temporaryFolder } from './terminal.ts';

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** A spec file in a folder of its own. */
function specFile(changes: object): { folder: string; argv: string[] } {
  const folder = temporaryFolder();
  const file = join(folder, 'spec.json');
  writeFileSync(file, JSON.stringify({ ...smallSpec(), ...changes }));
  return { folder, argv: ['run', file, '--out', join(folder, 'out'), '--workers', '1'] };
}

/** Trains for ever. */
const endless = () => specFile({ variants: [{ label: 'A', training: { epochs: 1_000_000_000 } }], seeds: [1] });

/** Takes some 20 s to be made, in one piece. */
const large = () => specFile({ dataset: { generator: 'makeMoons', parameters: { nSamples: 2e7 } } });

/**
 * Runs the executable, sends `signal` after `delay` milliseconds, or so long after the folder of results is there, and tells how long it
 * took to end after that, too.
 */
async function stopped(argv: string[], signal: NodeJS.Signals, delay: number, folder?: string) {
  let sent = 0;
  const printed = await runProcess(argv, {
    onStart: async (kill) => {
      while (folder && !existsSync(folder)) await setTimeout(50);
      await setTimeout(delay);
      sent = performance.now();
      kill(signal);
    },
  });
  return { ...printed, milliseconds: performance.now() - sent };
}

describe.skipIf(process.platform === 'win32')('signals', { timeout: 60_000 }, () => {
  it.each(signals)('%s ends training, and says what is kept', async (signal, exitCode) => {
    const { argv, folder } = endless();
    const { code, stdout, stderr } = await stopped(argv, signal, 500, join(folder, 'out'));
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toMatch(
      /^Stopped\. 0 of 1 trials are finished and saved in .*out\. To continue, repeat the command\.\n$/,
    );
  });

  // Far from the time that making the data would take, on a busy machine too.
  it.each(signals)('%s ends what cannot hear it, such as making data', async (signal, exitCode) => {
    const { code, stdout, stderr, milliseconds } = await stopped(large().argv, signal, 1500);
    expect([code, stdout, stderr]).toEqual([exitCode, '', 'Stopped.\n']);
    expect(milliseconds).toBeLessThan(4000);
  });

  it('end the rebuilding of a report', async () => {
    const { argv, folder } = specFile({ training: { ...smallSpec().training, epochs: 1 } });
    expect((await runProcess(argv)).code).toBe(0);
    const { code, stderr } = await runProcess(['report', join(folder, 'out')], {
      onStdout: (_, kill) => kill('SIGTERM'),
    });
    expect([code, stderr]).toEqual([143, 'Stopped.\n']);
  });

  const asFirst = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const canBeFirst = spawnSync(asFirst[0], [...asFirst.slice(1), 'true']).status === 0;
  it.runIf(canBeFirst).each(signals)('%s is heard as process 1, as in a container', async (signal, exitCode) => {
    const { argv } = endless();
    // unshare passes no signals on, so that the shell below finds the process in its namespace.
    const inner = `"$0" "$@" & sleep 1.5; kill -${signal.slice(3)} $(pgrep -P $!); wait $!`;
    const command = ['sh', '-c', inner, ...asFirst, process.execPath, executable];
    const { code, stderr } = await runProcess(argv, { command });
    // On a busy machine it may not train yet.
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(/^Stopped\.( 0 of 1 trials .*)?\n$/)]);
  });
});

describe.runIf(process.platform === 'linux')('files without an end', () => {
  it('are refused before they are read: pipes and devices, as data and as specs', async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    for (const csv of [pipe, '/dev/zero', '/dev/full']) {
      const { code, stderr } = await runProcess(specFile({ dataset: { csv, target: 'y' } }).argv);
      expect([code, stderr]).toEqual([
        1,
        `error: Cannot read the data file ${csv}: it is a pipe or a device, not a file. Paths of a spec are relative to the spec's own file.\n`,
      ]);
    }
    const { code, stderr } = await runProcess(['run', pipe]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('it is a pipe or a device, not a file.')]);
  });
});

describe.runIf(process.platform === 'linux')('streams', { timeout: 60_000 }, () => {
  const inShell = (redirections: string) => [
    'sh',
    '-c',
    `exec "$@" ${redirections}`,
    'sh',
    process.execPath,
    executable,
  ];
  const short = () => specFile({ seeds: [1], training: { ...smallSpec().training, epochs: 1 } }).argv;

  it.each([
    ['--help', () => ['--help']],
    ['a run', short],
  ])('a full disk behind the output of %s is one error', async (_, argv) => {
    const { code, stderr } = await runProcess(argv(), { command: inShell('>/dev/full') });
    expect(code).toBe(1);
    expect(stderr.match(/error: /g)).toHaveLength(1);
    expect(stderr).toMatch(/error: Cannot write to the standard output: .*ENOSPC.*\n$/);
  });

  it('a full disk behind messages is a failure without words', async () => {
    const { code, stdout } = await runProcess(short(), { command: inShell('2>/dev/full') });
    expect([code, stdout.match(/report\.html\n$/g)?.length]).toEqual([1, 1]);
    expect((await runProcess(['run', 'mons'], { command: inShell('2>/dev/full') })).code).toBe(2);
  });

  it('closed streams are no failure', async () => {
    expect(await runProcess(short(), { command: inShell('>&- 2>&- <&-') })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});
