// What tests of queues share: a server for each file of tests, workers and specs that take little time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type StartWorkerOptions, startWorker, type WorkerEvent } from '../../src/cluster/index.ts';

export interface TestRedis {
  url(name?: string): string;
  port: number;
  folder: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const file = './redis.mjs';
export const { hasRedis, startRedis, freePort } = (await import(file)) as {
  hasRedis: boolean;
  startRedis(options?: { args?: string[]; port?: number }): Promise<TestRedis>;
  freePort(): Promise<number>;
};

/** A server for all tests of a file. */
export function useRedis(args: string[] = []): { url(name: string): string } {
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    if (hasRedis) redis = await startRedis({ args });
  });
  afterAll(() => redis?.stop());
  return { url: (name) => (redis as TestRedis).url(name) };
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'regulus-cluster-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A worker in this process, which stops after the test, and what it has said. */
export async function work(options: StartWorkerOptions) {
  const events: WorkerEvent[] = [];
  const worker = await startWorker({
    ...{ workers: 1, cache: temporaryFolder(), name: 'worker' },
    ...options,
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => worker.stop());
  const notices = () => events.flatMap((event) => (event.type === 'trialEnd' ? [] : [event.message]));
  return { ...worker, events, notices };
}

/** Ten trials of some milliseconds. */
export const spec = {
  name: 'queue',
  dataset: { generator: 'makeMoons', parameters: { nSamples: 120, noise: 0.25, randomState: 1 } },
  split: { testSize: 0.2, validationSize: 0.2, randomState: 2 },
  scaling: 'standard',
  network: { hiddenUnits: [8] },
  training: { epochs: 5, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.01 } },
  variants: [{ label: 'Baseline' }, { label: 'Dropout', network: { dropout: 0.4 } }],
  seeds: [1, 2, 3, 4, 5],
};
