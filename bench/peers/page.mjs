// The page in which contenders run in Chromium; chromium.mjs calls `perform`.
import { jobOf, perform } from './tasks.mjs';

const contenders = {
  regulus: () => import('./contenders/regulus.mjs'),
  'jax-js': () => import('./contenders/jax-js.mjs'),
  tfjs: () => import('./contenders/tfjs.mjs'),
};

const fetched = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

globalThis.perform = async ({ module, option, task, argument, threads, versions }) => {
  const host = { threads, version: (name) => versions[name], folderOf: () => '/tfjs/' };
  const { open } = await contenders[module]();
  const read = async (file) => (await fetched(`/job/${file}`)).arrayBuffer();
  const given = task === 'matmul' ? argument : await jobOf(await (await fetched('/job/job.json')).text(), read);
  return perform(await open(option, host), task, given);
};
