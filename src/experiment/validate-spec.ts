// Checks an experiment spec against one declarative schema and reports every problem at once, each with its path.
import {
  checkBoolean,
  checkInteger,
  checkKeys,
  checkNumber,
  checkOneOf,
  fail,
  type Interval,
  ParameterError,
} from '../errors/index.ts';
import type { ExperimentSpec, GeneratorName } from './spec.ts';

const where = 'the experiment spec';
const largestSeed = 2 ** 32 - 1;

/** Returns a checked copy of `value` or adds what is wrong with it to `problems`. */
type Rule = (value: unknown, path: string, problems: string[]) => unknown;
type Shape = Record<string, Rule>;

/** Turns a throwing check into a rule. */
function rule(check: (path: string, value: unknown) => unknown): Rule {
  return (value, path, problems) => {
    try {
      return check(path, value);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      // JSON has no `undefined`: there it means that the key is missing.
      problems.push(error.message.replace('Got undefined instead.', 'It is missing.'));
    }
  };
}

const integer = (min: number, max?: number) => rule((path, value) => checkInteger(where, path, value, min, max));
const number = (interval: Interval) => rule((path, value) => checkNumber(where, path, value, interval));
const oneOf = (...choices: string[]) => rule((path, value) => checkOneOf(where, path, value, choices));
const boolean = rule((path, value) => checkBoolean(where, path, value));
const text = (pattern: RegExp, name: string) =>
  rule((path, value) => (typeof value === 'string' && pattern.test(value) ? value : fail(where, path, name, value)));

const optional =
  (inner: Rule): Rule =>
  (value, path, problems) =>
    value === undefined ? undefined : inner(value, path, problems);

const list =
  (inner: Rule, minLength: number): Rule =>
  (value, path, problems) => {
    if (Array.isArray(value) && value.length >= minLength) {
      return value.map((item, i) => inner(item, `${path}[${i}]`, problems));
    }
    return rule(() => fail(where, path, minLength ? 'a list that is not empty' : 'a list', value))(
      value,
      path,
      problems,
    );
  };

/** An object with the keys of `shape` and no others, copied in the order of `shape`. */
const object =
  (shape: Shape): Rule =>
  (value, path, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return rule(() => fail(where, path || '(whole)', 'an object', value))(value, path, problems);
    }
    for (const key of Object.keys(value)) {
      rule(() => checkKeys(path || where, { [key]: true }, Object.keys(shape)))(value, path, problems);
    }
    const copy: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(shape)) {
      const own = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      const checked = inner(own, path ? `${path}.${key}` : key, problems);
      if (checked !== undefined) copy[key] = checked;
    }
    return copy;
  };

const allOptional = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, optional(inner)]));

/** `inner`, then the cross-field rule `check` when all fields are valid by themselves. */
const refine =
  (inner: Rule, check: (value: never, path: string) => void): Rule =>
  (value, path, problems) => {
    const before = problems.length;
    const copy = inner(value, path, problems);
    if (problems.length === before) rule(() => check(copy as never, path))(copy, path, problems);
    return copy;
  };

/** No two items have the same value of `key`; `suffix` leads from the item to it in messages. */
function checkUnique<T>(items: T[], path: string, suffix: string, key: (item: T) => unknown): void {
  const keys = items.map(key);
  const i = keys.findIndex((value, index) => keys.indexOf(value) !== index);
  if (i >= 0)
    fail(where, `${path}[${i}]${suffix}`, `different from ${path}[${keys.indexOf(keys[i])}]${suffix}`, keys[i]);
}

const seed = integer(0, largestSeed);
const common: Shape = { nSamples: integer(1), shuffle: boolean };
// Two features at least: the figures are drawn over the first two.
const generators: Record<GeneratorName, Shape> = {
  makeMoons: { ...common, noise: number('[0, inf)') },
  makeCircles: { ...common, noise: number('[0, inf)'), factor: number('[0, 1)') },
  makeBlobs: {
    ...common,
    nFeatures: integer(2),
    centers: integer(2),
    clusterStd: number('[0, inf)'),
    centerBox: list(number('(-inf, inf)'), 2),
  },
  makeClassification: {
    ...common,
    nFeatures: integer(2),
    nInformative: integer(1),
    nRedundant: integer(0),
    nRepeated: integer(0),
    nClasses: integer(2),
    nClustersPerClass: integer(1),
    weights: list(number('[0, 1]'), 1),
    flipY: number('[0, 1]'),
    classSep: number('(-inf, inf)'),
    hypercube: boolean,
    shift: number('(-inf, inf)'),
    scale: number('(-inf, inf)'),
  },
};

/** The shape of `dataset.parameters` depends on `dataset.generator`; a wrong generator is reported by its own rule. */
const dataset: Rule = (value, path, problems) => {
  const name = (value as { generator?: GeneratorName } | null | undefined)?.generator;
  const known = typeof name === 'string' && Object.hasOwn(generators, name);
  const parameters = known ? object({ ...allOptional(generators[name]), randomState: seed }) : (copy: unknown) => copy;
  const shape = object({
    generator: oneOf(...Object.keys(generators)),
    parameters,
    noiseFeatures: optional(integer(0)),
    noiseRandomState: optional(seed),
  });
  return refine(shape, (copy: ExperimentSpec['dataset']) => {
    if (copy.noiseFeatures && copy.noiseRandomState === undefined) {
      fail(where, `${path}.noiseRandomState`, `given with ${path}.noiseFeatures`, undefined);
    }
  })(value, path, problems);
};

const share = number('(0, 1)');
const network: Shape = {
  hiddenUnits: list(integer(1), 0),
  l1: optional(number('[0, inf)')),
  l2: optional(number('[0, inf)')),
  dropout: optional(number('[0, 1)')),
};
const optimizer = refine(
  object({
    type: oneOf('adam', 'sgd'),
    learningRate: optional(number('(0, inf)')),
    momentum: optional(number('[0, 1)')),
  }),
  ({ type, momentum }: ExperimentSpec['training']['optimizer'], path) => {
    if (type === 'adam' && momentum !== undefined) {
      fail(where, `${path}.momentum`, "left out with type 'adam'", momentum, "Use type 'sgd' for momentum.");
    }
  },
);
const training: Shape = {
  epochs: integer(1),
  batchSize: integer(1),
  optimizer,
  earlyStopping: optional(object({ patience: integer(1), minDelta: optional(number('[0, inf)')) })),
};
const variant = object({
  label: text(/^(?! )[^\p{Cc}\p{Zl}\p{Zp}]{1,60}$(?<! )/u, 'one line of 1 to 60 characters without spaces around it'),
  network: optional(object(allOptional(network))),
  training: optional(object(allOptional(training))),
});

const spec = object({
  name: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "1 to 64 letters, digits, '.', '_' or '-' that start with a letter or digit",
  ),
  dataset,
  split: object({ testSize: share, validationSize: share, randomState: seed, stratify: optional(boolean) }),
  scaling: oneOf('standard', 'none'),
  network: object(network),
  training: object(training),
  variants: refine(list(variant, 1), (variants: { label: string }[], path) =>
    checkUnique(variants, path, '.label', ({ label }) => label),
  ),
  seeds: refine(list(seed, 1), (seeds: number[], path) => checkUnique(seeds, path, '', (value) => value)),
});

/**
 * Checks that `value` is an {@link ExperimentSpec} and returns a copy of it with its keys in a fixed order.
 *
 * @throws ParameterError that lists all problems, each with its path such as `variants[2].network.l1`.
 */
export function validateSpec(value: unknown): ExperimentSpec {
  const problems: string[] = [];
  const copy = spec(value, '', problems);
  if (problems.length === 1) throw new ParameterError(problems[0]);
  if (problems.length > 1) {
    throw new ParameterError(
      `${where} has ${problems.length} problems:\n- ${problems.join('\n- ')}`.replace('the', 'The'),
    );
  }
  return copy as ExperimentSpec;
}
