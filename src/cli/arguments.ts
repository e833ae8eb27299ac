// The command line: its commands and options.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { presets } from '../experiment/presets.ts';
import { exitCodes, type Io, type Output, Terminal } from './io.ts';

/** The commands, each in a file of its own. */
export type CommandName = 'run' | 'report' | 'compare' | 'check' | 'init' | 'predict' | 'export' | 'work' | 'queue';

const queueForm = 'redis://HOST:PORT[/NAME] (default: the variable REGULUS_QUEUE, which others do not see)';

/** What `--to` of `export` may be. */
export const exportFormats = ['onnx', 'tfjs', 'js'] as const;

/** A command, and the arguments that it is called with. */
export interface Request {
  command: CommandName;
  args: unknown[];
  /** Whether an error is printed with its stack trace. */
  debug: boolean;
}

/** Reads the arguments `argv` of `regulus`. Where there is no command to perform, as for `--help`, it returns the exit code. */
export function parseArguments(
  argv: readonly string[],
  { stdout, stderr, env }: Pick<Io<Output>, 'stdout' | 'stderr' | 'env'>,
): Request | number {
  const [out, err] = [new Terminal(stdout), new Terminal(stderr)];
  let request: Request | undefined;
  const program = new Command('regulus')
    .description('Train, regularize and compare neural networks.')
    .version(__VERSION__)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHelpWidth: () => out.columns,
    });
  const command = (name: CommandName) =>
    program.command(name).action((...given) => {
      // Behind the arguments and the options comes the parser itself.
      request = { command: name, args: given.slice(0, -1), debug: argv.includes('--debug') || Boolean(env.DEBUG) };
    });
  command('run')
    .description('run an experiment, print a table and write the results, figures and a report')
    .argument(
      '<preset|spec.json|data.csv>',
      `a preset (${Object.keys(presets).join(', ')}), a JSON file, a module such as regulus.config.ts, or a table`,
    )
    .option('--target <name>', 'with a table (CSV, TSV): the column to predict')
    .option('--out <dir>', 'folder for the files (default: out/<name>)')
    .option('--seeds <n>', "number of random seeds, starting from the experiment's first", wholeNumber(10_000))
    .option('--epochs <n>', 'train every variant for this many epochs', wholeNumber(1_000_000))
    .addOption(
      new Option(
        '--numerics <mode>',
        'reproducible: the same results on every machine; fast: faster, with small differences',
      )
        .choices(['reproducible', 'fast'])
        .default('reproducible'),
    )
    .option('--workers <n>', 'number of trials to run in parallel (default: one per core)', wholeNumber(1024))
    .option('--queue [url]', `train on the machines that work on a queue: ${queueForm}`)
    .option('--data <dir|url>', 'with --queue: a folder or S3 bucket that all machines share, for large data')
    .option(
      '--checkpoint-every <epochs>',
      'save a checkpoint of each trial after this many epochs (default: every 2 seconds)',
      wholeNumber(1_000_000),
    )
    .option('--wide', 'experimental: vectors of 256 bits in Node 24 and later, same results (also: REGULUS_WIDE=1)')
    .option('--tensorboard <dir>', 'also write TensorBoard event files into this folder, one run per trial')
    .option('--overwrite', 'replace the results of another experiment in the folder')
    .option('--json', 'print events as JSON lines, and the table to standard error')
    .option('--quiet', 'print only errors');
  command('report')
    .description('rebuild the report, the figures and history.csv of a finished run')
    .argument('<dir>', 'folder of the run')
    .option('--out <dir>', 'folder for the files (default: the folder of the run)')
    .option('--quiet', 'print only errors');
  command('compare')
    .description('compare the variants that two runs have in common, print a table and write an HTML page')
    .argument('<dir1>', 'folder of the first run')
    .argument('<dir2>', 'folder of the second run, which is compared with the first')
    .option('--out <file>', 'file for the page', 'compare.html')
    .option('--quiet', 'print only errors');
  command('check')
    .description('check that the files of a run, finished or interrupted, are as they were written')
    .argument('<dir>', 'folder of the run')
    .option('--quiet', 'print only errors');
  command('init')
    .description('write a spec for a table, with comments: what `run data.csv --target` compares, to be changed')
    .argument('<data>', 'a CSV or TSV file')
    .requiredOption('--target <name>', 'the column to predict')
    .option('--out <file>', 'the spec (default: <data>.spec.json, beside the table)');
  const modules = 'modules that define kinds of your own in the model: their code is run';
  command('predict')
    .description('predict the rows of a table with a model: as CSV, a column named after the target, and probabilities')
    .argument('<model>', 'a model file, such as out/moons/model.safetensors')
    .argument(
      '<data>',
      "a table with the model's columns: CSV, TSV, or JSON with a list of objects; - for the standard input",
    )
    .option('--out <file>', 'file for the predictions (default: standard output)')
    .option('--modules <path...>', modules);
  command('export')
    .description('write a model in the format of another runtime')
    .argument('<model>', 'a model file, such as out/moons/model.safetensors')
    .addOption(
      new Option('--to <format>', 'ONNX, the layers format of TensorFlow.js, or a JavaScript module without imports')
        .choices(exportFormats)
        .makeOptionMandatory(),
    )
    .option('--out <path>', 'the file, for tfjs the folder (default: beside the model)')
    .option('--modules <path...>', modules);
  command('work')
    .description('train trials of experiments that were started elsewhere with `run --queue`')
    .option('--queue [url]', `the queue: ${queueForm}`)
    .option('--workers <n>', 'number of trials to run in parallel (default: one per core)', wholeNumber(1024))
    .option('--memory <size>', 'the most memory to use, such as 4GB: beyond it, trials go to other machines', bytes)
    .option('--data <dir|url>', 'a folder or S3 bucket that all machines share, as of `run`')
    .option('--base <dir>', "folder of the specs' modules; nothing outside of it is loaded (default: .)")
    .option('--cache <dir>', 'folder for data and checkpoints (default: regulus in the cache of the user)')
    .option('--name <name>', 'how this machine is called (default: its host name)')
    .option('--grace <seconds>', 'how long trials may go on when it is stopped', wholeNumber(86_400), 20)
    .option('--until-idle', 'stop when all experiments have finished')
    .option('--quiet', 'print only errors and what it waits for');
  command('queue')
    .description('print the machines and experiments of a queue, trials a minute and the time that is left')
    .addArgument(new Argument('<what>', 'what to print').choices(['status']))
    .option('--queue [url]', `the queue: ${queueForm}`)
    .option('--json', 'print it as JSON');
  for (const each of program.commands) each.option('--debug', 'show the stack trace of an error (also: DEBUG=1)');
  try {
    program.parse(argv, { from: 'user' });
    return request ?? exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    throw error;
  }
}

/** `512MB` or `4GB` as a number. */
function bytes(text: string): number {
  const [, digits, unit] = /^(\d+)\s*(MB|GB)$/i.exec(text) ?? [];
  if (Number(digits) >= 1) return Number(digits) * (unit.toUpperCase() === 'GB' ? 1e9 : 1e6);
  throw new InvalidArgumentError('It must be a number of MB or GB, such as 4GB.');
}

function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be an integer in the range [1, ${max}].`);
  };
}
