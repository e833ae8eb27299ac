// The optional packages behind a queue.
import { EnvironmentError } from '../errors/index.ts';

export interface Packages {
  bullmq: typeof import('bullmq');
  Redis: typeof import('ioredis').Redis;
}

/** @throws EnvironmentError that says what to install. */
export async function loadPackages(): Promise<Packages> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (cause) {
    throw new EnvironmentError('A queue needs packages that are not installed. Run: npm install bullmq ioredis', {
      code: 'ERR_PACKAGE_MISSING',
      cause,
    });
  }
}
