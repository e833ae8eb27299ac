// What models that predict a mean and a variance predict together: the moments of the mixture of their normal distributions.
import { expect, it } from 'vitest';
import { dense, gaussianNll, type Sequential, sequential } from '../../src/index.ts';
import { ensemble } from '../../src/model/index.ts';
import { memberDense } from '../../src/tables/index.ts';
import { expectClose } from '../reference/close.ts';

const x = { data: Float64Array.of(-1, 0, 2), shape: [3, 1] as [number, number] };
/** Two targets: two means, then two variances for each row. */
const model = (seed: number) => sequential({ inputSize: 1, seed, loss: gaussianNll(), layers: [dense(4)] });

/** The mean of each target over the models, and the mean of their second moments without its square. */
function mixture(predictions: readonly ArrayLike<number>[], weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight);
  const mean = (of: (prediction: ArrayLike<number>) => number) =>
    predictions.reduce((sum, prediction, k) => sum + (weights[k] * of(prediction)) / total, 0);
  return [0, 1, 2].flatMap((row) => {
    const means = [0, 1].map((j) => mean((p) => p[4 * row + j]));
    const variances = [0, 1].map((j) => mean((p) => p[4 * row + 2 + j] + p[4 * row + j] ** 2) - means[j] ** 2);
    return [...means, ...variances];
  });
}

it.each([undefined, [1, 2, 4]])('is a mixture for an ensemble, weights %j', (weights) => {
  const models = [1, 2, 3].map(model);
  const predictions = models.map((each) => (each as Sequential<never>).predict(x) as { data: Float32Array });
  const both = ensemble(models, { weights }).predict(x) as unknown as { data: Float32Array };
  const expected = mixture(
    predictions.map(({ data }) => data),
    weights ?? [1, 1, 1],
  );
  expectClose(both.data, expected, { rtol: 1e-6, atol: 1e-7 });
  expect(both.data[3]).toBeGreaterThan((predictions[0].data[3] + predictions[1].data[3] + predictions[2].data[3]) / 3);
});

it('is a mixture for the members of one network', () => {
  const members = 3;
  const kernel = (seed: number) => model(seed).getWeights()[0].data;
  const kernels = [1, 2, 3].map(kernel);
  // Each member sees its own copy of the input.
  const network = sequential({ inputSize: members, loss: gaussianNll(), layers: [memberDense(4, { members })] });
  network.setWeights(
    network
      .getWeights()
      .map((array, i) => (i === 0 ? { ...array, data: Float32Array.from(kernels.flatMap((k) => [...k])) } : array)),
  );
  const repeated = {
    data: Float64Array.from([...x.data].flatMap((v) => [v, v, v])),
    shape: [3, members] as [number, number],
  };
  const { data } = network.predict(repeated) as unknown as { data: Float32Array };
  const own = [1, 2, 3].map((seed) => (model(seed).predict(x) as unknown as { data: Float32Array }).data);
  expectClose(data, mixture(own, [1, 1, 1]), { rtol: 1e-6, atol: 1e-7 });
});
