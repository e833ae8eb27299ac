// Files of models, of ensembles and of models with the state of a fit: damaged, or made by somebody else, whose checksum is right.
import fc from 'fast-check';
import { ensemble, loadModel, loadOptimizerState, saveModel } from '../../../src/model/index.ts';
import { readSafetensors, type SafetensorsFile, writeSafetensors } from '../../../src/model/safetensors.ts';
import { checksum } from '../../../src/model/save.ts';
import { batchNormalization, dense, dropout, relu } from '../../../src/nn/index.ts';
import { type FitState, sequential } from '../../../src/train/index.ts';
import { toyData } from '../../train/data.ts';
import type { Format } from '../format.ts';
import { mutatedBytes, mutatedJson } from '../mutate.ts';

const network = (seed = 1) =>
  sequential({ inputSize: 4, seed, layers: [dense(3), batchNormalization(), relu(), dropout(0.2), dense(2)] });
const files: Uint8Array[] = [];
{
  using model = network();
  const states: FitState[] = [];
  await model.fit(toyData(8), { epochs: 1, checkpoint: { save: (state) => void states.push(state) } });
  files.push(saveModel(model, { classNames: ['a', 'b'] }), saveModel(model, { optimizerState: states[0] }));
  const pair = ensemble([network(), network(2)]);
  files.push(saveModel(pair));
  pair.dispose();
}
const { x } = toyData(2);

/** Files with another description, or with other names and shapes of their arrays. */
const forged = fc.constantFrom(...files).chain((file) => {
  const { metadata, tensors } = readSafetensors('The file', file);
  const description = JSON.parse(metadata.get('regulus')!);
  const heads = tensors.map(({ name, shape }) => ({ name, shape }));
  return mutatedJson([{ description, heads }]).map((value) => {
    const changed = (value ?? {}) as { description?: unknown; heads?: typeof heads };
    const text = JSON.stringify(changed.description) ?? '';
    try {
      return write(
        text,
        tensors.map((tensor, i) => ({ ...tensor, ...changed.heads?.[i] })),
      );
    } catch {
      // Arrays of such a name or shape cannot be written.
      return write(text, tensors);
    }
  });
});

function write(text: string, tensors: SafetensorsFile['tensors']) {
  const metadata = new Map([
    ['regulus', text],
    ['regulus.sha256', checksum(text, tensors)],
  ]);
  return writeSafetensors({ metadata, tensors });
}

export const models: Format = {
  name: 'models',
  inputs: fc.oneof(mutatedBytes(files), forged),
  read(input) {
    using model = loadModel(input);
    if (model.inputSize === x.shape[1]) model.predict(x);
    if (Buffer.from(input).includes('optimizerState')) loadOptimizerState(input);
  },
};
