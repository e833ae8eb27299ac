// Performs a command, and prints its errors.
import { AbortError } from '../errors/index.ts';
import { type CommandName, parseArguments, type Request } from './arguments.ts';
import { exitCodes, type Io, type Output, Terminal, UsageError } from './io.ts';

/** Each command is loaded when it runs. The parser made its arguments. */
const commands: Record<CommandName, () => Promise<(...args: never[]) => number | Promise<number>>> = {
  run: async () => (await import('./run-command.ts')).runCommand,
  report: async () => (await import('./report-command.ts')).reportCommand,
  compare: async () => (await import('./compare-command.ts')).compareCommand,
  check: async () => (await import('./check-command.ts')).checkCommand,
  init: async () => (await import('./init-command.ts')).initCommand,
  predict: async () => (await import('./predict-command.ts')).predictCommand,
  export: async () => (await import('./export-command.ts')).exportCommand,
};

/** Performs what the command line asks for and returns the exit code. */
export async function perform(
  { command, args, debug }: Request,
  { stdout, stderr, ...others }: Io<Output>,
): Promise<number> {
  const io: Io = { stdout: new Terminal(stdout), stderr: new Terminal(stderr), ...others };
  try {
    const call = await commands[command]();
    return await call(...(args as never[]), io as never);
  } catch (error) {
    if (error instanceof AbortError) {
      io.stderr.write(`${error.message}\n`);
      return exitCodes.interrupted;
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    io.stderr.write(`error: ${message}\n${debug ? `${stack}\n` : ''}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
  }
}

/** Runs `regulus` with the arguments `argv` in this thread and returns the exit code. */
export async function run(argv: readonly string[], io: Io<Output>): Promise<number> {
  const request = parseArguments(argv, io);
  return typeof request === 'number' ? request : perform(request, io);
}
