#!/usr/bin/env node
// The executable: connects the command line to this process.
import { exitCodes } from './io.ts';
import { run } from './run.ts';

// The first Ctrl-C stops the run and saves what has finished; a second one ends the process at once. npm repeats the
// signal that the terminal has sent already, so one that follows within a second is still the first.
const controller = new AbortController();
let firstInterrupt: number | undefined;
process.on('SIGINT', () => {
  firstInterrupt ??= performance.now();
  if (performance.now() - firstInterrupt > 1000) process.exit(exitCodes.interrupted);
  controller.abort();
});

let outputLost = 0;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has ended, as in `regulus … | head`: that is no failure, and the files are still wanted.
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout)
      process.stderr.write(`error: Cannot write to the standard output: ${error.message}\n`);
    outputLost = 1;
  });
}

const { stdout, stderr, env } = process;
const code = await run(process.argv.slice(2), { stdout, stderr, env, signal: controller.signal });
process.once('exit', () => {
  process.exitCode = code || outputLost;
});
