// Regulus itself; the option is the numerics.
import {
  adam,
  createEngine,
  dense,
  dropout,
  earlyStopping,
  l1,
  l2,
  relu,
  sequential,
  version,
} from '../../../dist/index.js';

export async function open(numerics, { threads }) {
  const engine = createEngine({ numerics, threads });
  while (engine.threads.count < threads && !engine.threads.note) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    version: `${version} ${engine.info.simd}`,

    async train(
      { features, units, batchSize, learningRate, train, validation, weights },
      variant,
      { epochs, shuffle },
    ) {
      const penalty = variant.l1 ? l1(variant.l1) : variant.l2 ? l2(variant.l2) : undefined;
      const options = penalty ? { kernelRegularizer: penalty } : {};
      const hidden = units
        .slice(0, -1)
        .flatMap((width) => [dense(width, options), relu(), ...(variant.dropout ? [dropout(variant.dropout)] : [])]);
      const layers = [...hidden, dense(units[units.length - 1], options)];
      const model = sequential({ inputSize: features, layers, seed: 42, engine });
      model.setWeights(weights);
      const dataset = ({ x, y }) => ({ x: { data: x, shape: [y.length, features] }, y });
      const history = await model.fit(dataset(train), {
        epochs,
        batchSize,
        shuffle,
        optimizer: adam({ learningRate }),
        validationData: dataset(validation),
        callbacks: variant.patience ? [earlyStopping({ patience: variant.patience })] : [],
      });
      model.dispose();
      return { trainLoss: history.trainLoss.at(-1) };
    },

    predictor({ features, units, weights }) {
      const hidden = units.slice(0, -1).flatMap((width) => [dense(width), relu()]);
      const model = sequential({ inputSize: features, layers: [...hidden, dense(units.at(-1))], engine });
      model.setWeights(weights);
      return (data, rows) => model.predictProbabilities({ data, shape: [rows, features] }).data;
    },

    // The backend itself: the public interface has no product of its own.
    async matmul(a, b, size) {
      const { backend } = engine;
      const [c, x, y] = [a, a, b].map((data) => {
        const tensor = backend.float32(data.length);
        tensor.data.set(data);
        return tensor;
      });
      return { run: () => backend.matmul(c, x, y, size, size, size), read: () => c.data };
    },
  };
}
