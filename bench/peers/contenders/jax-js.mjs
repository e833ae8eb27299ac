// jax-js on its WebAssembly device, which has one thread; the whole training step is one jitted function.
// Its arrays are owned: every use but the last takes `.ref`.
import { defaultDevice, init, jit, nn, numpy as np, random, tree, valueAndGrad } from '@jax-js/jax';

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Logits of x (rows, features); `drop(h, i)` follows hidden layer i. Parameters are w0, b0, w1, b1 … */
function forward(params, x, drop) {
  const last = Object.keys(params).length / 2 - 1;
  let h = x;
  for (let i = 0; i < last; i++) h = drop(nn.relu(np.matmul(h, params[`w${i}`]).add(params[`b${i}`])), i);
  return np.matmul(h, params[`w${last}`]).add(params[`b${last}`]);
}

function crossEntropy(logits, targets) {
  return nn.logSoftmax(logits, -1).mul(targets).sum().mul(-1);
}

function countCorrect(logits, targets) {
  return np.argmax(logits, 1).equal(np.argmax(targets, 1)).astype(np.float32).sum();
}

/** (params, moments, targets …) → the next ones, with the sums of loss and correct predictions going on. */
function makeStep({ l1, l2, dropout }, rows) {
  const objective = (params, x, targets, key) => {
    const keys = dropout ? random.split(key, 2) : key;
    const drop = (h, i) => {
      if (!dropout) return h;
      const keep = random.bernoulli(keys.ref.slice(i), 1 - dropout, h.shape);
      return np.where(keep, h.mul(1 / (1 - dropout)), 0);
    };
    const kernels = Object.keys(params)
      .filter((name) => name.startsWith('w'))
      .map((name) => params[name]);
    const penalties = kernels.flatMap((kernel) => [
      ...(l1 ? [np.abs(kernel.ref).sum().mul(l1)] : []),
      ...(l2 ? [np.square(kernel.ref).sum().mul(l2)] : []),
    ]);
    const logits = forward(params, x, drop);
    keys.dispose();
    const correct = countCorrect(logits.ref, targets.ref);
    const loss = penalties.reduce((sum, part) => sum.add(part), crossEntropy(logits, targets).div(rows));
    return [loss, correct];
  };
  return jit((state, x, targets, key, stepSize, rescale) => {
    const { params, mean, square, lossSum, correct } = state;
    const kept = tree.ref(params);
    const [[loss, right], gradient] = valueAndGrad(objective, { hasAux: true })(params, x, targets, key);
    const next = { params: {}, mean: {}, square: {} };
    for (const name of Object.keys(kept)) {
      const g = gradient[name];
      const m = mean[name].mul(BETA1).add(g.ref.mul(1 - BETA1));
      const v = square[name].mul(BETA2).add(np.square(g).mul(1 - BETA2));
      const change = m.ref.mul(stepSize.ref).div(np.sqrt(v.ref).mul(rescale.ref).add(EPSILON));
      next.params[name] = kept[name].sub(change);
      next.mean[name] = m;
      next.square[name] = v;
    }
    stepSize.dispose();
    rescale.dispose();
    return { ...next, lossSum: lossSum.add(loss.mul(rows)), correct: correct.add(right) };
  });
}

const validate = jit((params, x, targets) => {
  const logits = forward(params, x, (h) => h);
  return [crossEntropy(logits.ref, targets.ref), countCorrect(logits, targets)];
});

/** A fresh permutation of 0 … n − 1 (Fisher and Yates). */
function permutation(n, shuffle) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; shuffle && i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

export async function open(_, host) {
  await init('wasm');
  defaultDevice('wasm');
  const matrix = (data, rows, columns) => np.array(data).reshape([rows, columns]);
  const oneHot = (y, classes) => {
    const data = new Float32Array(y.length * classes);
    y.forEach((label, i) => {
      data[i * classes + label] = 1;
    });
    return data;
  };

  return {
    version: host.version('@jax-js/jax'),

    async train(
      { features, units, batchSize, learningRate, train, validation, weights },
      variant,
      { epochs, shuffle },
    ) {
      const classes = units[units.length - 1];
      const names = units.flatMap((_, i) => [`w${i}`, `b${i}`]);
      const arrays = (make) => Object.fromEntries(names.map((name, i) => [name, make(weights[i])]));
      let state = {
        params: arrays(({ data, shape }) => np.array(data.slice()).reshape(shape)),
        mean: arrays(({ shape }) => np.zeros(shape)),
        square: arrays(({ shape }) => np.zeros(shape)),
      };
      const rows = train.y.length;
      if (rows % batchSize) throw new Error('A last batch of another size would need a second jitted step.');
      const step = makeStep(variant, batchSize);
      const targets = oneHot(train.y, classes);
      const validationX = matrix(validation.x, validation.y.length, features);
      const validationTargets = matrix(oneHot(validation.y, classes), validation.y.length, classes);
      const x = new Float32Array(batchSize * features);
      const t = new Float32Array(batchSize * classes);
      let key = random.key(42);
      let steps = 0;
      let trainLoss = 0;
      let best = Number.POSITIVE_INFINITY;
      let waited = 0;
      let kept;
      for (let epoch = 0; epoch < epochs; epoch++) {
        const order = permutation(rows, shuffle);
        state.lossSum = np.array(0);
        state.correct = np.array(0);
        for (let start = 0; start < rows; start += batchSize) {
          for (let i = 0; i < batchSize; i++) {
            const row = order[start + i];
            x.set(train.x.subarray(row * features, (row + 1) * features), i * features);
            t.set(targets.subarray(row * classes, (row + 1) * classes), i * classes);
          }
          steps++;
          let stepKey = np.array(0);
          if (variant.dropout) {
            stepKey.dispose();
            const both = random.split(key, 2);
            key = both.ref.slice(0);
            stepKey = both.slice(1);
          }
          state = step(
            state,
            matrix(x.slice(), batchSize, features),
            matrix(t.slice(), batchSize, classes),
            stepKey,
            np.array(learningRate / (1 - BETA1 ** steps)),
            np.array(1 / Math.sqrt(1 - BETA2 ** steps)),
          );
        }
        trainLoss = (await state.lossSum.ref.data())[0] / rows;
        await state.correct.ref.data();
        const [lossSum, correct] = validate(tree.ref(state.params), validationX.ref, validationTargets.ref);
        const valLoss = (await lossSum.data())[0] / validation.y.length;
        await correct.data();
        if (!variant.patience) continue;
        if (valLoss < best) {
          if (kept) tree.dispose(kept);
          best = valLoss;
          waited = 0;
          kept = tree.ref(state.params);
        } else if (++waited >= variant.patience) break;
      }
      if (kept) tree.dispose(kept);
      tree.dispose(state);
      return { trainLoss };
    },

    predictor({ features, units, weights }) {
      const names = units.flatMap((_, i) => [`w${i}`, `b${i}`]);
      const params = Object.fromEntries(
        names.map((name, i) => [name, np.array(weights[i].data.slice()).reshape(weights[i].shape)]),
      );
      const probabilities = jit((given, x) =>
        nn.softmax(
          forward(given, x, (h) => h),
          -1,
        ),
      );
      return (data, rows) => probabilities(tree.ref(params), matrix(data.slice(), rows, features)).data();
    },

    async matmul(a, b, size) {
      const [x, y] = [matrix(a, size, size), matrix(b, size, size)];
      const product = jit(np.matmul);
      let c = product(x.ref, y.ref);
      const run = async () => {
        c.dispose();
        c = product(x.ref, y.ref);
        await c.blockUntilReady();
      };
      return { run, read: () => c.data() };
    },
  };
}
