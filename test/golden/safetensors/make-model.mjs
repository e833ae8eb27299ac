// Writes model.safetensors beside itself, with the built package: a trained model with the state of its fit.
import { writeFileSync } from 'node:fs';
import { batchNormalization, dense, makeMoons, relu, sequential } from 'regulus';
import { saveModel } from 'regulus/model';

const model = sequential({ inputSize: 2, seed: 1, layers: [dense(8), batchNormalization(), relu(), dense(2)] });
const save = (optimizerState) => {
  const bytes = saveModel(model, { optimizerState, classNames: ['upper', 'lower "é"'], featureNames: ['x', 'y'] });
  writeFileSync(new URL('model.safetensors', import.meta.url), bytes);
};
await model.fit(makeMoons({ noise: 0.1 }), { epochs: 3, checkpoint: { save } });
