// The command line: which commands and options there are, and what their errors look like.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { presets } from '../experiment/index.ts';
import { type CompareCommandOptions, compareCommand } from './compare-command.ts';
import { exitCodes, type Io, UsageError } from './io.ts';
import { type ReportCommandOptions, reportCommand } from './report-command.ts';
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
    .argument(
      '<preset|spec.json>',
      `a preset (${Object.keys(presets).join(', ')}), a JSON file, or a module such as regulus.config.ts`,
    )
    .option('--out <dir>', 'folder for the files (default: out/<name>)')
    .option('--seeds <n>', "number of seeds, counted up from the experiment's first", wholeNumber(10_000))
    .option('--epochs <n>', 'train every variant for this many epochs', wholeNumber(1_000_000))
    .addOption(
      new Option('--numerics <mode>', 'the same bits on every machine, or as fast as this one can')
        .choices(['reproducible', 'fast'])
        .default('reproducible'),
    )
    .option('--workers <n>', 'trials that run at a time (default: one per core)', wholeNumber(1024))
    .option(
      '--checkpoint-every <epochs>',
      'epochs between checkpoints of a trial (default: every 2 s)',
      wholeNumber(1_000_000),
    )
    .option('--tensorboard <dir>', 'also write TensorBoard event files below this folder, one run for each trial')
    .option('--json', 'print events as lines of JSON; the table goes to the standard error')
    .option('--quiet', 'print nothing but errors')
    .option('--debug', 'show where an error comes from (also: DEBUG=1)')
    .action(async (name: string, options: RunCommandOptions) => {
      code = await runCommand(name, options, io);
    });
  program
    .command('report')
    .description('make the report, the figures and history.csv of an earlier run again')
    .argument('<dir>', 'folder with results.json and figures.json')
    .option('--out <dir>', 'folder for the files (default: the same)')
    .option('--quiet', 'print nothing but errors')
    .option('--debug', 'show where an error comes from (also: DEBUG=1)')
    .action(async (directory: string, options: ReportCommandOptions) => {
      code = await reportCommand(directory, options, io);
    });
  program
    .command('compare')
    .description('compare the variants that two runs have in common, print a table and write a page')
    .argument('<dir1>', 'folder with the results.json to compare with')
    .argument('<dir2>', 'folder with the results.json to compare')
    .option('--out <file>', 'the page', 'compare.html')
    .option('--quiet', 'print nothing but errors')
    .option('--debug', 'show where an error comes from (also: DEBUG=1)')
    .action(async (first: string, second: string, options: CompareCommandOptions) => {
      code = await compareCommand([first, second], options, io);
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
