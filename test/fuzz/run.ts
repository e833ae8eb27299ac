// The long run of one format, in a process of its own: `node run.mjs FORMAT COUNT SEED CORPUS`, started by run.mjs.
import { formats } from './formats/index.ts';
import { fuzz } from './fuzz.ts';

const [name, count, seed, folder] = process.argv.slice(2);
const format = formats.find((one) => one.name === name)!;
// Datasets that would take long to make count as too large.
process.availableMemory = () => 2 ** 26;
const findings = await fuzz(format, Number(count), Number(seed), folder, (now) => process.send?.(now));
process.send?.({ ...findings, peak: process.resourceUsage().maxRSS / 1024, ended: true });
process.disconnect?.();
