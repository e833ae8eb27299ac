// A layer over node:fs in which one call fails, loaded with --require into the main thread and its workers. The script that
// uses it says which call, and how, through `faults`; calls on files outside of its folder are not counted.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { getEnvironmentData, isMainThread, setEnvironmentData } = require('node:worker_threads');

/** Ways to fail; `short` writes half, and `full` lets all that writes fail from then on. */
const modes = ['EIO', 'ENOSPC', 'EMFILE', 'EACCES', 'short', 'full'];
/** Shared by all threads: how many calls there were, which one fails (0: none) and how, and how many failed. */
const cells = { count: 0, at: 1, mode: 2, failed: 3 };
if (isMainThread) setEnvironmentData('faults', new Int32Array(new SharedArrayBuffer(16)));
const shared = getEnvironmentData('faults');
const marker = 'regulus-faults-';
const ours = new Set();

const writing = ['writeSync', 'mkdirSync', 'renameSync', 'fsyncSync'];

function fails(name, args) {
  const mode = modes[Atomics.load(shared, cells.mode)];
  const at = Atomics.load(shared, cells.at);
  const opens = name === 'openSync' && args[1] !== 'r';
  if (mode === 'short' && name !== 'writeSync') return undefined;
  if (mode === 'full' && !opens && !writing.includes(name)) return undefined;
  const count = Atomics.add(shared, cells.count, 1) + 1;
  if (at === 0 || !(mode === 'full' ? count >= at : count === at)) return undefined;
  Atomics.add(shared, cells.failed, 1);
  return mode;
}

const names = ['openSync', 'closeSync', 'readFileSync', 'readdirSync', 'renameSync', 'rmSync', 'statSync', ...writing];
for (const name of new Set(names)) {
  const original = fs[name];
  fs[name] = (...args) => {
    const [target] = args;
    const counted = typeof target === 'number' ? ours.has(target) : String(target).includes(marker);
    const mode = counted ? fails(name, args) : undefined;
    if (mode === 'short') {
      const [file, bytes, offset = 0] = args;
      const length = bytes.length - offset;
      // Text, which renews a lock entry, is one byte.
      return typeof bytes === 'string' || length < 2 ? original(...args) : original(file, bytes, offset, length >> 1);
    }
    // A file is closed even if closing it fails.
    if (name === 'closeSync') {
      ours.delete(target);
      if (mode) original(target);
    }
    if (mode) {
      const code = mode === 'full' ? 'ENOSPC' : mode;
      throw Object.assign(new Error(`${code}: injected, ${name}`), { code });
    }
    const result = original(...args);
    if (name === 'openSync' && counted) ours.add(result);
    return result;
  };
}
syncBuiltinESMExports();

module.exports = { cells, marker, modes, shared };
