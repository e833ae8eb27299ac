// What training leaves of the page's time: tasks, frames, steps per second.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { close, figure, open, openPlayground, train, useBrowser } from './browser.ts';

useBrowser();

/** From here on browsers speak of a long task, in milliseconds. */
const LONG = 50;

interface Pace {
  /** Durations of the long tasks, by the clock. */
  long: number[];
  /** The most processor time of a task: unlike the clock, it does not count what other programs took. */
  most: number;
  /** Times between animation frames, sorted. */
  frames: number[];
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Processor time in microseconds. */
  tdur?: number;
  args: { name?: string };
}

/** Watches the page while `seconds` pass. */
async function watch(page: Page, seconds: number): Promise<Pace> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel'] } });
  const seen = await page.evaluate(async (milliseconds) => {
    const long: number[] = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: 'longtask' });
    const frames: number[] = [];
    const end = performance.now() + milliseconds;
    for (let last = performance.now(); last < end; ) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames.push(now - last);
      last = now;
    }
    observer.disconnect();
    return { long, frames: frames.slice(1).sort((a, b) => a - b) };
  }, seconds * 1000);
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const times = events
    .filter(
      ({ name, pid, tid }) => name.includes('RunTask') && mains.some((main) => main.pid === pid && main.tid === tid),
    )
    .map(({ tdur = 0 }) => tdur / 1000);
  expect(times.length).toBeGreaterThan(100);
  return { ...seen, most: times.reduce((a, b) => Math.max(a, b)) };
}

function report(name: string, { long, most, frames }: Pace, rest = ''): void {
  const at = (share: number) => `${frames[Math.floor(share * (frames.length - 1))].toFixed(1)} ms`;
  const longest = long.length > 0 ? `longest of ${long.length} ${Math.max(...long)} ms` : 'none';
  console.log(
    `${name}: long tasks ${longest}, most processor time of a task ${most.toFixed(1)} ms; ` +
      `frames median ${at(0.5)}, 95 % ${at(0.95)}, 99 % ${at(0.99)}${rest}`,
  );
}

test('20 seconds of training five variants in the playground are without long tasks', async () => {
  const page = await openPlayground('epochs=5000&speed=0&samples=2000');
  await page.waitForTimeout(1000);
  await page.getByRole('button', { name: 'Play' }).click();
  const pace = await watch(page, 20);
  const rates = [];
  for (const label of ['No regularization', 'L1', 'L2', 'Dropout', 'Early stopping']) {
    rates.push(`${label} ${await figure(page, label, 'Steps a second')}`);
  }
  report('playground', pace, `; steps a second: ${rates.join(', ')}`);
  expect(pace.most).toBeLessThan(LONG);
  expect(pace.frames[Math.floor(pace.frames.length / 2)]).toBeLessThan(34);
  await close(page);
});

test('20 seconds of fit on the main thread are without long tasks', async () => {
  const page = await open('/page/');
  await page.waitForFunction('globalThis.worker');
  const training = page.evaluate(async () => {
    const { adam, dense, dropout, l2, makeMoons, relu, sequential, trainTestSplit } = globalThis.regulus;
    const { train, test } = trainTestSplit(makeMoons({ nSamples: 5000, noise: 0.3 }), { randomState: 1 });
    const kernelRegularizer = l2(1e-4);
    const model = sequential({
      inputSize: 2,
      layers: [dense(128, { kernelRegularizer }), relu(), dropout(0.2), dense(64), relu(), dense(2)],
    });
    let steps = 0;
    const begin = performance.now();
    await model
      .fit(train, {
        epochs: 1e6,
        optimizer: adam(),
        validationData: test,
        signal: AbortSignal.timeout(20_000),
        callbacks: [{ onBatchEnd: () => void steps++ }],
      })
      .catch(() => {});
    return (1000 * steps) / (performance.now() - begin);
  });
  const pace = await watch(page, 20);
  report('main thread', pace, `; ${Math.round(await training)} steps a second`);
  expect(pace.most).toBeLessThan(LONG);
  await close(page);
});

test('training in a worker leaves the page all its time', async () => {
  const page = await open('/page/');
  await page.waitForFunction('globalThis.worker');
  const training = page.evaluate(async () => {
    const { dense, makeMoons, relu } = globalThis.regulus;
    const model = await globalThis.worker.sequential({ inputSize: 2, layers: [dense(128), relu(), dense(2)] });
    let epochs = 0;
    await model
      .fit(makeMoons({ nSamples: 5000, noise: 0.3 }), {
        epochs: 1e6,
        signal: AbortSignal.timeout(5000),
        onEpochEnd: () => void epochs++,
      })
      .catch(() => {});
    model.dispose();
    return epochs;
  });
  const pace = await watch(page, 5);
  report('worker', pace, `; ${await training} epochs`);
  expect(await training).toBeGreaterThan(5);
  expect(pace.most).toBeLessThan(LONG);
  await close(page);
});

test('a run on every data set is without long tasks', async () => {
  for (const data of ['moons', 'digits']) {
    const page = await openPlayground(`data=${data}&epochs=100&speed=0`);
    const watching = watch(page, 6);
    await train(page);
    const pace = await watching;
    report(data, pace);
    expect(pace.most).toBeLessThan(LONG);
    await close(page);
  }
});
