// Opens built pages in Chromium and reads what they report in `globalThis.outcome`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { program } from '../engines/installed.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What a strict page allows: neither `unsafe-eval` nor `blob:`. */
export const strict = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** The text that ends up in `globalThis.outcome` of the page at `url`. */
export async function outcomeAt(browser, url) {
  const page = await browser.newPage();
  const problems = [];
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !url.endsWith('/favicon.ico')) problems.push(`${message.text()} ${url}`);
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(event.blockedURI));
  });
  try {
    await page.goto(url, { timeout: 60_000 });
    await page.waitForFunction('globalThis.outcome !== undefined', null, { timeout: 60_000 });
    const outcome = await page.evaluate('Promise.resolve(globalThis.outcome)');
    const violations = await page.evaluate('globalThis.violations');
    // Zod tries once whether it may compile, and catches the error; the browser reports it all the same.
    if (violations.length > 0 && String(violations) !== 'eval') problems.push(`The policy blocked ${violations}.`);
    if (problems.length > 0) throw new Error(problems.join('; '));
    return outcome;
  } catch (error) {
    throw new Error(`${error.message} ${problems.join('; ')}`);
  } finally {
    await page.close();
  }
}

/** Serves `folder` on loopback, with a Content-Security-Policy if one is given, while `use` runs. */
export async function served(folder, use, policy) {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = pathname === '/' ? '/index.html' : normalize(pathname);
    try {
      const body = readFileSync(join(folder, file));
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        ...(policy && { 'content-security-policy': policy }),
      });
      response.end(body);
    } catch {
      response.writeHead(file === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

export const launch = () => chromium.launch({ executablePath: program('chromium'), args: ['--no-sandbox'] }); // root cannot have one
