// A network of reference layers, beside the real one: the same arrays and targets, everything in float64.
import { createEngine, type Engine } from '../../../src/backend/index.ts';
import { type Description, definitionOf } from '../../../src/errors/index.ts';
import { expandLayers, type LayerDefinition, type LossDefinition, Network } from '../../../src/nn/index.ts';
import { innerSeed } from '../../../src/random/index.ts';
import { values } from '../../reference/operations.ts';
import { targets as makeTargets } from '../training.ts';
import { type InnerRun, keyOf, type LayerCall, type LayerReference, references as layerReferences } from './layer.ts';
import { references as lossReferences } from './loss.ts';

/** Which step of training is computed: any number will do. */
export const STEP = 3;
const SEED = 11;

/** A network on an engine, filled with numbers, and its reference. */
export class Pair {
  readonly network: Network;
  readonly rows: number;
  readonly x: Float64Array;
  readonly targets: Float64Array;
  /** All arrays by the network's names. */
  readonly arrays: Map<string, Float64Array>;
  readonly #layers: readonly Description<'layer'>[];
  readonly #loss: Description<'loss'>;
  readonly #own: Readonly<Record<string, LayerReference>>;
  /** How near to a kink the last forward pass came. */
  kinkDistance = Number.POSITIVE_INFINITY;

  constructor(
    engine: Engine,
    { inputSize, rows }: { inputSize: number; rows: number },
    layers: readonly Description<'layer'>[],
    loss: Description<'loss'>,
    salt: number,
    own: Readonly<Record<string, LayerReference>> = {},
  ) {
    this.network = new Network(inputSize, layers, loss, SEED, engine.backend);
    this.rows = rows;
    this.#layers = layers;
    this.#loss = loss;
    this.#own = own;
    const { network } = this;
    network.reserveTraining(rows);
    const x = values(rows * inputSize, salt);
    const y = makeTargets(network.loss, rows, salt + 1);
    const targets = ArrayBuffer.isView(y) ? y : y.data;
    this.arrays = new Map(
      network.arrays.map(({ name, value }, i) => {
        // Variances are positive; all other arrays may be anything.
        const own = values(value.length, salt + 2 + i).map((w) => (name.endsWith('Variance') ? 1.1 + w : w));
        value.data.set(own);
        return [name, Float64Array.from(own)];
      }),
    );
    network.input.set(x);
    network.targets.data.set(targets);
    this.x = Float64Array.from(x);
    // As the network has them, in float32.
    this.targets = Float64Array.from(network.targets.data.subarray(0, rows * network.loss.targetSize));
  }

  /** Outputs (rows, outputSize) of the reference, and the state that a training step leaves. */
  forward(step: number | undefined) {
    const { outputs, after, kinkDistance } = this.#run(this.#layers, this.x, SEED, '', step);
    this.kinkDistance = kinkDistance;
    return { outputs, after: new Map(Object.entries(after)) };
  }

  /** The same for some layers, those of the network or those inside a layer, whose arrays' names begin with `prefix`. */
  #run(
    layers: readonly Description<'layer'>[],
    input: Float64Array,
    seed: number,
    prefix: string,
    step: number | undefined,
  ): InnerRun {
    let x = input;
    let kinkDistance = Number.POSITIVE_INFINITY;
    const after: Record<string, Float64Array> = {};
    const ordinals = new Map<string, number>();
    for (const layer of expandLayers(layers)) {
      const { type } = layer;
      const ordinal = ordinals.get(type) ?? 0;
      ordinals.set(type, ordinal + 1);
      const { options } = definitionOf<LayerDefinition>('layer', 'test', 'layer', layer);
      const own = `${prefix}${type}${ordinal + 1}.`;
      const arrays = Object.fromEntries(
        [...this.arrays].flatMap(([name, array]) => (name.startsWith(own) ? [[name.slice(own.length), array]] : [])),
      );
      const call: LayerCall = {
        size: x.length / this.rows,
        rows: this.rows,
        options: options as LayerCall['options'],
        arrays,
        step,
        key: (half) => keyOf(seed, type, ordinal, step ?? 0, half),
        inner: (inside, from) => {
          const run = this.#run(inside, from, innerSeed(seed, type, ordinal), own, step);
          const named = Object.entries(run.after).map(([name, array]) => [name.slice(own.length), array]);
          return { ...run, after: Object.fromEntries(named) };
        },
      };
      const reference = this.#own[type] ?? layerReferences[type];
      kinkDistance = Math.min(kinkDistance, reference.kinkDistance?.(x, call) ?? Number.POSITIVE_INFINITY);
      if (step !== undefined) {
        for (const [name, array] of Object.entries(reference.after?.(x, call) ?? {})) after[own + name] = array;
      }
      x = reference.forward(x, call);
    }
    return { outputs: x, after, kinkDistance };
  }

  /** Mean loss over the rows, without penalties, of outputs (rows, any). */
  loss(outputs: Float64Array): number {
    const { rows, targets, network } = this;
    const size = targets.length / rows;
    // Each member of an ensemble has the targets of its sample.
    const all = rows * network.members;
    const own = Float64Array.from({ length: all * size }, (_, i) => {
      const row = Math.floor(i / (network.members * size));
      return targets[row * size + (i % size)];
    });
    return rowLosses(this.#loss, outputs, own, all).reduce((sum, loss) => sum + loss, 0) / all;
  }

  free(): void {
    this.network.free();
  }
}

/** The loss of each row, by the reference. */
export function rowLosses(loss: Description<'loss'>, outputs: Float64Array, targets: Float64Array, rows: number) {
  const { row } = lossReferences[loss.type];
  const part = (array: Float64Array, i: number) => {
    const size = array.length / rows;
    return [...array.subarray(i * size, (i + 1) * size)];
  };
  const { options } = definitionOf<LossDefinition>('loss', 'test', 'loss', loss);
  return Array.from({ length: rows }, (_, i) => row(part(outputs, i), part(targets, i), options as never));
}

const oracle = createEngine({ backend: 'js' });

/**
 * The first of a row of salts with which the network's numbers keep away from the kinks of its layers, so that central
 * differences are derivatives and rounding to float32 changes no branch.
 */
export function saltFor(...[, ...rest]: ConstructorParameters<typeof Pair>): number {
  const [sizes, layers, loss, first, own] = rest;
  for (let salt = first; salt < first + 20_000; salt += 20) {
    const pair = new Pair(oracle, sizes, layers, loss, salt, own);
    pair.forward(STEP);
    pair.free();
    if (pair.kinkDistance > 1e-3) return salt;
  }
  throw new Error(`No salt keeps ${JSON.stringify(layers)} away from kinks.`);
}
