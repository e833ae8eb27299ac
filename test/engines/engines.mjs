// The engines, and how each is made to run the jobs: a Node by npx, a browser by what drives it.
import { fileURLToPath } from 'node:url';
import { start, within } from './child.mjs';
import { launchChromium } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { limits } from './limits.mjs';
import { launchWebKit } from './webkit.mjs';

/** Every engine by name: a function of `{ bundle, url }` that resolves to `{ version, hash, jobs }`. */
export const engines = {
  ...Object.fromEntries([20, 22, 24, 26].map((major) => [`node${major}`, ({ bundle }) => node(major, bundle)])),
  chromium: ({ url }) => browser('Chromium', launchChromium, url),
  firefox: ({ url }) => browser('Firefox', launchFirefox, url),
  webkit: ({ url }) => browser('WebKit', launchWebKit, url),
};

async function node(major, bundle) {
  const name = `npx -y node@${major}`;
  const child = start('npx', ['-y', `node@${major}`, fileURLToPath(new URL('in-node.mjs', import.meta.url)), bundle]);
  try {
    const how = await within(limits.node, name, child.ended);
    if (how !== 'exit code 0') throw new Error(`${name} ended with ${how}: ${child.output.stderr.trim()}`);
  } finally {
    await child.end();
  }
  const outcome = JSON.parse(child.output.stdout);
  if (!outcome.version.startsWith(`${major}.`)) throw new Error(`${name} ran Node ${outcome.version}.`);
  return outcome;
}

/** `launch` resolves to `{ version, report(url), close() }`; `report` to what the page's `report()` does. */
async function browser(name, launch, url) {
  const { version, report, close } = await within(limits.launch, `Starting ${name}`, launch());
  try {
    const { error, ...outcome } = JSON.parse(await within(limits.jobs, name, report(url)));
    if (error) throw new Error(error);
    return { version, ...outcome };
  } finally {
    await within(limits.close, `Closing ${name}`, close());
  }
}
