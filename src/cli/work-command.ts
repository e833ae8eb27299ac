// `regulus work`: trains trials of a queue on this machine.
import type { StartWorkerOptions } from '../cluster/index.ts';
import { trialName } from '../experiment/index.ts';
import { exitCodes, type Io } from './io.ts';
import { queueUrl } from './queue-url.ts';

export interface WorkCommandOptions extends Omit<StartWorkerOptions, 'url' | 'signal' | 'onEvent'> {
  queue?: string | true;
  grace: number;
  quiet?: boolean;
  debug?: boolean;
}

/** Works until it is stopped, or until there is nothing left to do, and returns the exit code. */
export async function workCommand(
  { queue, quiet, debug, grace, ...options }: WorkCommandOptions,
  io: Io,
): Promise<number> {
  // Loaded late: `--help` needs no queue.
  const { startWorker } = await import('../cluster/index.ts');
  const print = (line: string) => io.stderr.write(`${line}\n`);
  let done = 0;
  const worker = await startWorker({
    ...options,
    grace,
    url: queueUrl(queue, io),
    signal: io.signal,
    onEvent: (event) => {
      if (event.type === 'notice') print(event.message);
      else if (event.type === 'trialError') print(`${trialName(event.trial)}: ${event.message}`);
      else {
        done += 1;
        if (!quiet) print(`${trialName(event.trial)}: ${event.seconds.toFixed(1)} s`);
      }
    },
  });
  if (!quiet) {
    print(`Working. Ctrl-C or SIGTERM stops: what has not finished after ${grace} s goes to other machines.`);
  }
  await worker.finished;
  if (!quiet) print(`Stopped after ${done} ${done === 1 ? 'trial' : 'trials'}.`);
  return exitCodes.ok;
}
