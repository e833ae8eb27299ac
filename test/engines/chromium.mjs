// Drives Debian's Chromium with Playwright.
import { chromium } from 'playwright-core';
import { program } from './installed.mjs';
import { limits } from './limits.mjs';

export async function launchChromium() {
  const browser = await chromium.launch({
    executablePath: program('chromium'),
    args: ['--no-sandbox'], // root cannot have one
    timeout: limits.launch * 1000,
  });
  return {
    version: browser.version(),
    async report(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return page.evaluate('report()');
    },
    close: () => browser.close(),
  };
}
