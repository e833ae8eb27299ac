// Runs one of the suite's own small programs in a fresh process of this Node and reads the JSON it prints.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export async function runProgram<T>(name: string, args: readonly string[], flags: readonly string[] = []): Promise<T> {
  const script = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...args]);
  return JSON.parse(stdout);
}
