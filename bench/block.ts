// Times one block of repetitions with tinybench. Whoever calls takes turns between contenders, block by block.
import { Bench, now } from 'tinybench';
import type { OpenCase, Timed } from './case.ts';

/** Runs `n` repetitions. */
function repeat(run: () => void, n: number): Timed {
  const start = now();
  for (let i = 0; i < n; i++) run();
  return { milliseconds: now() - start, count: n };
}

/** Repetitions that take about a millisecond together, so that the clock and the harness do not count. */
function repetitions(run: () => void): number {
  let n = 1;
  while (repeat(run, n).milliseconds < 1) n *= 2;
  return n;
}

/** What tinybench is told of a sample: the mean of its repetitions, and what it took of the time budget. */
const sample = ({ milliseconds, count }: Timed) => ({
  overriddenDuration: milliseconds / count,
  overriddenIterationCost: milliseconds,
});

/** Runs for about `milliseconds` and returns the median time of one repetition, in milliseconds. */
export async function timeBlock({ run }: OpenCase, milliseconds: number): Promise<number> {
  const bench = new Bench({ time: milliseconds, iterations: 1, warmup: false, throws: true });
  if (run.constructor.name === 'AsyncFunction') {
    bench.add('block', async () => sample((await run()) as Timed), { async: true });
  } else {
    const n = repetitions(run);
    bench.add('block', () => sample(repeat(run, n)), { async: false });
  }
  const [task] = await bench.run();
  if (task.result.state !== 'completed') throw new Error(`The block was ${task.result.state}.`);
  return task.result.latency.p50;
}
