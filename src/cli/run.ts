// The command line: which commands and options there are, and what their errors look like.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { presets } from '../experiment/index.ts';
import { exitCodes, type Io, UsageError } from './io.ts';
import { type RunCommandOptions, runCommand } from './run-command.ts';

/** Runs `regulus` with the arguments `argv` and returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.ok;
  const program = new Command('regulus')
    .description('Train, regularize and compare neural networks.')
    .version(__VERSION__)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns || 80,
    });
  program
    .command('run')
    .description('run an experiment, print a table and write results, figures and a report')
    .argument('<preset|spec.json>', `a preset (${Object.keys(presets).join(', ')}) or a JSON file`)
    .option('--out <dir>', 'folder for the files (default: out/<name>)')
    .option('--seeds <n>', "number of seeds, counted up from the experiment's first", wholeNumber(10_000))
    .option('--epochs <n>', 'train every variant for this many epochs', wholeNumber(1_000_000))
    .addOption(
      new Option('--numerics <mode>', 'the same bits on every machine, or as fast as this one can')
        .choices(['reproducible', 'fast'])
        .default('reproducible'),
    )
    .option('--quiet', 'print nothing but errors')
    .option('--debug', 'show where an error comes from (also: DEBUG=1)')
    .action(async (name: string, options: RunCommandOptions) => {
      code = await runCommand(name, options, io);
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const debug = argv.includes('--debug') || Boolean(io.env.DEBUG);
    io.stderr.write(`error: ${message}\n${debug ? `${stack}\n` : ''}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
  }
}

function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be an integer in the range [1, ${max}].`);
  };
}
