// The browser of the tests, and what they do with the page again and again.
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';

let browser: Browser;

/** Starts and ends the browser around the tests of a file. CHROMIUM names another one than Debian's. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
}

interface View {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
}

/** Problems that the page has reported, by page. */
const problems = new WeakMap<Page, string[]>();

/** A new window of its own that is on no page yet. */
export const newPage = (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => browser.newPage(options);

/** A new window of its own on a path of the test server. */
export async function open(path: string, { width = 1400, height = 1000, ...media }: View = {}): Promise<Page> {
  const page = await newPage({ viewport: { width, height }, acceptDownloads: true, ...media });
  const list: string[] = [];
  problems.set(page, list);
  page.on('pageerror', (error) => list.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') list.push(message.text());
  });
  await page.goto(inject('url') + path);
  return page;
}

/** The playground in the state of this hash; without motion it waits to be played. */
export async function openPlayground(hash = '', view: View = {}): Promise<Page> {
  const page = await open(`/playground/#${hash}`, { reducedMotion: 'reduce', ...view });
  await page.getByRole('button', { name: 'Play' }).waitFor();
  return page;
}

/** Checks that nothing went wrong unseen, and closes the window. */
export async function close(page: Page): Promise<void> {
  expect(problems.get(page)).toEqual([]);
  await page.close();
}

/** Trains to the end, as fast as possible. */
export async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Play|Train again/ }).click();
  await page.getByRole('heading', { name: 'Results' }).waitFor({ timeout: 90_000 });
}

/** The card of a variant. */
export const card = (page: Page, label: string) => page.getByRole('article', { name: label, exact: true });

/** The figure under a label in a card, such as 'Epoch'. */
export async function figure(page: Page, label: string, name: string): Promise<string> {
  const term = card(page, label).locator('dt', { hasText: new RegExp(`^${name}$`) });
  return term.locator('xpath=following-sibling::dd').innerText();
}
