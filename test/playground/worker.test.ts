// regulus/worker in a browser, as Vite has bundled it.
import { expect, test } from 'vitest';
import { close, open, useBrowser } from './browser.ts';

useBrowser();

test('gives the bits of the same model on the page: progress, early stopping, weights, predictions', async () => {
  const page = await open('/page/');
  await page.waitForFunction('globalThis.worker');
  const found = await page.evaluate(async () => {
    const { adam, dense, dropout, earlyStopping, l1, makeMoons, relu, sequential, trainTestSplit } = globalThis.regulus;
    const { train, test } = trainTestSplit(makeMoons({ nSamples: 400, noise: 0.3 }), { randomState: 1 });
    const options = {
      inputSize: 2,
      seed: 3,
      layers: [dense(32, { kernelRegularizer: l1(1e-3) }), relu(), dropout(0.3), dense(2)],
    };
    const fit = { epochs: 60, validationData: test, optimizer: adam({ learningRate: 0.01 }) };
    const here = sequential(options);
    const expected = await here.fit(train, { ...fit, callbacks: [earlyStopping({ patience: 3 })] });
    const model = await globalThis.worker.sequential(options);
    const progress: number[] = [];
    const history = await model.fit(train, {
      ...fit,
      callbacks: [globalThis.worker.earlyStopping({ patience: 3 })],
      onEpochEnd: ({ epoch }) => void progress.push(epoch),
    });
    const weights = (await model.getWeights()).map(({ data }) => Array.from(data));
    const same = {
      history: JSON.stringify(history) === JSON.stringify(expected),
      weights: JSON.stringify(weights) === JSON.stringify(here.getWeights().map(({ data }) => Array.from(data))),
      predictions: String(await model.predict(test.x)) === String(here.predict(test.x)),
    };
    const error = await model.fit(train, { epochs: 0 }).catch((reason: Error) => reason);
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'), 200);
    const aborted = await model
      .fit(train, { epochs: 1e6, signal: controller.signal })
      .catch((reason: Error & { history: { stopReason: string } }) => reason);
    model.dispose();
    return {
      same,
      epochs: expected.epochs,
      progress,
      error: String(error),
      aborted: [String(aborted), 'history' in aborted && aborted.history.stopReason],
      isolated: crossOriginIsolated,
    };
  });
  expect(found.same).toEqual({ history: true, weights: true, predictions: true });
  expect(found.epochs).toBeLessThan(60);
  expect(found.progress).toEqual(Array.from({ length: found.epochs }, (_, i) => i + 1));
  expect(found.error).toMatch(/ParameterError: The 'epochs' parameter of Sequential.fit/);
  expect(found.aborted).toEqual([expect.stringMatching(/^AbortError: Training was aborted/), 'aborted']);
  expect(found.isolated).toBe(false);
  await close(page);
});

test('needs no bundler', async () => {
  const page = await open('/page/');
  await page.addScriptTag({
    type: 'module',
    content: `
      import { dense, makeMoons, relu } from '/dist/regulus.min.js';
      import { sequential } from '/dist/worker.js';
      const data = makeMoons({ nSamples: 200, noise: 0.1 });
      const model = await sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
      await model.fit(data, { epochs: 30 });
      document.title = (await model.evaluate(data)).accuracy;`,
  });
  await expect.poll(async () => Number(await page.title())).toBeGreaterThan(0.8);
  await close(page);
});

test('a worker that cannot be loaded is an error', async () => {
  const page = await open('/page/');
  await page.waitForFunction('globalThis.worker');
  const error = await page.evaluate(() =>
    globalThis.worker
      .sequential({
        inputSize: 2,
        layers: [globalThis.regulus.dense(2)],
        worker: () => new Worker('./missing.js', { type: 'module' }),
      })
      .catch(String),
  );
  expect(error).toMatch(/^WorkerError: The worker failed/);
  await page.close();
});
