// Monte Carlo dropout: its moments are those of the masks, and nothing else changes.
import { expect, test } from 'vitest';
import {
  batchNormalization,
  defineLayer,
  dense,
  dropout,
  gaussianNoise,
  meanSquaredError,
  relu,
  residual,
} from '../../src/nn/index.ts';
import { cosineDecay } from '../../src/optim/index.ts';
import { sequential } from '../../src/train/index.ts';
import { mcDropout } from '../../src/uncertainty/index.ts';
import { expectClose } from '../reference/close.ts';
import { toyData } from '../train/data.ts';

const { x } = toyData(300, 4);

test('the mean and the spread of dropout are those of its distribution', () => {
  using model = sequential<never>({
    inputSize: 4,
    layers: [dropout(0.5), dense(1, { useBias: false })],
    loss: meanSquaredError(),
  });
  const [{ data: kernel }] = model.getWeights();
  const samples = 2000;
  const { mean, standardDeviation } = mcDropout(model, x, { samples });
  let [worstMean, worstSpread] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const terms = Array.from(kernel, (w, j) => w * x.data[4 * i + j]);
    // Each term is doubled or dropped: variance t².
    const spread = Math.sqrt(terms.reduce((sum, t) => sum + t * t, 0));
    const center = terms.reduce((sum, t) => sum + t, 0);
    worstMean = Math.max(worstMean, Math.abs(mean.data[i] - center) / (spread / Math.sqrt(samples)));
    worstSpread = Math.max(worstSpread, Math.abs(standardDeviation.data[i] / spread - 1));
  }
  expect(worstMean).toBeLessThan(4.5); // the greatest of 300 normal numbers
  expect(worstSpread).toBeLessThan(0.1);
});

test('it draws by its seed, leaves the model as it is, and uses moving averages', async () => {
  const layers = [
    dense(8),
    batchNormalization(),
    relu(),
    residual([batchNormalization(), dense(8), dropout(0.4)], { survivalProbability: 0.7 }),
    gaussianNoise(0.1),
    dense(2),
  ];
  using model = sequential({ inputSize: 4, layers });
  await model.fit(toyData(40), { epochs: 3 });
  const [weights, before] = [model.getWeights(), model.predictProbabilities(x)];
  const first = mcDropout(model, x, { samples: 5, seed: 3 });
  expect(mcDropout(model, x, { samples: 5, seed: 3 })).toEqual(first);
  expect(mcDropout(model, x, { samples: 5, seed: 4 }).mean).not.toEqual(first.mean);
  expect(Math.min(...first.standardDeviation.data)).toBeGreaterThan(0);
  expect(model.getWeights()).toEqual(weights);
  expect(model.predictProbabilities(x)).toEqual(before);
});

test('without anything random there is no spread, and what is predicted is what the model predicts', () => {
  using model = sequential({ inputSize: 4, layers: [dense(8), batchNormalization(), relu(), dense(3)] });
  const { mean, standardDeviation } = mcDropout(model, x, { samples: 2 });
  expect(mean.data).toEqual(Float64Array.from(model.predictProbabilities(x).data));
  expect(standardDeviation.data.every((spread) => spread === 0)).toBe(true);
});

test('dropout with a schedule has the rate that training has left it at', async () => {
  const rate = cosineDecay({ initialLearningRate: 0.6, decaySteps: 40 });
  const [scheduled, constant] = [rate, 0.3].map((own) =>
    sequential({ inputSize: 4, layers: [dense(8), relu(), residual([dense(8), dropout(own)]), dense(2)] }),
  );
  await scheduled.fit(toyData(40), { epochs: 20, batchSize: 40 }); // half of the way: 0.3
  constant.setWeights(scheduled.getWeights());
  const spread = mcDropout(scheduled, x);
  expectClose(spread.mean.data, [...mcDropout(constant, x).mean.data], { rtol: 1e-6 });
  const copy = sequential({ ...scheduled.toJSON(), weights: scheduled.getWeights() });
  expect(mcDropout(copy, x)).toEqual(spread);
});

test('a schedule that leaves [0, 1) is refused in training', async () => {
  using model = sequential({
    inputSize: 4,
    layers: [dropout(cosineDecay({ initialLearningRate: 2, decaySteps: 9 })), dense(2)],
  });
  await expect(model.fit(toyData(40), { epochs: 1 })).rejects.toThrow('in the range [0, 1) at step 0. Got 2');
});

test('what a layer of the user keeps stays as it is', () => {
  const counting = defineLayer({
    type: 'counting',
    options: {},
    build: (_, { size, backend, state }) => {
      const { data } = state('rows', [1], 0);
      return {
        outputSize: size,
        forward(y, x, rows, step) {
          backend.scale(y, x, rows * size, 1);
          if (step !== undefined) data[0] += rows;
        },
        backward: () => {},
      };
    },
  });
  using model = sequential({ inputSize: 4, layers: [counting(), dropout(0.5), dense(2)] });
  mcDropout(model, x);
  expect([...model.getWeights()[0].data]).toEqual([0]);
});

test('options are checked', () => {
  using model = sequential({ inputSize: 4, layers: [dense(2)] });
  expect(() => mcDropout(model, x, { samples: 1 })).toThrow("The 'samples' parameter of mcDropout");
  expect(() => mcDropout(model, x, { seed: -1 })).toThrow("'seed'");
  expect(() => model.predictDraw(x, 0.5)).toThrow("The 'draw' parameter of Sequential.predictDraw");
});
