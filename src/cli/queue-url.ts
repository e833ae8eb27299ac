// The address of a queue: from the command line, or where it holds a password, from the environment.
import { type Io, UsageError } from './io.ts';

/** @throws UsageError where it is in neither. */
export function queueUrl(option: string | boolean | undefined, { env }: Io): string {
  const url = typeof option === 'string' ? option : env.REGULUS_QUEUE;
  if (url) return url;
  throw new UsageError('There is no address of a queue. Give --queue redis://HOST:PORT/NAME, or set REGULUS_QUEUE.');
}
