// `regulus run`: trains an experiment, prints the table and writes the files.
import { join } from 'node:path';
import { AbortError } from '../errors/index.ts';
import {
  type ExperimentSpec,
  type Numerics,
  type Outcome,
  partialOutcome,
  runExperiment,
  validateSpec,
} from '../experiment/index.ts';
import { exitCodes, type Io } from './io.ts';
import { loadSpec } from './load-spec.ts';
import { OutputFolder } from './output-folder.ts';
import { Progress } from './progress.ts';
import { formatTable } from './table.ts';

export interface RunCommandOptions {
  out?: string;
  seeds?: number;
  epochs?: number;
  numerics: Numerics;
  quiet?: boolean;
}

const partialFile = 'results.partial.json';

/** Runs the experiment that `name` names and returns the exit code. */
export async function runCommand(name: string, options: RunCommandOptions, io: Io): Promise<number> {
  const spec = override(loadSpec(name), options);
  const folder = new OutputFolder(options.out ?? join('out', spec.name), ['figures']);
  const silent = { write: () => {} };
  const progress = new Progress(options.quiet ? silent : io.stderr);
  const print = (text: string) => (options.quiet ? silent : io.stdout).write(`${text}\n`);
  try {
    const outcome = await runExperiment(spec, {
      numerics: options.numerics,
      signal: io.signal,
      onEvent: (event) => progress.show(event),
    });
    print(`\n${formatTable(outcome.results)}\n`);
    await writeOutcome(outcome, (file, content) => print(folder.write(file, content)));
    folder.remove(partialFile);
    return exitCodes.ok;
  } catch (error) {
    progress.clear();
    const kept = keepPartial(folder, spec, partialOutcome(error));
    if (!(error instanceof AbortError)) {
      if (kept) io.stderr.write(`${kept}\n`);
      throw error;
    }
    io.stderr.write(`Stopped. ${kept || 'No trial had finished, nothing was written.'}\n`);
    return exitCodes.interrupted;
  }
}

function override(spec: ExperimentSpec, { seeds, epochs }: RunCommandOptions): ExperimentSpec {
  return validateSpec({
    ...spec,
    ...(seeds && { seeds: Array.from({ length: seeds }, (_, i) => spec.seeds[0] + i) }),
    ...(epochs && {
      training: { ...spec.training, epochs },
      variants: spec.variants.map(({ training, ...variant }) => ({
        ...variant,
        ...(training && { training: { ...training, epochs } }),
      })),
    }),
  });
}

/** Writes all files: the results first, and last what can be drawn again from the others. */
async function writeOutcome(
  { results, figures, timing }: Outcome,
  write: (file: string, content: string | Uint8Array) => void,
): Promise<void> {
  write('results.json', json(results));
  write('timing.json', json(timing));
  write('figures.json', `${JSON.stringify(figures)}\n`);
  // Loaded late: the charting libraries take longer to load than `--help` should.
  const { buildFigures, buildReport, renderPng, renderSvg } = await import('../report/index.ts');
  const drawn = [];
  for (const figure of buildFigures(results, figures)) {
    const svg = await renderSvg(figure);
    write(join('figures', `${figure.name}.svg`), svg);
    write(join('figures', `${figure.name}.png`), renderPng(svg));
    drawn.push({ figure, svg });
  }
  write('report.html', buildReport(results, drawn));
}

/** Saves what had finished, under a name and with a mark that tell that it is not the whole. */
function keepPartial(folder: OutputFolder, spec: ExperimentSpec, outcome: Outcome | undefined): string {
  if (!outcome) return '';
  const finished = outcome.results.trials.length;
  const of = spec.variants.length * spec.seeds.length;
  const done = `${finished} of ${of} trials had finished;`;
  try {
    const path = folder.write(partialFile, json({ partial: { finished, of }, ...outcome.results }));
    return `${done} their results are in ${path}`;
  } catch (error) {
    // Not thrown: it would hide why the run ended.
    return `${done} their results are lost. ${(error as Error).message}`;
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
