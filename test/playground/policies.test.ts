// Pages with a strict Content-Security-Policy: what works under it, and what names it where it is too strict.
import { expect, inject, test } from 'vitest';
import { newPage, useBrowser } from './browser.ts';

useBrowser();

const strict = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
const trusted = `${strict}; require-trusted-types-for 'script'`;

/** What `outcome`, the body of an async function in a module beside the built files, gives on a page with `policy`. */
async function outcomeUnder(policy: string, body: string): Promise<string> {
  const page = await newPage();
  const script = `
    import * as regulus from './regulus.min.js';
    import { sequential } from './worker.js';
    const { createEngine, dense, makeMoons, relu } = regulus;
    const options = { inputSize: 2, layers: [dense(8), relu(), dense(2)] };
    const run = async () => { ${body} };
    run().catch(String).then((text) => { document.title = text; });`;
  await page.route('**/dist/page.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': policy },
      body: '<!doctype html><script type="module" src="./page.js"></script>',
    }),
  );
  await page.route('**/dist/page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await page.goto(`${inject('url')}/dist/page.html`);
  await expect.poll(() => page.title()).not.toBe('');
  const title = await page.title();
  await page.close();
  return title;
}

const train = `
  const model = await sequential(options);
  const { epochs } = await model.fit(makeMoons({ nSamples: 50 }), { epochs: 2 });
  return 'trained ' + epochs;`;

test('a worker starts where Trusted Types are required, by the policy regulus or one of the page', async () => {
  expect(await outcomeUnder(trusted, train)).toBe('trained 2');
  expect(await outcomeUnder(`${trusted}; trusted-types regulus`, train)).toBe('trained 2');
  // Two models have two workers and one policy.
  expect(
    await outcomeUnder(`${trusted}; trusted-types regulus`, `(await sequential(options)).dispose(); ${train}`),
  ).toBe('trained 2');
  const own = `
    const policy = trustedTypes.createPolicy('own', { createScriptURL: (url) => url });
    const worker = () => new Worker(policy.createScriptURL('./worker-thread.js'), { type: 'module' });
    Object.assign(options, { worker });${train}`;
  expect(await outcomeUnder(`${trusted}; trusted-types own`, own)).toBe('trained 2');
});

test('a page that allows another policy only is told which, and what else to do', async () => {
  expect(await outcomeUnder(`${trusted}; trusted-types other`, train)).toMatch(
    /^EnvironmentError: The worker cannot be started here: .*allow the policy 'regulus' .*\(trusted-types regulus\), or give 'worker'/,
  );
});

test("a page without 'wasm-unsafe-eval' is told so; models go on in JavaScript", async () => {
  const policy = "script-src 'self'";
  expect(await outcomeUnder(policy, 'return createEngine().info.backend;')).toBe(
    "EnvironmentError: The script-src of the page's Content-Security-Policy lacks 'wasm-unsafe-eval', which backend: 'wasm' " +
      "needs. Use createEngine({ backend: 'js' }).",
  );
  expect(await outcomeUnder(policy, 'return regulus.sequential(options).engine.backend;')).toBe('js');
  expect(await outcomeUnder(strict, 'return regulus.sequential(options).engine.backend;')).toBe('wasm');
});
