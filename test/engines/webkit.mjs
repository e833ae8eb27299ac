// Drives WebKitGTK's MiniBrowser with Selenium, on a virtual screen: it has no headless mode.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import selenium from 'selenium-webdriver';
import { start } from './child.mjs';
import { miniBrowser, program } from './installed.mjs';
import { limits } from './limits.mjs';

export async function launchWebKit() {
  const options = { binary: miniBrowser(), args: ['--automation'] };
  const children = [];
  const begin = (name, args, env) => {
    // `timeout` ends it even when this process is killed and cannot.
    const limit = limits.launch + limits.jobs + limits.close;
    children.push(start('timeout', ['--kill-after=5', `${limit}`, program(name), ...args], env));
    return children.at(-1);
  };
  const end = () => Promise.all(children.map((child) => child.end()));
  try {
    const screen = begin('Xvfb', ['-displayfd', '1', '-nolisten', 'tcp']);
    await ready('Xvfb', screen, () => screen.output.stdout.endsWith('\n'));
    const port = await freePort();
    const server = `http://127.0.0.1:${port}`;
    const webDriver = begin('WebKitWebDriver', [`--port=${port}`], {
      DISPLAY: `:${screen.output.stdout.trim()}`,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // root cannot have one
    });
    await ready('WebKitWebDriver', webDriver, async () => (await fetch(`${server}/status`)).ok);
    const driver = await new selenium.Builder()
      .usingServer(server)
      .withCapabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options })
      .build();
    return {
      version: (await driver.getCapabilities()).getBrowserVersion(),
      async report(url) {
        await driver.manage().setTimeouts({ script: limits.jobs * 1000 });
        await driver.get(url);
        return driver.executeAsyncScript('report().then(arguments[arguments.length - 1])');
      },
      close: () => driver.quit().finally(end),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Waits until `isReady` holds; an error counts as not yet. */
async function ready(name, child, isReady) {
  let how;
  child.ended.then((value) => {
    how = value;
  });
  while (
    !(await Promise.resolve()
      .then(isReady)
      .catch(() => false))
  ) {
    if (how) throw new Error(`${name} ended with ${how}: ${child.output.stderr.trim()}`);
    await sleep(50);
  }
}

/** A port that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
