// Rows for Node: both kinds of modules, on the oldest Node that is supported and on the current ones.
import { run } from './project.mjs';

/** Runs `file` with another Node, by npx as test/engines does. */
const withNode = (version, folder, file) => run(folder, 'npx', '-y', `node@${version}`, file);

export const nodeEsm = (version) => ({
  tool: 'Node, ES modules',
  kind: 'node',
  run: ({ project }) => {
    const main = "import { run } from './train.js';\nconsole.log(await run());\n";
    const packages = ['@resvg/resvg-js@2', '@expo-google-fonts/arimo@0.4'];
    const folder = project(`node-esm-${version}`, { packages, files: { 'main.js': main } });
    return { version, outcome: withNode(version, folder, 'main.js') };
  },
});

export const commonJs = (version, load) => ({
  tool: `Node, CommonJS by ${load === 'import' ? 'await import()' : 'require()'}`,
  kind: 'train',
  run: ({ project }) => {
    const get = load === 'import' ? "import('regulus')" : "Promise.resolve(require('regulus'))";
    const main = `${get}.then(async (regulus) => console.log(await (await import('./train.js')).train(regulus)));\n`;
    const folder = project(`node-cjs-${version}`, { files: { 'main.cjs': main } });
    return { version, outcome: withNode(version, folder, 'main.cjs') };
  },
});
