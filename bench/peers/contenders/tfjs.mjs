// TensorFlow.js through its layers API; the option is the backend, 'wasm' (SIMD) or 'cpu'.

async function quietly(load) {
  const { warn } = console;
  console.warn = () => {};
  try {
    // Node loads the packages' CommonJS builds, whose exports are one object.
    const module = await load();
    return module.default ?? module;
  } finally {
    console.warn = warn;
  }
}

export async function open(backend, host) {
  const tf = await quietly(() => import('@tensorflow/tfjs'));
  if (backend === 'wasm') {
    const wasm = await quietly(() => import('@tensorflow/tfjs-backend-wasm'));
    wasm.setWasmPaths(host.folderOf('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'));
    wasm.setThreadsCount(host.threads);
    // It has no threads in Node.
    if (!globalThis.document || host.threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend)
    throw new Error(`TensorFlow.js runs on '${tf.getBackend()}' instead of '${backend}'.`);

  return {
    version: tf.version.tfjs,

    async train(
      { features, units, batchSize, learningRate, train, validation, weights },
      variant,
      { epochs, shuffle },
    ) {
      const kernelRegularizer = () =>
        variant.l1
          ? tf.regularizers.l1({ l1: variant.l1 })
          : variant.l2
            ? tf.regularizers.l2({ l2: variant.l2 })
            : undefined;
      const model = tf.sequential();
      units.forEach((width, i) => {
        const last = i === units.length - 1;
        const inputShape = i === 0 ? { inputShape: [features] } : {};
        model.add(tf.layers.dense({ units: width, kernelRegularizer: kernelRegularizer(), ...inputShape }));
        if (!last) model.add(tf.layers.reLU());
        if (!last && variant.dropout) model.add(tf.layers.dropout({ rate: variant.dropout }));
      });
      model.compile({
        optimizer: tf.train.adam(learningRate, 0.9, 0.999, 1e-8),
        loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
        metrics: ['accuracy'],
      });
      const initial = weights.map(({ data, shape }) => tf.tensor(data, shape));
      model.setWeights(initial);
      tf.dispose(initial);
      const tensors = ({ x, y }) => [
        tf.tensor2d(x, [y.length, features]),
        tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(y, 'int32'), units[units.length - 1]), 'float32')),
      ];
      const [x, y] = tensors(train);
      const validationData = tensors(validation);
      const stopping = variant.patience ? [earlyStopping(tf, model, variant.patience)] : [];
      const { history } = await model.fit(x, y, {
        epochs,
        batchSize,
        shuffle,
        validationData,
        callbacks: stopping,
        verbose: 0,
        yieldEvery: 'never',
      });
      tf.dispose([x, y, ...validationData]);
      model.dispose();
      return { trainLoss: history.loss.at(-1) };
    },

    predictor({ features, units, weights }) {
      const model = tf.sequential();
      units.forEach((width, i) => {
        const activation = i === units.length - 1 ? 'softmax' : 'relu';
        model.add(tf.layers.dense({ units: width, activation, ...(i === 0 && { inputShape: [features] }) }));
      });
      model.setWeights(weights.map(({ data, shape }) => tf.tensor(data, shape)));
      return (data, rows) =>
        tf.tidy(() => model.predict(tf.tensor2d(data, [rows, features]), { batchSize: 1024 }).dataSync());
    },

    async matmul(a, b, size) {
      const [x, y] = [tf.tensor2d(a, [size, size]), tf.tensor2d(b, [size, size])];
      let c = tf.matMul(x, y);
      const run = () => {
        c.dispose();
        c = tf.matMul(x, y);
      };
      return { run, read: () => c.dataSync() };
    },
  };
}

/** Early stopping with the best weights restored, which the library's own callback does not do. */
function earlyStopping(tf, model, patience) {
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  let kept = [];
  return {
    onEpochEnd: (_epoch, logs) => {
      if (logs.val_loss < best) {
        best = logs.val_loss;
        waited = 0;
        tf.dispose(kept);
        kept = model.getWeights().map((weight) => weight.clone());
      } else if (++waited >= patience) model.stopTraining = true;
    },
    onTrainEnd: () => {
      model.setWeights(kept);
      tf.dispose(kept);
    },
  };
}
