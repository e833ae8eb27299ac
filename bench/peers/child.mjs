// Runs one JavaScript contender in a process of its own and prints what it did as JSON:
// `node child.mjs MODULE OPTION job|predict-one|predict-many FOLDER` or `node child.mjs MODULE OPTION matmul SIZE`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { jobOf, perform } from './tasks.mjs';

const require = createRequire(import.meta.url);
/** What contenders ask the host for; a page answers in its own way. */
const host = {
  threads: Number(process.env.OMP_NUM_THREADS),
  version: (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version,
  folderOf: (file) => join(dirname(require.resolve(file)), sep),
};

const [name, option, task, argument] = process.argv.slice(2);
const { open } = await import(`./contenders/${name}.mjs`);
const read = (file) => new Uint8Array(readFileSync(join(argument, file))).buffer;
const given = task === 'matmul' ? Number(argument) : await jobOf(readFileSync(join(argument, 'job.json')), read);
console.log(JSON.stringify(await perform(await open(option, host), task, given)));
process.exit(0);
