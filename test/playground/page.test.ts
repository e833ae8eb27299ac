// The page itself: phone width, dark, keyboard, names for screen readers.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { close, openPlayground, train, useBrowser } from './browser.ts';

useBrowser();

test.each([320, 390, 768, 1024, 1400])('fits a window of %i pixels', async (width) => {
  const page = await openPlayground('epochs=20&speed=0', { width, height: 800 });
  await train(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  await page.setViewportSize({ width: 360, height: 700 });
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  const chart = await page.locator('.card canvas').first().boundingBox();
  expect(chart!.width).toBeGreaterThan(200);
  await close(page);
});

/** Contrast of two colors as in WCAG 2. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const luminance = (color: readonly number[]) => {
    const [red, green, blue] = color.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test.each(['light', 'dark'] as const)('text can be read in %s', async (colorScheme) => {
  const page = await openPlayground('epochs=20&speed=0', { colorScheme });
  await train(page);
  const pairs = await page.evaluate(() => {
    const solid = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number);
    const background = (element: Element | null): number[] => {
      if (!element) return [255, 255, 255];
      const color = solid(getComputedStyle(element).backgroundColor);
      return color.length === 4 && color[3] === 0 ? background(element.parentElement) : color.slice(0, 3);
    };
    const selector = 'h1, h2, h3, h4, small, p, label, dt, dd, th, td, output, button:not(:disabled), select, code';
    return Array.from(document.querySelectorAll(selector))
      .filter((element) => element.textContent && element.getClientRects().length > 0)
      .map((element) => ({
        text: `${element.tagName} ${element.textContent?.slice(0, 30)}`,
        colors: [solid(getComputedStyle(element).color).slice(0, 3), background(element)],
      }));
  });
  expect(pairs.length).toBeGreaterThan(100);
  const faint = pairs.filter(({ colors: [ink, paper] }) => contrast(ink, paper) < 4.5);
  expect(faint).toEqual([]);
  await close(page);
});

test('every control and every picture has a name', async () => {
  const page = await openPlayground('epochs=20&speed=0');
  await train(page);
  const snapshot = await page.locator('body').ariaSnapshot();
  // A role without a name stands alone on its line.
  const nameless = snapshot.match(
    /^\s*- (button|checkbox|slider|combobox|spinbutton|radio|img|article|region|table|progressbar)(:| \[|$).*/gm,
  );
  expect(nameless).toBeNull();
  expect(snapshot).toMatch(/checkbox "Dropout" \[checked\]/);
  expect(snapshot).toMatch(/img "Decision boundary of L2 with train and test points"/);
  expect(await page.getByRole('status').allInnerTexts()).toContainEqual(
    expect.stringMatching(/^Training has finished\. Best on the test part: /),
  );
  await close(page);
});

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

test('the keyboard is enough', async () => {
  const page = await openPlayground('epochs=20&speed=5&hidden=8');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatch(/Skip to the variants/);
  for (let i = 0; i < 2; i++) await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Play');
  await page.keyboard.press('Space');
  await expect.poll(() => focused(page)).toBe('Pause');
  await page.keyboard.press('Space');
  await expect.poll(() => focused(page)).toBe('Play');
  await page.getByRole('radio', { name: 'Circles' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.getByRole('radio', { name: 'Blobs' }).isChecked()).toBe(true);
  const own = page.getByRole('article').first();
  await own.getByRole('checkbox', { name: 'Dropout' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => own.getByRole('slider').getAttribute('aria-valuetext')).toBe('0.55');
  await close(page);
});
