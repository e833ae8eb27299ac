// Rows for pages without a bundler, which use regulus.min.js as it is.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { html } from './bundlers.mjs';
import { outcomeAt, served, strict } from './page.mjs';

const page = (tool, files, policy) => ({
  tool,
  kind: 'train',
  run: async ({ project, browser }) => {
    const folder = project(tool.toLowerCase().replace(/\W+/g, '-'), { files: { ...files, 'train-min.js': trainMin } });
    copyFileSync(join(folder, 'node_modules/regulus/dist/regulus.min.js'), join(folder, 'regulus.min.js'));
    return { version: browser.version(), outcome: await served(folder, (url) => outcomeAt(browser, url), policy) };
  },
});

const trainMin = `import * as regulus from './regulus.min.js';
export async function train() {
  const { adam, dense, makeMoons, relu, sequential } = regulus;
  const data = makeMoons({ nSamples: 200, noise: 0.2, randomState: 1 });
  const model = sequential({ inputSize: 2, seed: 1, layers: [dense(16), relu(), dense(2)] });
  return String((await model.fit(data, { epochs: 1, optimizer: adam() })).trainLoss[0]);
}
`;

export const scriptTag = page('script type="module", regulus.min.js', {
  'index.html': `<!doctype html><title>Regulus</title><script type="module">
import { train } from './train-min.js';
globalThis.outcome = train();
</script>`,
});

export const ownWorker = page(
  "regulus.min.js in a page's own worker, same policy",
  {
    'index.html': html('./main.js'),
    'main.js': `globalThis.outcome = new Promise((resolve, reject) => {
  const worker = new Worker('./worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});
`,
    'worker.js': "import { train } from './train-min.js';\npostMessage(await train());\n",
  },
  strict,
);
