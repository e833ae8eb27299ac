// `regulus queue status`: who works on a queue, and what is left.
import { align } from './cells.ts';
import { exitCodes, type Io } from './io.ts';
import { duration } from './progress.ts';
import { queueUrl } from './queue-url.ts';

export interface QueueCommandOptions {
  queue?: string | true;
  json?: boolean;
}

/** Prints the state of a queue and returns the exit code. */
export async function queueCommand(_: string, { queue, json }: QueueCommandOptions, io: Io): Promise<number> {
  // Loaded late: `--help` needs no queue.
  const { queueStatus } = await import('../cluster/index.ts');
  const onNotice = (message: string) => io.stderr.write(`${message}\n`);
  const status = await queueStatus({ url: queueUrl(queue, io), signal: io.signal, onNotice });
  if (json) {
    io.stdout.write(`${JSON.stringify(status)}\n`);
    return exitCodes.ok;
  }
  const { build, machines, experiments, waiting, running, failed } = status;
  const other = (its: string) => (its === build ? '' : 'another version');
  const perMinute = machines.reduce((sum, machine) => sum + machine.perMinute, 0);
  const left = ({ left }: { left: number }) => (perMinute > 0 ? duration((left / perMinute) * 60) : 'unknown');
  const lines = [
    `Trials: ${waiting} wait, ${running} run, ${failed} failed; ${perMinute} were finished in the last minute.`,
    '',
    ...align([
      ['Machine', 'workers', 'running', 'finished', 'a minute', ''],
      ...machines.map((each) => [
        each.host,
        ...[each.workers, each.running, each.done, each.perMinute].map(String),
        other(each.build),
      ]),
    ]),
    '',
    ...align([
      ['Experiment', 'started on', 'trials left', 'time left', ''],
      ...experiments.map((each) => [each.experiment, each.host, String(each.left), left(each), other(each.build)]),
    ]),
  ];
  io.stdout.write(`${lines.map((line) => line.trimEnd()).join('\n')}\n`);
  return exitCodes.ok;
}
