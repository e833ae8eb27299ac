// Files that runs keep for themselves: trials and checkpoints, damaged or made by somebody else.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { expand, type FinishedTrial, runTrial } from '../../../src/experiment/index.ts';
import { dense } from '../../../src/nn/index.ts';
import { readCheckpoint } from '../../../src/runner/checkpoint-file.ts';
import { TrialFolder } from '../../../src/runner/index.ts';
import { lock } from '../../../src/runner/lock.ts';
import { thisProcess } from '../../../src/runner/processes.ts';
import { type FitState, sequential } from '../../../src/train/index.ts';
import { smallSpec } from '../../experiment/small-spec.ts';
import { toyData } from '../../train/data.ts';
import { encode, type Format } from '../format.ts';
import { mutatedBytes, mutatedJson, mutatedJsonText } from '../mutate.ts';

const base = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'regulus-fuzz-'));
process.on('exit', () => rmSync(base, { recursive: true, force: true }));

/** The checksum that a file of this name has, as somebody who forges one can compute it. */
const checksum = (name: string, content: string | Uint8Array) =>
  createHash('sha256')
    .update(`${basename(name)}\n`)
    .update(content)
    .digest('hex');

const [trial] = expand(smallSpec());
const finished: FinishedTrial = { result: (await runTrial(trial)) as never, seconds: 1 };
const folder = await TrialFolder.open(base);
const trialFile = join(base, '.regulus', 'trials', basename(folder.checkpointPath(trial)).replace('.bin', '.json'));

const forgedTrial = (value: unknown) => {
  const given = typeof value === 'object' && value !== null ? value : {};
  return encode(`${JSON.stringify({ sha256: checksum(trialFile, JSON.stringify(given)), ...given })}\n`);
};
const good = JSON.parse(JSON.stringify(finished));

export const trialFiles: Format = {
  name: 'trial-files',
  inputs: fc.oneof(mutatedBytes([forgedTrial(good)]), mutatedJson([good]).map(forgedTrial)),
  read(input) {
    mkdirSync(join(base, '.regulus', 'trials'), { recursive: true });
    writeFileSync(trialFile, input);
    folder.get(trial, () => {});
    rmSync(`${trialFile}.bad`, { force: true, recursive: true });
  },
};

const data = toyData(8);
const layers = [dense(3), dense(2)];
const states: FitState[] = [];
{
  using model = sequential({ inputSize: 4, layers });
  await model.fit(data, { epochs: 2, checkpoint: { save: (state) => void states.push(state) } });
}
const checkpointFile = join(base, 'checkpoint.bin');
const withChecksum = (content: Uint8Array) =>
  Uint8Array.from(Buffer.concat([encode(checksum(checkpointFile, content)), content]));
/** As {@link mutatedJson}, for states, whose arrays are typed. */
const forgedStates = mutatedJson(states.map((state) => JSON.parse(JSON.stringify(state, plainArray)))).map((value) =>
  withChecksum(serialize(typedArrays(value))),
);

function plainArray(_: string, value: unknown): unknown {
  return value instanceof Float32Array ? { float32: Array.from(value) } : value;
}

function typedArrays(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('float32' in value && Array.isArray(value.float32))
    return Float32Array.from(value.float32, (item) => (typeof item === 'number' ? item : Number.NaN));
  if (Array.isArray(value)) return value.map(typedArrays);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typedArrays(item)]));
}

export const checkpoints: Format = {
  name: 'checkpoints',
  inputs: fc.oneof(
    mutatedBytes(states.map((state) => withChecksum(serialize(state)))),
    mutatedBytes(states.map((state) => serialize(state))).map(withChecksum),
    forgedStates,
  ),
  async read(input) {
    writeFileSync(checkpointFile, input);
    const resume = readCheckpoint(checkpointFile, () => {});
    rmSync(`${checkpointFile}.bad`, { force: true, recursive: true });
    if (!resume) return;
    using model = sequential({ inputSize: 4, layers });
    await model.fit(data, { epochs: 3, resume });
  },
};

const locked = join(base, 'locked');
mkdirSync(locked);
const entry = { ...thisProcess(), host: 'host', since: 1_700_000_000_000, holds: 1 };

export const lockEntries: Format = {
  name: 'lock-entries',
  inputs: mutatedJsonText([entry, { ...entry, boot: 'of another machine' }]),
  async read(input) {
    const path = join(locked, 'lock-other.json');
    writeFileSync(path, input);
    try {
      (await lock(locked)).unlock();
    } finally {
      rmSync(path, { force: true });
    }
  },
};
