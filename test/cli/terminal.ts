// Runs the command line in this process or as a process of its own, and gives what it printed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Io, Output } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface Printed {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const executable = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'regulus-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Runs in this process. */
export async function runHere(
  argv: string[],
  { isTTY = false, columns = 80, ...io }: Partial<Io<Output>> & { isTTY?: boolean; columns?: number } = {},
): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[name] += text;
    },
    isTTY,
    columns,
  });
  const signal = new AbortController().signal;
  const code = await run(argv, { stdout: output('stdout'), stderr: output('stderr'), env: {}, signal, ...io });
  return { code, ...printed };
}

const esc = '\x1b';
const controls = new RegExp(`(\\n|\\r|${esc}\\[\\d+A|${esc}\\[J)`);
/** What comes before each drawing of the progress. */
export const redraw = new RegExp(`\\r(?:${esc}\\[\\d+A)?${esc}\\[J`);

/** The lines that stay on a terminal: knows returns to the line's start, moves up and erasures to the end. */
export function screen(text: string): string[] {
  const lines = [''];
  let row = 0;
  for (const part of text.split(controls)) {
    if (part === '\n') lines[++row] ??= '';
    else if (part === '\r') continue;
    else if (part === '\x1b[J') lines.splice(row, Number.POSITIVE_INFINITY, '');
    else if (part.startsWith('\x1b[')) row -= Number.parseInt(part.slice(2), 10);
    else lines[row] += part;
  }
  return lines.slice(0, -1);
}

type Kill = (signal: NodeJS.Signals) => void;

/** Runs the built executable; `onStdout` and `onStderr` see what has been printed so far. All may send a signal. */
export function runProcess(
  argv: string[],
  {
    command = [process.execPath, executable],
    cwd = process.cwd(),
    onStart,
    onStdout,
    onStderr,
  }: {
    command?: string[];
    cwd?: string;
    onStart?: (kill: Kill) => void;
    onStdout?: (text: string, kill: Kill) => void;
    onStderr?: (text: string, kill: Kill) => void;
  } = {},
): Promise<Printed> {
  const child = spawn(command[0], [...command.slice(1), ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill: Kill = (signal) => child.kill(signal);
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed.stdout += text;
    onStdout?.(printed.stdout, kill);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed.stderr += text;
    onStderr?.(printed.stderr, kill);
  });
  onStart?.(kill);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, ...printed }));
  });
}
