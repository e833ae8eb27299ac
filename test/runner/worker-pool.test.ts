// Worker threads: reuse, crashes, and stopping threads that do not listen.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AbortError, NumericError, WorkerError } from '../../src/errors/index.ts';
import { expand, runTrial, type Trial } from '../../src/experiment/index.ts';
import { sgd } from '../../src/optim/index.ts';
import { WorkerPool } from '../../src/runner/worker-pool.ts';
import { smallSpec } from '../experiment/small-spec.ts';

const misbehaving = fileURLToPath(new URL('misbehaving-worker.mjs', import.meta.url));
const lostHelper = fileURLToPath(new URL('lost-helper.mjs', import.meta.url));
const small = { resourceLimits: { maxOldGenerationSizeMb: 32 } };
const hooks = () => ({ signal: new AbortController().signal, onEpochEnd: () => {}, warn: () => {} });
const options = { readFile: (path: string) => readFileSync(path) };
const trialOf = (variant: string) => ({ ...expand(smallSpec())[0], variant });

async function withPool<T>(use: (pool: WorkerPool) => Promise<T>, pool = new WorkerPool(options)): Promise<T> {
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('trials in worker threads', () => {
  it('give what they give in this thread, in any order', async () => {
    const trials = expand(smallSpec());
    const here = [];
    for (const trial of trials) here.push(await runTrial(trial));
    const there = await withPool((pool) => Promise.all(trials.map((trial) => pool.run(trial, hooks()))));
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
    const reversed = await withPool(async (pool) => {
      const results = [];
      for (const trial of trials.toReversed()) results.push(await pool.run(trial, hooks()));
      return results.reverse();
    });
    expect(JSON.stringify(reversed)).toBe(JSON.stringify(here));
  });

  it('report every epoch in order before they end, also those before an error', async () => {
    const epochs: number[] = [];
    const onEpochEnd = ({ epoch }: { epoch: number }) => void epochs.push(epoch);
    const trial = trialOf('a');
    trial.training = { ...trial.training, epochs: 500 };
    const all = Array.from({ length: 500 }, (_, i) => i + 1);
    await withPool((pool) => pool.run(trial, { ...hooks(), onEpochEnd }));
    expect(epochs).toEqual(all);
    epochs.length = 0;
    trial.training.optimizer = sgd({ learningRate: 1e4 });
    await withPool((pool) => expect(pool.run(trial, { ...hooks(), onEpochEnd })).rejects.toThrow(NumericError));
    expect(epochs.length).toBeGreaterThan(0);
    expect(epochs).toEqual(all.slice(0, epochs.length));
  });

  it('throw their errors with the class and the stack of the worker', async () => {
    const trial: Trial = trialOf('a');
    trial.training = { ...trial.training, optimizer: sgd({ learningRate: 1e30 }) };
    const error = await withPool((pool) => pool.run(trial, hooks())).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NumericError);
    expect((error as Error).stack).toContain('runUntilYield');
  });

  it('stop on a signal by themselves, and the worker can be used again', async () => {
    const controller = new AbortController();
    const long = trialOf('a');
    long.training = { ...long.training, epochs: 1_000_000_000 };
    const terminate = vi.spyOn(Worker.prototype, 'terminate');
    await withPool(async (pool) => {
      // The timers that would end the thread by force stand still.
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const running = pool.run(long, {
        ...hooks(),
        signal: controller.signal,
        onEpochEnd: ({ epoch }) => {
          if (epoch === 3) controller.abort();
        },
      });
      await expect(running).rejects.toThrow(AbortError);
      vi.useRealTimers();
      expect((await pool.run(trialOf('b'), hooks())).variant).toBe('b');
      expect(terminate).not.toHaveBeenCalled();
      await expect(pool.run(long, { ...hooks(), signal: AbortSignal.abort() })).rejects.toThrow(AbortError);
    });
  });

  it('are given up when their listener throws', async () => {
    const onEpochEnd = () => {
      throw new RangeError('of the caller');
    };
    await withPool(async (pool) => {
      await expect(pool.run(trialOf('a'), { ...hooks(), onEpochEnd })).rejects.toThrow(RangeError);
      expect((await pool.run(trialOf('b'), hooks())).variant).toBe('b');
    });
  });
});

describe('a trial with members', () => {
  const trial: Trial = expand({ ...smallSpec(), training: { ...smallSpec().training, epochs: 3000, members: 5 } })[0];
  const watched = (workers: number) => async (pool: WorkerPool) => {
    let epochs = 0;
    const running = pool.run(trial, { ...hooks(), onEpochEnd: () => void epochs++ });
    pool.help(workers);
    return { result: JSON.stringify(await running), epochs };
  };

  it('has the same result when workers without a trial train some of them', async () => {
    const alone = await withPool(watched(1));
    expect(alone.epochs).toBe(5 * 3000);
    const shared = await withPool(watched(3));
    expect(shared.result).toBe(alone.result);
    expect(shared.epochs).toBeLessThan(alone.epochs);
    // A worker that has claimed a member and ends leaves it to the one that runs the trial.
    const left = await withPool(watched(2), new WorkerPool(options, lostHelper));
    expect(left).toEqual(alone);
  });

  it('ends with all that help it, by a signal or an error', async () => {
    const terminate = vi.spyOn(Worker.prototype, 'terminate');
    await withPool(async (pool) => {
      const long = { ...trial, training: { ...trial.training, epochs: 1_000_000_000 } };
      const controller = new AbortController();
      const running = pool.run(long, { ...hooks(), signal: controller.signal, onEpochEnd: () => controller.abort() });
      pool.help(3);
      await expect(running).rejects.toThrow(AbortError);
      const failing = { ...trial, training: { ...trial.training, optimizer: sgd({ learningRate: 1e30 }) } };
      await expect(pool.run(failing, hooks())).rejects.toThrow(NumericError);
      expect((await pool.run(trialOf('b'), hooks())).variant).toBe('b');
    });
    expect(terminate).not.toHaveBeenCalled();
  });
});

describe('a worker that crashes', () => {
  it.each([
    ['exits', 'The worker crashed with exit code 3.'],
    ['throws', 'The worker crashed: a bug.'],
    ['fills memory', 'The worker ran out of memory. Use fewer workers'],
  ])('%s: says so, and the others run on', async (variant, message) => {
    const pool = new WorkerPool(options, misbehaving, small);
    await withPool(async () => {
      const trials = ['before', variant, 'beside'].map((name) => pool.run(trialOf(name), hooks()));
      const [before, crashed, beside] = await Promise.allSettled(trials);
      expect([before.status, beside.status]).toEqual(['fulfilled', 'fulfilled']);
      const { reason } = crashed as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(WorkerError);
      expect(reason.message).toContain(message);
      expect(await pool.run(trialOf('after'), hooks())).toEqual({ variant: 'after' });
    }, pool);
  });

  it('does not listen: is stopped by force after 400 ms', async () => {
    const controller = new AbortController();
    const pool = new WorkerPool(options, misbehaving);
    await withPool(async () => {
      await pool.run(trialOf('a'), hooks());
      const running = pool.run(trialOf('hangs'), { ...hooks(), signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const terminate = vi.spyOn(Worker.prototype, 'terminate');
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      controller.abort();
      vi.advanceTimersByTime(399);
      expect(terminate).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(terminate).toHaveBeenCalledOnce();
      vi.useRealTimers();
      await expect(running).rejects.toThrow(AbortError);
    }, pool);
  });
});
