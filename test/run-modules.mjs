// Imports the modules named on the command line one after the other, and tells the parent process what each printed and
// how it failed.
import { pathToFileURL } from 'node:url';

let current;
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text) => {
    current.output += text;
    return true;
  };
}
const fail = (error) => {
  current.error ??= error?.stack ?? String(error);
};
process.on('uncaughtException', fail);

for (const path of process.argv.slice(2)) {
  current = { output: '' };
  await import(pathToFileURL(path)).catch(fail);
  await new Promise((sent) => process.send(current, sent));
}
process.exit();
