// `node test/model/continue.mjs FOLDER`: goes on with a fit from a model file, in a process of its own, with the built package.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callbackFromJson, optimizerFromJson } from 'regulus';
import { loadModel, loadOptimizerState, saveModel } from 'regulus/model';

const [folder] = process.argv.slice(2);
const { train, validationData, options } = JSON.parse(readFileSync(join(folder, 'fit.json'), 'utf8'));
const bytes = readFileSync(join(folder, 'model.safetensors'));
const dataset = ({ x, y }) => ({
  x: { data: Float64Array.from(Object.values(x.data)), shape: x.shape },
  y: Int32Array.from(Object.values(y)),
});
const model = loadModel(bytes);
const history = await model.fit(dataset(train), {
  ...options,
  validationData: dataset(validationData),
  optimizer: optimizerFromJson(options.optimizer),
  callbacks: options.callbacks.map((callback) => callbackFromJson(callback)),
  resume: loadOptimizerState(bytes),
});
writeFileSync(join(folder, 'continued.safetensors'), saveModel(model, { origin: history }));
