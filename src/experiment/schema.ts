// The schema of an experiment spec: keys, types and ranges. What depends on several places is checked in validate-spec.
import * as z from 'zod';
import { boolean, integer, kinds, list, number, object, oneOf, repeated, text, variantBy } from './schema-rules.ts';
import type { ExperimentSpec } from './spec.ts';

/** Adds the rule of one place that depends on another, once both are valid by themselves. */
type Check<T> = (value: T, broken: (path: PropertyKey[], rule: string, remedy?: string) => void) => void;

function checked<T extends z.ZodType>(schema: T, check: Check<z.output<T>>): T {
  return schema.superRefine((value, context) =>
    check(value, (path, rule, remedy) =>
      context.addIssue({ code: 'custom', path, message: rule, ...(remedy && { params: { remedy } }) }),
    ),
  );
}

const largestSeed = 2 ** 32 - 1;
/** Of whatever is counted out into trials. */
const most = 1_000_000;
const seed = integer(0, largestSeed);
const share = number('(0, 1)');
const strength = number('[0, inf)');
const rate = number('[0, 1)');
const anyNumber = number('(-inf, inf)');
const path = text(/\S/, 'the path of a file').describe('Relative to the file of this spec');

const noise = {
  noiseFeatures: integer(0).exactOptional().describe('Number of standard-normal columns appended to the features'),
  noiseRandomState: seed.exactOptional().describe('Seed of the noise columns'),
};

function generator<const N extends string, T extends z.core.$ZodLooseShape>(name: N, parameters: T) {
  return object({
    generator: z.literal(name),
    parameters: object({ nSamples: integer(1), shuffle: boolean, ...parameters, randomState: seed })
      .partial()
      .exactOptional(),
    ...noise,
  });
}

const generated = variantBy('generator', [
  generator('makeMoons', { noise: strength }),
  generator('makeCircles', { noise: strength, factor: rate }),
  // Two features at least: the figures are drawn over the first two.
  generator('makeBlobs', {
    nFeatures: integer(2),
    centers: integer(2),
    clusterStd: strength,
    centerBox: z.tuple([anyNumber, anyNumber], 'a list of two numbers'),
  }),
  generator('makeClassification', {
    nFeatures: integer(2),
    nInformative: integer(1),
    nRedundant: integer(0),
    nRepeated: integer(0),
    nClasses: integer(2),
    nClustersPerClass: integer(1),
    weights: list(number('[0, 1]'), 1),
    flipY: number('[0, 1]'),
    classSep: anyNumber,
    hypercube: boolean,
    shift: anyNumber,
    scale: anyNumber,
  }),
]);

const sha256 = text(/^[\da-f]{64}$/, '64 hexadecimal digits')
  .exactOptional()
  .describe('SHA-256 of the bytes of the file');

const dataset = checked(
  kinds({
    generator: generated,
    builtin: object({ builtin: oneOf('digits', 'breast_cancer', 'wine'), ...noise }),
    csv: object({
      csv: path,
      target: kinds({ text: z.string(), number: z.int() })
        .exactOptional()
        .describe('The column of classes: its name or index. Default -1, the last'),
      header: boolean.exactOptional().describe('Whether the first row holds the names of the columns. Default true'),
      delimiter: text(/^[^"\r\n]$/u, 'one character, neither a quote nor a line end').exactOptional(),
      sha256,
      ...noise,
    }),
    npy: object({ npy: object({ x: path, y: path }), sha256, ...noise }),
    npz: object({
      npz: path,
      x: z.string('a text').exactOptional(),
      y: z.string('a text').exactOptional(),
      sha256,
      ...noise,
    }),
  }),
  ({ noiseFeatures, noiseRandomState }, broken) => {
    if (noiseFeatures && noiseRandomState === undefined)
      broken(['noiseRandomState'], 'given with dataset.noiseFeatures');
  },
).describe('Where the data come from');

const validation = {
  validationSize: share.describe('Share of what the test part left'),
  randomState: seed,
  stratify: boolean.exactOptional().describe('Keep the class shares in every part'),
};

const split = kinds({
  testSize: object({ testSize: share.describe('Share of all samples'), ...validation }),
  folds: object({ folds: integer(2, most).describe('Number of folds, each the test part once'), ...validation }),
}).describe('Into training, validation and test part');

const scaling = oneOf('standard', 'minmax', 'none').describe('Fitted on the training part alone');

const penalties = {
  l1: strength.exactOptional().describe('Strength of L1, λΣ|w|. Default 0'),
  l2: strength.exactOptional().describe('Strength of L2, λΣw². Default 0'),
};
const hiddenUnits = list(integer(1), 0).describe('Units of each hidden layer');
const dropout = rate.exactOptional().describe('Rate of dropped units after every hidden layer. Default 0');
const layers = list(
  variantBy('type', [
    object({ type: z.literal('dense'), units: integer(1), ...penalties }),
    object({ type: z.literal('relu') }),
    object({ type: z.literal('dropout'), rate }),
  ]),
  0,
).describe('All layers but the last, dense(classes), which is appended');

const network = kinds({
  hiddenUnits: object({ hiddenUnits, ...penalties, dropout }),
  layers: object({ layers }),
});

const optimizer = checked(
  object({
    type: oneOf('adam', 'adamW', 'sgd'),
    learningRate: number('(0, inf)').exactOptional().describe('Default 0.001 (adam, adamW), 0.01 (sgd)'),
    momentum: rate.exactOptional().describe('For sgd only. Default 0'),
    nesterov: boolean.exactOptional().describe('For sgd with momentum only. Default false'),
    weightDecay: number('[0, inf)').exactOptional().describe('For adamW only. Default 0.01'),
    proximal: boolean.exactOptional().describe('Whether L1 makes weights exactly 0, by soft thresholds. Default false'),
  }),
  ({ type, momentum, nesterov, weightDecay }, broken) => {
    const leftOut = (key: string, right: string) =>
      broken([key], `left out with type '${type}'`, `Use type '${right}' for ${key}.`);
    if (type !== 'sgd' && momentum !== undefined) leftOut('momentum', 'sgd');
    if (type !== 'sgd' && nesterov !== undefined) leftOut('nesterov', 'sgd');
    if (type !== 'adamW' && weightDecay !== undefined) leftOut('weightDecay', 'adamW');
    if (type === 'sgd' && nesterov && !momentum) broken(['momentum'], 'above 0 with nesterov', 'Use momentum 0.9.');
  },
);
const epochs = integer(1);
const batchSize = integer(1);
const earlyStopping = object({
  patience: integer(1).describe('Epochs without a better validation loss'),
  minDelta: strength.exactOptional(),
})
  .exactOptional()
  .describe('Restores the weights with the lowest validation loss');

/** What a trial takes from the spec, a variant and a point of the sweep together. */
export const sections = {
  dataset,
  split,
  scaling,
  network,
  training: object({ epochs, batchSize, optimizer, earlyStopping }),
};

const variant = object({
  label: text(/^(?! )[^\p{Cc}\p{Zl}\p{Zp}]{1,60}$(?<! )/u, 'one line of 1 to 60 characters without spaces around it'),
  network: object({ hiddenUnits: hiddenUnits.exactOptional(), ...penalties, dropout, layers: layers.exactOptional() })
    .exactOptional()
    .describe("Replaces the experiment's keys of the same name"),
  training: object({
    epochs: epochs.exactOptional(),
    batchSize: batchSize.exactOptional(),
    optimizer: optimizer.exactOptional(),
    earlyStopping,
  })
    .exactOptional()
    .describe("Replaces the experiment's keys of the same name"),
});

const variants = checked(list(variant, 1), (values, broken) => {
  for (const [i, first] of repeated(values.map(({ label }) => label))) {
    broken([i, 'label'], `different from variants[${first}].label`);
  }
}).describe('What to compare; the first is the baseline');

const seeds = checked(
  kinds({
    list: list(seed, 1),
    count: object({ start: seed.exactOptional().describe('Default 0'), count: integer(1, most) }),
  }),
  (values, broken) => {
    if (Array.isArray(values)) {
      for (const [i, first] of repeated(values)) broken([i], `different from seeds[${first}]`);
    } else if ((values.start ?? 0) + values.count - 1 > largestSeed) {
      broken(['count'], `such that the last seed is at most ${largestSeed}`);
    }
  },
).describe('Each variant is trained once with each seed');

const range = { from: anyNumber, to: anyNumber };
const scale = oneOf('linear', 'log').exactOptional().describe("Default 'linear'");
const values = list(kinds({ number: anyNumber, text: z.string() }), 1);
const parameters = <T extends z.ZodType>(value: T) =>
  z.record(z.string(), value, 'an object').describe("Values by path, such as 'network.l2'");

export const sweepSchema = variantBy('type', [
  object({
    type: z.literal('grid'),
    parameters: parameters(kinds({ list: values, from: object({ ...range, count: integer(2, most), scale }) })),
  }),
  object({
    type: z.literal('random'),
    samples: integer(1, most).describe('Number of points'),
    seed: seed.exactOptional().describe('Default 0'),
    parameters: parameters(kinds({ list: values, from: object({ ...range, scale }) })),
  }),
]).describe('Every variant is trained at every point');

export const specSchema: z.ZodType<ExperimentSpec> = object({
  $schema: z.string('a text').exactOptional(),
  name: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "1 to 64 letters, digits, '.', '_' or '-' that start with a letter or digit",
  ).describe('Also the default name of the output folder'),
  ...sections,
  variants,
  seeds,
  sweep: sweepSchema.exactOptional(),
});

/** The JSON Schema (draft 7, which editors know best) of a spec, for `"$schema"`. */
export function specJsonSchema(): object {
  return z.toJSONSchema(specSchema, {
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // Every integer would get the bounds of safe integers, which tell a reader nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}
