// Residual blocks: names, streams, depth by chance, and what is said of sizes that do not fit.
import { expect, test } from 'vitest';
import { createEngine } from '../../src/backend/index.ts';
import { expand, runTrial, type Trial, validateSpec } from '../../src/experiment/index.ts';
import { dense, dropout, l2, maxNorm, meanSquaredError, Network, relu, residual } from '../../src/nn/index.ts';
import { sequential } from '../../src/train/index.ts';
import { smallSpec } from '../experiment/small-spec.ts';
import { toyData } from '../train/data.ts';

const { backend } = createEngine();
const named = (layers: Parameters<typeof sequential>[0]['layers']) => {
  using model = sequential({ inputSize: 4, seed: 3, layers });
  return new Map(model.getWeights().map(({ name, data }) => [name, [...data]]));
};

test('arrays are named by the way to them', () => {
  const block = residual([dense(8), relu(), residual([dense(8)]), dense(3)], { projection: true });
  expect([...named([block, block, dense(2)]).keys()]).toEqual(
    ['residual1', 'residual2']
      .flatMap((block) =>
        ['dense1', 'residual1.dense1', 'dense2']
          .flatMap((inside) => [`${inside}.kernel`, `${inside}.bias`])
          .concat(block === 'residual1' ? 'projection' : [])
          .map((name) => `${block}.${name}`),
      )
      .concat('dense1.kernel', 'dense1.bias'),
  );
});

test('a block has a stream of its own, which layers of other types do not change', () => {
  const plain = named([dense(4), residual([dense(4), dropout(0.5)]), dense(4), residual([dense(4)])]);
  const more = named([relu(), dense(4), dense(4), residual([relu(), dense(4)]), residual([dense(4)])]);
  for (const name of ['dense1.kernel', 'dense2.kernel', 'residual1.dense1.kernel', 'residual2.dense1.kernel']) {
    expect(more.get(name), name).toEqual(plain.get(name));
  }
  expect(new Set([...plain].filter(([name]) => name.endsWith('kernel')).map(([, data]) => String(data))).size).toBe(4);
});

test('a step in which a block is left out passes on its input and has no gradients', () => {
  const network = new Network(
    2,
    [dense(2), residual([dense(2)], { survivalProbability: 0.5 })],
    meanSquaredError(),
    1,
    backend,
  );
  network.reserveTraining(1);
  const outcomes = Array.from({ length: 400 }, (_, step) => {
    network.input.set([0.5, -1]);
    network.targets.data.set([3, 3]);
    network.forward(1, step);
    network.lossSum(1);
    network.backward(1, step);
    const [first, , inside] = network.parameters.map(({ gradient }) => gradient.data.some((g) => g !== 0));
    expect(first).toBe(true);
    return inside;
  });
  const share = outcomes.filter(Boolean).length / outcomes.length;
  expect(Math.abs(share - 0.5)).toBeLessThan(0.1); // four standard deviations
  network.free();
});

test('penalties and constraints of layers inside count', async () => {
  const layer = residual([dense(4, { kernelRegularizer: l2(0.1), kernelConstraint: maxNorm(0.2) })]);
  using model = sequential({ inputSize: 4, layers: [layer, dense(2)] });
  const [kernel] = model.getWeights();
  expect(model.penalty).toBeCloseTo(0.1 * kernel.data.reduce((sum, w) => sum + w * w, 0), 6);
  await model.fit(toyData(20, 4), { epochs: 2 });
  const [{ data }] = model.getWeights();
  for (let unit = 0; unit < 4; unit++) {
    const norm = Math.hypot(...data.filter((_, i) => i % 4 === unit));
    expect(norm).toBeLessThanOrEqual(0.2 * (1 + 1e-6));
  }
});

test('a block of another size is refused without a projection', () => {
  expect(() => sequential({ inputSize: 4, layers: [residual([dense(3)]), dense(2)] })).toThrow(
    "The 'layers' parameter of residual must be layers with as many outputs as inputs, 4. Got 3 instead. " +
      'Give the last dense layer inside 4 units, or use projection: true.',
  );
  expect(() => residual([])).toThrow("The 'layers' parameter of residual must be a list of at least 1");
});

test('the summary shows what is inside, and counts it', () => {
  using model = sequential({
    inputSize: 4,
    layers: [residual([dense(4), relu()], { survivalProbability: 0.8 }), dense(2)],
  });
  expect(model.summary()).toContain('residual [dense 4, relu], survivalProbability 0.8       4          20');
});

test('specs have it, and sweeps change it, also inside', async () => {
  const inside = [{ type: 'dense', units: 6, kernelRegularizer: { type: 'l2', l2: 0.01 } }, { type: 'relu' }];
  const spec = validateSpec({
    ...smallSpec(),
    network: {
      layers: [
        { type: 'dense', units: 6 },
        { type: 'residual', layers: inside, projection: true },
      ],
    },
    variants: [{ label: 'Residual' }],
    sweep: {
      type: 'grid',
      parameters: { 'network.layers[1].survivalProbability': [0.5, 1], 'network.layers[1].layers[0].units': [6, 4] },
    },
    seeds: [1],
  });
  const all = expand(spec);
  const block = ({ network }: Trial) => network.layers[1] as unknown as ReturnType<typeof residual>;
  expect(all.map((trial) => block(trial).survivalProbability)).toEqual([0.5, 0.5, 1, 1]);
  expect(all.map((trial) => (block(trial).layers[0] as ReturnType<typeof dense>).units)).toEqual([6, 4, 6, 4]);
  const scores = await Promise.all(all.map((trial) => runTrial(JSON.parse(JSON.stringify(trial)))));
  expect(new Set(scores.map(({ test: { loss } }) => loss)).size).toBe(4);
});
