// defineGenerator: makes the function that generates a dataset from a definition, its options checked by their rules.
import {
  checkDefinition,
  type Definition,
  isTypedArray,
  type OptionRule,
  type OptionRules,
  type OptionsArgument,
  type ResolvedOptions,
  resolveOptions,
} from '../errors/index.ts';
import type { RandomState } from '../random/index.ts';
import { type ClassDataset, checkFinite, type Dataset, type Targets } from './dataset.ts';
import { checkMemory } from './memory.ts';
import { type RandomSource, randomStateFrom } from './random-source.ts';
import { selectRows } from './take-rows.ts';

/** The rules of a generator's options, the seed among them. */
export type GeneratorRules = OptionRules & { readonly randomState: OptionRule<RandomSource, 'default'> };

/** All that there is to say about one generator. */
export interface GeneratorDefinition<R extends GeneratorRules = GeneratorRules, D extends Dataset = Dataset>
  extends Definition<R> {
  /** About how many numbers {@link generate} has in memory at once, to refuse at once what there is no memory for. */
  size?(options: ResolvedOptions<R>): number;
  /** Makes the dataset from options with their defaults; `random` is the stream that `randomState` stands for. */
  generate(options: ResolvedOptions<R>, random: RandomState): D;
}

/** A function that generates a dataset, with its definition. */
export interface DatasetGenerator<T extends string, R extends GeneratorRules, D extends Dataset = ClassDataset> {
  (...options: OptionsArgument<R>): D;
  readonly kind: 'generator';
  readonly definition: GeneratorDefinition<R, D> & { readonly type: T };
}

/** Any generator whose options all have defaults. */
export interface AnyGenerator {
  (options?: object): Dataset;
  readonly kind: 'generator';
  readonly definition: GeneratorDefinition;
}

/**
 * Makes a generator of a definition. Called with options, it checks them, fills defaults in and generates.
 *
 * @throws ParameterError for an invalid `type`
 * @example
 * ```js
 * import { defineGenerator, integer, makeMoons } from 'regulus';
 *
 * const makeSteps = defineGenerator({
 *   type: 'makeSteps',
 *   options: { nSamples: integer(1, { default: 100 }), randomState: makeMoons.definition.options.randomState },
 *   generate({ nSamples }, random) {
 *     const data = random.randomSample(nSamples);
 *     return { x: { data, shape: [nSamples, 1] }, y: Int32Array.from(data, (value) => (value < 0.5 ? 0 : 1)) };
 *   },
 * });
 * console.log(makeSteps({ nSamples: 4, randomState: 1 }).y); // [0, 1, 0, 0]
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineGenerator<const T extends string, const R extends GeneratorRules, D extends Dataset>(
  definition: GeneratorDefinition<R, D> & { readonly type: T },
): DatasetGenerator<T, R, D> {
  checkDefinition('generator', definition, 'generate');
  const { type, options: rules, check } = definition;
  const generator = (given: unknown = {}): D => {
    const options = resolveOptions(type, given, rules, check);
    checkMemory(type, definition.size?.(options) ?? 0);
    const { randomState } = options as { randomState: RandomSource };
    const dataset = definition.generate(options, randomStateFrom(randomState));
    const { data, shape } = dataset.x;
    const remedy = 'Give smaller values to its options.';
    checkFinite(`The dataset of ${type}`, data, { columns: shape[1], remedy });
    const targets = 'data' in dataset.y ? dataset.y.data : dataset.y;
    if (!isTypedArray(targets, 'Int32Array')) checkFinite(`The targets of ${type}`, targets, { remedy });
    return dataset;
  };
  Object.defineProperty(generator, 'name', { value: type });
  return Object.assign(generator, { kind: 'generator' as const, definition });
}

/** The rows of `dataset` in random order. */
export function shuffleRows<Y extends Targets>(dataset: Dataset<Y>, random: RandomState): Dataset<Y> {
  return selectRows(dataset, random.permutation(dataset.x.shape[0]));
}

/** The features of `dataset` in random order. */
export function shuffleColumns<Y extends Targets>({ x, y }: Dataset<Y>, random: RandomState): Dataset<Y> {
  const [rows, columns] = x.shape;
  const order = random.permutation(columns);
  const data = x.data.map((_, i) => x.data[i - (i % columns) + order[i % columns]]);
  return { x: { data, shape: [rows, columns] }, y };
}
