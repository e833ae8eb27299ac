// Checks a network against its float64 reference: outputs, loss, state, and gradients by central differences.
import { expect } from 'vitest';
import type { Engine } from '../../src/backend/index.ts';
import type { Description } from '../../src/errors/index.ts';
import { isClose } from '../reference/close.ts';
import { centralDifferences } from '../reference/network.ts';
import type { LayerReference } from './reference/layer.ts';
import { Pair, STEP, saltFor } from './reference/network.ts';

// Float32 rounds by 6e-8; a value here has passed through some twenty sums of at most ten terms, each rounded, in a network
// whose weights are of order 1. Batch normalization of a column that hardly varies multiplies what came before by up to 30.
// A wrong sign or a missing factor is of the order of the gradient itself.
const RELATIVE = 2e-5;

/** The greatest deviation that was seen, relative to the greatest value of its array; for the docs. */
export const worst = new Map<string, number>();

const greatest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Expects `actual` to be `expected` within a share of the greatest value that is expected, or of `least` if that is more. */
function expectNear(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  title: string,
  least = 1e-2,
): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(greatest(expected), least);
  for (let i = 0; i < expected.length; i++) {
    const deviation = Math.abs(actual[i] - expected[i]) / scale;
    worst.set(title, Math.max(worst.get(title) ?? 0, deviation));
    if (!isClose(actual[i], expected[i], { atol: RELATIVE * scale })) {
      expect.fail(`${what}[${i}] is ${actual[i]} instead of ${expected[i]} (${title})`);
    }
  }
}

type Sizes = { inputSize: number; rows: number };
type References = Readonly<Record<string, LayerReference>>;

/** What the reference of a network gives; the engines share it. */
function expectedOf(engine: Engine, sizes: Sizes, layers: Layers, loss: Description<'loss'>, own: References) {
  const salt = saltFor(engine, sizes, layers, loss, 1, own);
  const pair = new Pair(engine, sizes, layers, loss, salt, own);
  const { outputs, after } = pair.forward(STEP);
  const value = () => pair.loss(pair.forward(STEP).outputs);
  const gradients = pair.network.parameters.map(({ name }) =>
    centralDifferences(value, pair.arrays.get(name) as Float64Array),
  );
  const expected = { salt, inference: pair.forward(undefined).outputs, outputs, after, loss: value(), gradients };
  pair.free();
  return expected;
}
type Layers = readonly Description<'layer'>[];
const known = new Map<string, ReturnType<typeof expectedOf>>();

/** Checks everything that the network of `layers` and `loss` computes. `own` has the references of layers of the tests. */
export function checkNetwork(
  engine: Engine,
  sizes: Sizes,
  layers: Layers,
  loss: Description<'loss'>,
  own: References = {},
): void {
  const title = layers.map(({ type }) => type).join(' → ');
  const key = JSON.stringify([sizes, layers, loss]);
  const expected = known.get(key) ?? expectedOf(engine, sizes, layers, loss, own);
  known.set(key, expected);
  const pair = new Pair(engine, sizes, layers, loss, expected.salt, own);
  const { network, rows } = pair;
  const size = rows * network.width;
  network.forward(rows);
  expectNear('output at inference', network.output.data.subarray(0, size), expected.inference, title);
  // The first layer may have written over its input.
  network.input.set(pair.x);
  network.forward(rows, STEP);
  expectNear('output', network.output.data.subarray(0, size), expected.outputs, title);
  expectNear('loss', [network.lossSum(rows) / rows], [expected.loss], title);
  network.backward(rows, STEP);
  for (const { name, value } of network.arrays) {
    const after = expected.after.get(name) ?? (pair.arrays.get(name) as Float64Array);
    expectNear(`${name} after the step`, value.data, after, title);
  }
  // The gradient of a bias before batch normalization is 0: a sum of others that cancel.
  const least = 0.1 * Math.max(...expected.gradients.map(greatest));
  for (const [i, { name, gradient }] of network.parameters.entries()) {
    expectNear(`gradient of ${name}`, gradient.data, expected.gradients[i], title, least);
  }
  pair.free();
}
