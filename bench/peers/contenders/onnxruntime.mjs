// onnxruntime-web, which runs models that are trained elsewhere: here one of ours, exported as ONNX.
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { dense, relu, sequential } from '../../../dist/index.js';
import { exportOnnx } from '../../../dist/model.js';

export async function open() {
  ort.env.wasm.numThreads = Number(process.env.OMP_NUM_THREADS);
  const manifest = new URL('../node_modules/onnxruntime-web/package.json', import.meta.url);
  return {
    version: JSON.parse(readFileSync(manifest, 'utf8')).version,

    async predictor({ features, units, weights }) {
      const hidden = units.slice(0, -1).flatMap((width) => [dense(width), relu()]);
      const model = sequential({ inputSize: features, layers: [...hidden, dense(units.at(-1))] });
      model.setWeights(weights);
      const session = await ort.InferenceSession.create(exportOnnx(model));
      const [input] = session.inputNames;
      const output = session.outputNames.find((name) => /prob/i.test(name)) ?? session.outputNames[0];
      return async (data, rows) => {
        const results = await session.run({ [input]: new ort.Tensor('float32', data, [rows, features]) }, [output]);
        return results[output].data;
      };
    },
  };
}
