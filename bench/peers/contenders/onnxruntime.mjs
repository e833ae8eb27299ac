// onnxruntime-web, which runs models that are trained elsewhere: here one of ours, exported as ONNX.
import * as ort from 'onnxruntime-web';
import { dense, relu, sequential } from '../../../dist/index.js';
import { exportOnnx } from '../../../dist/model.js';

export async function open(_, host) {
  ort.env.wasm.numThreads = host.threads;
  return {
    version: host.version('onnxruntime-web'),

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
