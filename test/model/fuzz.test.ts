// Damaged and made-up model files: each is loaded or refused with an error of the package, whatever its bytes.
// FUZZ_FILES=100000 npx vitest run test/model/fuzz.test.ts tries more of them.
import { expect, test } from 'vitest';
import { RegulusError } from '../../src/errors/index.ts';
import { type AnyModel, loadModel, loadOptimizerState, saveModel } from '../../src/model/index.ts';
import { RandomState } from '../../src/random/index.ts';
import { earlyStopping, type FitState } from '../../src/train/index.ts';
import { toyData } from '../train/data.ts';
import { joinFile, signed, splitFile } from './files.ts';
import { randomEnsemble, randomModel, someLayers } from './models.ts';

const count = Number(process.env.FUZZ_FILES ?? 600);

const model = randomModel(someLayers(2));
const states: FitState[] = [];
await model.fit(toyData(40), {
  epochs: 2,
  callbacks: [earlyStopping({ monitor: 'trainLoss' })],
  checkpoint: { save: (state) => void states.push(state) },
});
const files = [
  saveModel(randomModel(someLayers(3)), { classNames: ['a', 'b', 'c'], origin: { a: [1, { b: null }] } }),
  saveModel(randomEnsemble(someLayers(2))),
  saveModel(model, { optimizerState: states[1] }),
];

const hostile = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  'toString',
  '__proto__',
  'dense',
  [],
  {},
  [[]],
] as const;
const names = [
  '__proto__',
  'constructor',
  'type',
  'layers',
  'models',
  'length',
  'units',
  '$tensor',
  '$number',
  'toJSON',
];

/** Changes one place of JSON, chosen at random. */
function mutate(value: unknown, random: RandomState, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T => list[random.randint(0, list.length)];
  if (typeof value !== 'object' || value === null || (depth > 0 && random.randomSample() < 0.15)) {
    return typeof value === 'number' && random.randomSample() < 0.5 ? value + random.randint(-3, 4) : pick(hostile);
  }
  const entries = Object.entries(value);
  const action = random.randomSample();
  const at = entries.length > 0 ? random.randint(0, entries.length) : -1;
  if (at < 0 || action < 0.05) entries.push([pick(names), pick(hostile)]);
  else if (action < 0.15) entries.splice(at, 1);
  else if (action < 0.2) entries[at] = [pick(names), entries[at][1]];
  else if (action < 0.25) entries.push([`${entries.length}`, entries[at][1]]);
  else entries[at] = [entries[at][0], mutate(entries[at][1], random, depth + 1)];
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** A damaged file: by its bytes, by its header, or by a description that its checksum agrees with. */
function damage(file: Uint8Array, random: RandomState): Uint8Array {
  const kind = random.randint(0, 4);
  if (kind === 0) {
    const bytes = file.slice(0, random.randomSample() < 0.3 ? random.randint(0, file.length + 1) : file.length);
    for (let n = random.randint(1, 9); n > 0 && bytes.length > 0; n--) {
      bytes[random.randint(0, bytes.length)] = random.randint(0, 256);
    }
    return bytes;
  }
  const { header, data } = splitFile(file);
  if (kind === 1) return joinFile(mutate(header, random), data);
  if (kind === 2) {
    return signed(file, (_, tensors) => {
      const at = random.randint(0, tensors.length);
      const values = Float32Array.from(tensors[at].data as Float32Array);
      values[random.randint(0, values.length)] = [Number.NaN, Number.NEGATIVE_INFINITY, -1e38][random.randint(0, 3)];
      tensors[at] =
        random.randomSample() < 0.5 ? { ...tensors[at], data: values } : { ...tensors[at], name: 'dense1.bias' };
    });
  }
  return signed(file, (description) => mutate(mutate(description, random), random));
}

test(`${count} files give a model or an error of the package`, () => {
  const random = new RandomState(1);
  let loaded = 0;
  let refused = 0;
  const attempt = (read: () => AnyModel | FitState) => {
    try {
      const result = read();
      if ('dispose' in result) result.dispose();
      loaded++;
    } catch (error) {
      if (!(error instanceof RegulusError)) throw error;
      expect(error.message.length).toBeLessThan(2000);
      refused++;
    }
  };
  for (let i = 0; i < count; i++) {
    const file = damage(files[i % files.length], random);
    attempt(() => loadModel<AnyModel>(file));
    attempt(() => loadOptimizerState(file));
  }
  // Some changes leave a right file, such as another seed.
  expect(loaded).toBeGreaterThan(count / 100);
  expect(refused).toBeGreaterThan(count / 2);
  expect({}).not.toHaveProperty('polluted');
  expect(Object.keys(Object.prototype)).toEqual([]);
}, 600_000);
