// Takes the lock of each folder whose path it reads from its input, says so or why not, and keeps them until it is killed.
import { createInterface } from 'node:readline';
import { createJiti } from 'jiti';

const { lock } = await createJiti(import.meta.url, { fsCache: false }).import('../../src/runner/lock.ts');
console.log('ready');
for await (const folder of createInterface(process.stdin)) {
  await lock(folder).then(
    () => console.log('held'),
    (error) => console.log(error.message),
  );
}
