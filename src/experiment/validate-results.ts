// Checks the files that a run has written, before something is built on them.
import * as z from 'zod';
import { ParameterError } from '../errors/index.ts';
import type { FigureData, Results } from './results.ts';

const numbers = z.array(z.number());
const score = z.looseObject({ loss: z.number(), accuracy: z.number() });
const estimate = z.looseObject({
  mean: z.number(),
  sd: z.number().nullable(),
  ci95: z.tuple([z.number(), z.number()]).nullable(),
  n: z.int(),
});
const point = z.record(z.string(), z.union([z.number(), z.string()]));
const fold = z.looseObject({ index: z.int(), of: z.int() });

const trial = z
  .looseObject({
    variant: z.string(),
    point: point.optional(),
    fold: fold.optional(),
    seed: z.int(),
    history: z.looseObject({ trainLoss: numbers, trainAccuracy: numbers, valLoss: numbers, valAccuracy: numbers }),
    epochs: z.int().positive(),
    bestEpoch: z.int().positive(),
    train: score,
    test: score,
    validation: score.optional(),
    confusion: z.array(numbers).optional(),
    calibration: z.looseObject({ count: numbers, confidence: numbers, accuracy: numbers }).optional(),
    sparsity: z.looseObject({ zero: z.number(), nearZero: z.number() }).optional(),
  })
  .refine(({ history, epochs }) => Object.values(history).every((series) => (series as number[]).length === epochs), {
    path: ['history'],
    error: 'expected as many values in each list as there were epochs',
  });

const results = z.looseObject({
  version: z.literal(1),
  name: z.string(),
  engine: z.looseObject({ backend: z.string(), numerics: z.string(), simd: z.string(), version: z.string() }),
  spec: z.looseObject({
    name: z.string(),
    dataset: z.looseObject({}),
    split: z.looseObject({ validationSize: z.number() }),
    scaling: z.string(),
    network: z.looseObject({}),
    training: z.looseObject({ epochs: z.int() }),
    variants: z.array(z.looseObject({ label: z.string() })).nonempty(),
    seeds: z.union([numbers, z.looseObject({ count: z.int() })]),
  }),
  trials: z.array(trial).nonempty(),
  summary: z
    .array(
      z.looseObject({
        variant: z.string(),
        point: point.optional(),
        testAccuracy: estimate,
        testLoss: estimate.optional(),
        trainAccuracy: estimate.optional(),
        gap: estimate.optional(),
        validationLoss: estimate.optional(),
      }),
    )
    .nonempty(),
  best: z.string(),
  comparisons: z
    .array(
      z.looseObject({
        variant: z.string(),
        baseline: z.string(),
        difference: estimate,
        p: z.number().nullable(),
        pAdjusted: z.number().nullable(),
        verdict: z.string(),
        text: z.string(),
      }),
    )
    .optional(),
  sweep: z.array(z.looseObject({ variant: z.string(), point, validationLoss: estimate })).optional(),
  methods: z.record(z.string(), z.string()).optional(),
});

const figureData = z.looseObject({
  scatter: z.looseObject({ x: numbers, y: numbers, label: numbers, part: z.array(z.string()) }).optional(),
  featureNames: z.tuple([z.string(), z.string()]),
  variants: z.array(
    z.looseObject({
      variant: z.string(),
      point: point.optional(),
      fold: fold.optional(),
      seed: z.int(),
      boundary: z
        .looseObject({
          ...{ xMin: z.number(), xMax: z.number(), yMin: z.number(), yMax: z.number() },
          ...{ columns: z.int(), rows: z.int(), classes: z.int(), probabilities: numbers },
        })
        .optional(),
      firstLayerWeights: numbers,
    }),
  ),
});

/**
 * Checks that `value`, read from a results.json, has what this version of Regulus needs of it.
 *
 * @throws ParameterError that names the first place that is wrong.
 */
export function validateResults(value: unknown): Results {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== 1) {
    throw new ParameterError(
      `These results are of version ${version}; this Regulus reads version 1. Use the Regulus that wrote them.`,
    );
  }
  return check(results, value, 'the results') as unknown as Results;
}

/** As {@link validateResults}, for figures.json. */
export function validateFigureData(value: unknown): FigureData {
  return check(figureData, value, 'the figure data') as unknown as FigureData;
}

function check(schema: z.ZodType, value: unknown, what: string): unknown {
  const { error } = schema.safeParse(value, { reportInput: true });
  if (!error) return value;
  const [{ path, message }] = error.issues;
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw new ParameterError(
    `These are not ${what} of an experiment, or they are damaged. ${place ? `At ${place.slice(1)}: ` : ''}${message}. Run the experiment again.`,
  );
}
