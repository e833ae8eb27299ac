#!/usr/bin/env node
// The executable. Commands run in a thread of their own, so that this one hears signals at any moment, also while data are
// made or read, and writes what the command prints. It reads the arguments itself: `--help` needs no thread.
import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import { parseArguments, type Request } from './arguments.ts';
import { exitCodes, printable } from './io.ts';
import type { CommandData, FromCommand, StreamFacts, ToCommand } from './messages.ts';

/** A command that has not answered for so long, in milliseconds, is busy and cannot stop by itself. */
const ANSWER_MS = 400;

/** npm repeats the signal that the terminal has sent already, so one that follows within this time is still the first. */
const REPEATED_MS = 1000;

const streams = { stdout: process.stdout, stderr: process.stderr };
let outputLost = 0;
/** Whether the standard output is still read. */
let hasReader = true;
/** Whether a line has begun on the terminal and not ended. */
let isMidLine = false;

function write(stream: keyof typeof streams, text: string): void {
  isMidLine = !text.endsWith('\n');
  streams[stream].write(text);
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (stream === process.stdout) hasReader = false;
    // The reader has ended, as in `regulus … | head`: that is no failure, and the files are still wanted.
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout && outputLost === 0) {
      write('stderr', `error: Cannot write to the standard output: ${error.message}\n`);
    }
    outputLost = 1;
  });
}

/** Calls `then` once the standard output has been taken, or nobody takes it any more. */
function whenDrained(then: () => void): void {
  const { stdout } = process;
  const done = () => {
    stdout.off('drain', done).off('error', done);
    then();
  };
  if (stdout.writableNeedDrain && hasReader) stdout.on('drain', done).on('error', done);
  else then();
}

const facts = (): Record<keyof typeof streams, StreamFacts> => {
  const of = ({ isTTY = false, columns = 0 }: NodeJS.WriteStream) => ({ isTTY, columns });
  return { stdout: of(process.stdout), stderr: of(process.stderr) };
};

/** The exit code, once it is known. */
let code: number | undefined;

/** Starts the thread that performs `request`, and passes signals to it. */
function start(request: Request): void {
  const readsInput = request.args.includes('-');
  const command = new Worker(new URL('./command-thread.js', import.meta.url), {
    workerData: { request, streams: facts() } satisfies CommandData,
    stdin: readsInput,
  });
  if (readsInput && command.stdin) process.stdin.pipe(command.stdin);
  const send = (message: ToCommand) => command.postMessage(message);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('resize', () => send({ type: 'streams', streams: facts() }));
  }

  /** The exit code that the first signal asks for, once there was one. */
  let stopCode: number | undefined;
  let firstSignal = 0;
  let hasAnswered = false;
  let asking: NodeJS.Timeout | undefined;

  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stopCode === undefined) {
        stopCode = 128 + constants.signals[name];
        firstSignal = performance.now();
        ask();
        asking = setInterval(() => (hasAnswered ? ask() : stopNow(stopCode)), ANSWER_MS).unref();
      } else if (performance.now() - firstSignal > REPEATED_MS) stopNow(stopCode);
    });
  }

  /** Asks the command to stop, or when it has heard that, whether it still answers. */
  function ask(): void {
    hasAnswered = false;
    send({ type: 'stop' });
  }

  /** What has finished is in files by now. */
  function stopNow(code: number | undefined): void {
    write('stderr', `${isMidLine ? '\n' : ''}Stopped.\n`);
    process.exit(code);
  }

  command
    .on('message', (message: FromCommand) => {
      if (message.type === 'write') write(message.stream, message.text);
      else if (message.type === 'answer') hasAnswered = true;
      else if (message.type === 'drain') whenDrained(() => send({ type: 'drained', hasReader }));
      else {
        // A thread that ends need not answer.
        clearInterval(asking);
        code = message.code === exitCodes.interrupted ? (stopCode ?? message.code) : message.code;
        // It would wait for the end of an input that somebody still writes.
        if (readsInput) void command.terminate();
      }
    })
    .on('error', (error: unknown) => {
      code = exitCodes.failure;
      const isMemory = (error as NodeJS.ErrnoException)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
      const remedy = 'Use smaller data, or raise the limit: NODE_OPTIONS=--max-old-space-size=<MB>.';
      const text = isMemory ? `There is not enough memory. ${remedy}` : packError(error).message;
      write('stderr', `${isMidLine ? '\n' : ''}error: ${printable(text)}\n`);
    })
    .on('exit', (ended) => {
      // Whoever still writes there need not be waited for.
      if (readsInput) process.stdin.destroy();
      code ??= ended;
    });
}

process.once('exit', () => {
  process.exitCode ||= code || outputLost;
});

const request = parseArguments(process.argv.slice(2), { ...streams, env: process.env });
if (typeof request === 'number') code = request;
else start(request);
