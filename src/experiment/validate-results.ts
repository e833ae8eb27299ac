// Checks the files that a run has written, before something is built on them.
import * as z from 'zod';
import { fail, ParameterError } from '../errors/index.ts';
import { seriesName } from '../train/index.ts';
import type { FigureData, Results } from './results.ts';
import type { FinishedTrial } from './run-experiment.ts';
import { openSchema } from './schema.ts';
import type { Trial } from './spec.ts';

/** An object with values of one kind. zod leaves out what is called `__proto__`, which JSON may hold. */
const record = <T extends z.ZodType>(value: T) =>
  z
    .unknown()
    .refine((json) => !Object.hasOwn(Object(json), '__proto__'), { abort: true, error: "expected no '__proto__'" })
    .pipe(z.record(z.string(), value));
const numbers = z.array(z.number());
const score = record(z.number()).refine((values) => 'loss' in values && 'dataLoss' in values, {
  error: 'expected loss and dataLoss',
});
const estimate = z.looseObject({
  mean: z.number(),
  sd: z.number().nullable(),
  ci95: z.tuple([z.number(), z.number()]).nullable(),
  n: z.int(),
});
const point = record(z.json());
const fold = z.looseObject({ index: z.int(), of: z.int() });
const key = { variant: z.string(), point: point.optional(), fold: fold.optional(), seed: z.int() };

const pictures = {
  boundary: z
    .looseObject({
      ...{ xMin: z.number(), xMax: z.number(), yMin: z.number(), yMax: z.number() },
      ...{ columns: z.int(), rows: z.int(), classes: z.int(), probabilities: numbers },
    })
    .optional(),
  firstLayerWeights: numbers.optional(),
};

const trial = z
  .looseObject({
    ...key,
    history: record(numbers),
    epochs: z.int().positive(),
    bestEpoch: z.int().positive(),
    train: score,
    test: score,
    validation: score,
    confusion: z
      .array(numbers)
      .nonempty()
      .refine((rows) => rows.every(({ length }) => length === rows.length), { error: 'expected a square' })
      .optional(),
    calibration: z
      .looseObject({ count: numbers, confidence: numbers, accuracy: numbers })
      .refine(({ count, confidence, accuracy }) => [confidence, accuracy].every((one) => one.length === count.length), {
        error: 'expected three lists of the same length',
      })
      .optional(),
    sparsity: z.looseObject({ zero: z.number(), nearZero: z.number() }).optional(),
    figures: z.looseObject(pictures).optional(),
    model: z.string().optional(),
  })
  .refine(({ history, epochs }) => Object.values(history).every(({ length }) => length === epochs), {
    path: ['history'],
    error: 'expected as many values in each list as there were epochs',
  });

const finishedTrial = z.strictObject({ result: trial, seconds: z.number().nonnegative() });

const results = z.looseObject({
  version: z.literal(2),
  name: z.string(),
  engine: z.looseObject({ backend: z.string(), numerics: z.string(), simd: z.string(), version: z.string() }),
  spec: z.lazy(() => openSchema().spec),
  metric: z.string(),
  metrics: z.record(
    z.string(),
    z.looseObject({ better: z.enum(['higher', 'lower']), unit: z.enum(['share', 'target', 'none']) }),
  ),
  classNames: z.array(z.string()).optional(),
  trials: z.array(trial).nonempty(),
  summary: z.array(z.looseObject({ variant: z.string(), point: point.optional() }).catchall(z.unknown())).nonempty(),
  best: z.string(),
  baseline: z.string(),
  comparisons: z.array(
    z.looseObject({
      variant: z.string(),
      baseline: z.string(),
      difference: estimate,
      p: z.number().nullable(),
      pAdjusted: z.number().nullable(),
      verdict: z.enum(['better', 'worse', 'no difference shown']),
      text: z.string(),
    }),
  ),
  sweep: z.array(z.looseObject({ variant: z.string(), point, valDataLoss: estimate })).optional(),
  methods: record(z.string()),
  references: z
    .array(z.looseObject({ reference: z.string(), fold: fold.optional(), train: score, test: score }))
    .optional(),
});

/** The estimates of one entry of a summary. */
const summaryOf = (metric: string, metrics: object) =>
  z.object(
    Object.fromEntries(
      [
        ...['gap', 'valDataLoss', 'testLoss', 'testDataLoss', seriesName('train', metric)],
        ...Object.keys(metrics).map((name) => seriesName('test', name)),
      ].map((name) => [name, estimate]),
    ),
  );

/** What does not belong together in results whose parts have the right shapes. */
function contradiction({ spec, metric, metrics, trials, summary, best }: Results): string | undefined {
  for (const name of [metric, 'dataLoss']) {
    if (!Object.hasOwn(metrics, name)) return `At metrics: expected the facts of '${name}'`;
  }
  const labels = new Set(spec.variants.map(({ label }) => label));
  if (!labels.has(best)) return `At best: expected a variant of the spec, received '${best}'`;
  const size = ({ confusion, calibration }: Results['trials'][number]) =>
    `${confusion?.length} classes and ${calibration?.count.length} bins`;
  for (const [i, trial] of trials.entries()) {
    const { variant, train, validation, test } = trial;
    const at = `At trials[${i}]`;
    if (!labels.has(variant)) return `${at}.variant: expected a variant of the spec, received '${variant}'`;
    const isScored = [train, validation, test].every((score) => Object.hasOwn(score, metric));
    if (!isScored) return `${at}: expected scores with '${metric}'`;
    if (size(trial) !== size(trials[0])) return `${at}: expected ${size(trials[0])}, as in the first trial`;
    if (!summary.some((entry) => entry.variant === variant)) return `At summary: expected the variant '${variant}'`;
  }
  const estimates = z.object({ summary: z.array(summaryOf(metric, metrics)) });
  return problemOf(estimates, { summary });
}

const figureData = z.looseObject({
  scatter: z.looseObject({ x: numbers, y: numbers, label: numbers, part: z.array(z.string()) }).optional(),
  featureNames: z.tuple([z.string(), z.string()]),
  variants: z.array(
    z.looseObject({
      ...key,
      ...pictures,
    }),
  ),
});

/**
 * Checks that `value`, read from a results.json, has what this version of Regulus needs of it.
 *
 * @throws ParameterError that names the first place that is wrong.
 * @example
 * ```js
 * import { presets, runExperiment, validateResults } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const { results } = await runExperiment({ ...moons, training: { ...moons.training, epochs: 1 } });
 * console.log(validateResults(JSON.parse(JSON.stringify(results))).best === results.best); // true
 * ```
 */
export function validateResults(value: unknown): Results {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== 2) {
    throw new ParameterError(
      `These results are of version ${version}; this Regulus reads version 2. Run the experiment again, or use the Regulus that wrote them.`,
      { code: 'ERR_FORMAT' },
    );
  }
  return accept(value, problemOfResults(value), 'the results');
}

/**
 * As {@link validateResults}, of the parameter `name` of the function `where`.
 *
 * @hidden
 */
export function checkResults(where: string, name: string, value: unknown): Results {
  const problem = problemOfResults(value);
  if (problem) fail(where, name, 'the results of an experiment, of version 2', value, `${problem}.`, 'ERR_FORMAT');
  return value as Results;
}

const problemOfResults = (value: unknown) => problemOf(results, value) ?? contradiction(value as Results);

/**
 * As {@link validateResults}, for figures.json.
 *
 * @example
 * ```js
 * import { validateFigureData } from 'regulus/experiment';
 * console.log(validateFigureData({ featureNames: ['length', 'width'], variants: [] }).variants.length); // 0
 * ```
 */
export function validateFigureData(value: unknown): FigureData {
  return accept(value, problemOf(figureData, value), 'the figure data');
}

/**
 * Checks that `value` is a trial's result and seconds, without NaN, and one that `trial` can give where that is known.
 *
 * @throws ParameterError that names the first place that is wrong.
 * @hidden
 */
export function validateTrial(value: unknown, trial?: Trial): FinishedTrial {
  const finished = value as FinishedTrial;
  const problem = problemOf(finishedTrial, value) ?? (trial && mismatch(finished, trial));
  if (problem) throw new ParameterError(`This is not the result of the trial. ${problem}.`, { code: 'ERR_FORMAT' });
  return finished;
}

/** What `trial` cannot have given. */
function mismatch({ result }: FinishedTrial, { seed, fold, training, metrics }: Trial): string | undefined {
  const recorded = ['loss', 'dataLoss', ...metrics.map(({ type }) => type)];
  const wrong =
    result.seed !== seed ||
    result.fold?.index !== fold?.index ||
    result.fold?.of !== fold?.of ||
    result.epochs > training.epochs ||
    result.bestEpoch > result.epochs ||
    recorded.some((name) => !(name in result.test));
  return wrong ? 'It is that of another trial' : undefined;
}

function accept<T>(value: unknown, problem: string | undefined, what: string): T {
  if (!problem) return value as T;
  throw new ParameterError(
    `These are not ${what} of an experiment, or they are damaged. ${problem}. Run the experiment again.`,
    { code: 'ERR_FORMAT' },
  );
}

/** Such as `At trials[0].epochs: Invalid input: expected number, received string`. */
function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  const { error } = schema.safeParse(value, { reportInput: true });
  if (!error) return undefined;
  const [{ path, message }] = error.issues;
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${place ? `At ${place.slice(1)}: ` : ''}${message.split('\n')[0]}`;
}
