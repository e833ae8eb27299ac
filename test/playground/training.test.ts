// Training in the playground: every data set, every control, play, pause, step, reset.
import { expect, test } from 'vitest';
import { card, close, figure, open, openPlayground, train, useBrowser } from './browser.ts';

useBrowser();
const quick = 'epochs=20&speed=0&hidden=16';

test.each([
  ['moons', 'Moons', /2 features, 2 classes/],
  ['circles', 'Circles', /2 features, 2 classes/],
  ['blobs', 'Blobs', /2 features, 4 classes/],
  ['classification', 'Classification', /2 features, 2 classes/],
  ['digits', 'Digits (images)', /64 features, 10 classes/],
])('trains on %s', async (name, title, facts) => {
  const page = await openPlayground(quick);
  await page.getByRole('radio', { name: title }).check({ force: true });
  await page.getByText(facts).waitFor();
  await train(page);
  const table = page.getByRole('table', { name: 'Results of all variants' });
  const rows = await table.locator('tbody tr').allInnerTexts();
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(row).toMatch(/\d+\.\d %/);
  expect(new URL(page.url()).hash.includes(`data=${name}`)).toBe(name !== 'circles');
  await close(page);
});

test('plays, pauses, steps and resets', async () => {
  const page = await openPlayground('hidden=16&speed=15');
  const epoch = async () => Number(await figure(page, 'L2', 'Epoch'));
  await page.getByRole('button', { name: 'Step' }).click();
  await expect.poll(epoch).toBe(1);
  await page.getByRole('button', { name: 'Step' }).click();
  await expect.poll(epoch).toBe(2);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(epoch).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.waitForTimeout(300);
  const paused = await epoch();
  await page.waitForTimeout(500);
  expect(await epoch()).toBe(paused);
  expect(paused).toBeLessThan(290);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(epoch).toBe(0);
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByLabel('Speed').selectOption('as fast as possible');
  await page.getByRole('heading', { name: 'Results' }).waitFor({ timeout: 60_000 });
  await expect.poll(epoch).toBe(300);
  await page.getByRole('button', { name: 'Train again' }).click();
  await page.getByRole('heading', { name: 'Results' }).waitFor({ state: 'hidden' });
  await close(page);
});

test('every technique can be switched on, set and switched off in every variant', async () => {
  const page = await openPlayground(`${quick}&v=none&v=l2:0.001`);
  for (const [title, slider, label] of [
    ['L1', 'L1 strength λ', 'L1'],
    ['L2', 'L2 strength λ', 'L2'],
    ['Dropout', 'Dropout rate', 'Dropout'],
    ['Early stopping', 'Patience, epochs', 'Early stopping'],
  ]) {
    const own = page.getByRole('article').first();
    await own.getByRole('checkbox', { name: title }).check();
    await own.getByRole('heading', { level: 3, name: new RegExp(`^${label}`) }).waitFor();
    const range = own.getByRole('slider', { name: slider });
    const before = await range.getAttribute('aria-valuetext');
    await range.press('ArrowRight');
    await expect.poll(() => range.getAttribute('aria-valuetext')).not.toBe(before);
    expect(await own.locator('.explanation').count()).toBe(1);
    await own.getByRole('checkbox', { name: title }).uncheck();
    await card(page, 'No regularization').waitFor();
  }
  const own = page.getByRole('article').first();
  for (const title of ['L1', 'L2', 'Dropout', 'Early stopping'])
    await own.getByRole('checkbox', { name: title }).check();
  await card(page, 'L1 + L2 + Dropout + Early stopping').waitFor();
  await train(page);
  await close(page);
});

test('variants are added and removed', async () => {
  const page = await openPlayground(`${quick}&v=none&v=none`);
  await card(page, 'No regularization 2').waitFor();
  for (let i = 0; i < 4; i++) await page.getByRole('button', { name: 'Add a variant' }).click();
  expect(await page.getByRole('article').count()).toBe(6);
  expect(await page.getByRole('button', { name: 'Add a variant' }).count()).toBe(0);
  await train(page);
  for (let i = 0; i < 5; i++) await page.getByRole('article').last().getByRole('button').click();
  expect(await page.getByRole('article').count()).toBe(1);
  expect(await page.getByRole('article').getByRole('button').count()).toBe(0);
  await close(page);
});

test('every setting starts training anew, and is obeyed', async () => {
  const page = await openPlayground(`${quick}&v=none`);
  const facts = page.getByText(/samples to train on/);
  const press = async (name: string, key: string) => {
    const range = page.getByRole('slider', { name, exact: true });
    const before = await range.getAttribute('aria-valuetext');
    await range.press(key);
    await expect.poll(() => range.getAttribute('aria-valuetext')).not.toBe(before);
  };
  await press('Samples', 'ArrowRight');
  await expect.poll(() => facts.innerText()).toMatch(/^131 /);
  await press('Noise', 'End');
  await press('Noise features', 'ArrowRight');
  await expect.poll(() => facts.innerText()).toMatch(/3 features/);
  await press('Share for the test', 'Home');
  await expect.poll(() => facts.innerText()).toMatch(/35 to test/);
  await press('Learning rate', 'ArrowLeft');
  await press('Batch size', 'ArrowRight');
  await press('Epochs', 'ArrowRight');
  await page.getByText('Epoch 0 of 50').waitFor();
  await press('Units in hidden layer 1', 'ArrowRight');
  await page.getByRole('button', { name: 'Add a layer' }).click();
  await press('Units in hidden layer 2', 'Home');
  await page.getByText('of 25 units dead').waitFor();
  await page.getByRole('button', { name: 'Remove a layer' }).click();
  await page.getByRole('button', { name: 'Remove a layer' }).click();
  await page.getByText('No hidden layer').waitFor();
  await page.getByLabel('Optimizer').selectOption('SGD');
  await page.getByLabel('Data seed').fill('11');
  await page.getByLabel('Seed', { exact: true }).fill('12');
  await page.getByRole('button', { name: 'Another' }).click();
  await expect.poll(() => page.getByLabel('Seed', { exact: true }).inputValue()).not.toBe('12');
  await page.getByLabel('Curves of').selectOption('loss');
  await page.getByLabel('on the part for').selectOption('training');
  await page.getByLabel('Theme').selectOption('dark theme');
  await train(page);
  await close(page);
});

test('a loss that is no number any more is told', async () => {
  const page = await openPlayground('optimizer=sgd&learningRate=1&noise=1&hidden=256-256-256-256&speed=0&v=l2:50');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').innerText()).toMatch(/The loss must be finite/);
  await page.getByRole('slider', { name: 'Learning rate' }).press('Home');
  await page.getByRole('alert').waitFor({ state: 'hidden' });
  await close(page);
});

test('plays by itself, unless motion is not wanted', async () => {
  const page = await open('/playground/', { reducedMotion: 'no-preference' });
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(async () => Number(await figure(page, 'L2', 'Epoch'))).toBeGreaterThan(3);
  await close(page);
});

test('curves are measured along the way, however fast training is', async () => {
  const page = await openPlayground('epochs=40&hidden=8&speed=0&v=none');
  await page.addInitScript(() => {
    const epochs: number[] = [];
    const Own = Worker;
    Object.assign(globalThis, { epochs });
    globalThis.Worker = class extends Own {
      constructor(...args: ConstructorParameters<typeof Own>) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          const { epoch } = data.point ?? data.snapshot ?? {};
          if (epoch !== undefined) epochs.push(epoch);
        });
      }
    };
  });
  await page.reload();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await train(page);
  const epochs = await page.evaluate(() => (globalThis as unknown as { epochs: number[] }).epochs);
  expect([...new Set(epochs)]).toEqual(Array.from({ length: 41 }, (_, i) => i));
  await close(page);
});
