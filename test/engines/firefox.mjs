// Drives Debian's Firefox with Puppeteer, over WebDriver BiDi.
import { launch } from 'puppeteer-core';
import { program } from './installed.mjs';
import { limits } from './limits.mjs';

export async function launchFirefox() {
  const browser = await launch({
    browser: 'firefox',
    executablePath: program('firefox-esr'),
    timeout: limits.launch * 1000,
    protocolTimeout: limits.jobs * 1000,
  });
  return {
    version: (await browser.version()).replace(/.*\//, ''),
    async report(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return page.evaluate('report()');
    },
    close: () => browser.close(),
  };
}
