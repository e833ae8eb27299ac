// Every public function, class and method is called with wrong arguments: each argument, and each value inside one, in turn
// becomes something else. What comes out is a result or an error of ours. A new export without a valid call fails here.
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { queueRunner } from '../src/cluster/index.ts';
import * as datasets from '../src/datasets/index.ts';
import { type AnyFactory, RegulusError } from '../src/errors/index.ts';
import * as regulus from '../src/index.ts';
import * as metrics from '../src/metrics/entry.ts';
import * as files from '../src/model/index.ts';
import * as report from '../src/report/node.ts';
import * as experiment from '../src/runner/experiment.ts';
import { loadCore } from '../src/slim.ts';
import * as tables from '../src/tables/index.ts';
import * as tracking from '../src/tracking/index.ts';
import * as uncertainty from '../src/uncertainty/index.ts';

const { dense, sequential, makeMoons, RandomState, StandardScaler, number } = regulus;

/** What callers give by mistake. */
function inItself<T extends object>(value: T): T {
  return Object.assign(value, { 0: value });
}
function nested(depth: number, around: (inner: unknown) => unknown): unknown {
  return depth === 0 ? 0 : around(nested(depth - 1, around));
}

const wrong: unknown[] = [
  ...[undefined, null, true, NaN, -1, 0, 1.5, 7, 2 ** 53, Infinity, '', 'constructor', '\u0000', Symbol('s'), 1n],
  ...[[], [undefined], [[]], new Array(3), ['a', 1, null], {}, Object.create(null), { length: 3 }, { length: -1 }],
  ...[new Set([1]), new Map(), new Date(NaN), /x/, new Error('x'), Promise.resolve(1), new ArrayBuffer(8)],
  ...[BigInt64Array.of(1n), new DataView(new ArrayBuffer(8)), Uint8Array.of(300), Float64Array.of(NaN, 1)],
  ...[() => undefined, { type: 'dense' }, { type: 'toString' }, { type: 1 }, { aborted: false }],
  ...[
    { data: null, shape: null },
    { data: Float64Array.of(1), shape: [1, 2] },
    { data: [1], shape: [1, 1] },
  ],
  ...[
    { data: new Float64Array(0), shape: [0, 0] },
    { data: Float32Array.of(1, 2), shape: [-1, -2] },
  ],
  // In itself, and 5,000 levels deep.
  ...[inItself([]), inItself({}), inItself({ type: 'dense' }), nested(5000, (inner) => [inner])],
  nested(5000, (a) => ({ a })),
  ...[{ x: null, y: null }, runInNewContext('Float64Array.of(1, 2)'), runInNewContext('({ a: [1] })')],
];
/** Documents are replaced as a whole: what is inside them is for validateSpec and validateResults to check. */
const documents = new WeakSet<object>();
function whole<T extends object>(document: T): T {
  documents.add(document);
  return document;
}

const data = () => makeMoons({ nSamples: 20, randomState: 1 });
const matrix = () => data().x;
const spec = () => {
  const { moons } = experiment.presets;
  return whole({
    ...moons,
    dataset: { generator: 'makeMoons', parameters: { nSamples: 40 } },
    training: { ...moons.training, epochs: 1 },
    variants: moons.variants.slice(0, 2),
    seeds: [1],
  });
};
const { results, figures } = await experiment.runExperiment(spec() as never);
const [figure] = report.buildFigures(results, figures);
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>';
const trial = () => whole(experiment.expand(spec() as never)[0]);
const description = { type: 'own', options: {} };
const build = () => ({});

/** Valid arguments of what cannot be called without. */
const calls: Record<string, () => unknown[]> = {
  createEngine: () => [{ backend: 'js' }],
  appendNoiseFeatures: () => [data(), { count: 1, randomState: 1 }],
  takeRows: () => [data(), [0, 1]],
  trainTestSplit: () => [data(), { testSize: 0.5, randomState: 1, stratify: true, shuffle: true }],
  trainValidationTestSplit: () => [
    data(),
    { testSize: 2, validationSize: 2, randomState: 1, stratify: false, shuffle: true },
  ],
  crossValidate: () => [{ inputSize: 2, layers: [dense(2)] }, data(), { nSplits: 2, randomState: 1 }],
  KFold: () => [{ nSplits: 2, shuffle: true, randomState: 1 }],
  StratifiedKFold: () => [{ nSplits: 2, shuffle: true, randomState: 1 }],
  RandomState: () => [1],
  StandardScaler: () => [{}],
  MinMaxScaler: () => [{ featureRange: [0, 1] }],
  number: () => ['[0, 1]', { default: 0 }],
  integer: () => [0, { max: 3 }],
  boolean: () => [{ default: true }],
  text: () => [{ default: 'x' }],
  vector: () => ['[0, 1]', {}],
  anyOf: () => [[number('[0, 1]')], { default: 0 }],
  list: () => [number('[0, 1]'), { minLength: 1 }],
  pair: () => [number('[0, 1]'), {}],
  oneOf: () => [['a', 'b'], { default: 'a' }],
  kind: () => ['layer', {}],
  instance: () => [RandomState, 'RandomState'],
  extendCatalog: () => [regulus.catalog, [dense]],
  sequential: () => [
    {
      inputSize: 2,
      layers: [dense(3, { kernelRegularizer: regulus.l2(0.1) }), dense(2)],
      seed: 1,
      loss: 'softmaxCrossEntropy',
    },
  ],
  defineLayer: () => [{ ...description, build }],
  defineLoss: () => [{ ...description, targets: 'values', build, outputs: () => 1 }],
  defineMetric: () => [{ ...description, build }],
  defineRegularizer: () => [{ ...description, build }],
  defineConstraint: () => [{ ...description, build }],
  defineInitializer: () => [{ ...description, fill: build }],
  defineOptimizer: () => [{ ...description, build }],
  defineSchedule: () => [{ ...description, rate: () => 1 }],
  defineCallback: () => [{ ...description, start: build }],
  defineTransformer: () => [{ ...description, state: {}, fit: build, transform: (x: unknown) => x }],
  defineGenerator: () => [{ ...description, generate: data }],
  layerFromJson: () => [{ type: 'dense', units: 2, kernelInitializer: { type: 'zeros' } }, regulus.catalog],
  lossFromJson: () => [{ type: 'meanSquaredError' }, regulus.catalog],
  metricFromJson: () => [{ type: 'accuracy' }, regulus.catalog],
  optimizerFromJson: () => [{ type: 'sgd', learningRate: 0.1 }, regulus.catalog],
  scheduleFromJson: () => [{ type: 'cosineDecay', initialLearningRate: 0.1, decaySteps: 10 }, regulus.catalog],
  regularizerFromJson: () => [{ type: 'l2', l2: 0.1 }, regulus.catalog],
  constraintFromJson: () => [{ type: 'maxNorm', maxValue: 1 }, regulus.catalog],
  initializerFromJson: () => [{ type: 'zeros' }, regulus.catalog],
  callbackFromJson: () => [{ type: 'earlyStopping' }, regulus.catalog],
  loadCore: () => [{ simd: new Uint8Array(8), relaxed: new Uint8Array(8) }],
  parseNpy: () => [new Uint8Array(128)],
  parseNpz: () => [new Uint8Array(128)],
  parseCsv: () => ['a,b\n1,2\n3,4\n', { target: -1, header: true, delimiter: ',', classNames: ['2', '4'] }],
  toDataset: () => [
    { data: Float64Array.of(1, 2), shape: [2, 1] },
    { data: Int32Array.of(0, 1), shape: [2] },
    { targets: 'classes' },
  ],
  runExperiment: () => [spec(), { workers: 1, signal: new AbortController().signal, onEvent: () => {} }],
  TrialFolder: () => [],
  trainOn: () => [() => data(), trial(), {}],
  withDefaults: () => [dense(2)],
  canonicalJson: () => [{ a: [1] }],
  compareResults: () => [whole(results), whole(results)],
  dataFiles: () => [{ csv: 'a.csv' }],
  pinFiles: () => [whole({ dataset: { csv: 'a.csv' } }), () => Uint8Array.of(1)],
  learningCurve: () => [whole(results), 'Baseline'],
  loadDataset: () => [{ builtin: 'wine' }, { targets: 'classes' }],
  countTrials: () => [spec()],
  expand: () => [spec(), { numerics: 'fast' }],
  seedList: () => [{ count: 2 }],
  settingsAt: () => [spec(), 'Baseline', undefined],
  trialIdentity: () => [trial()],
  trials: () => [spec(), { numerics: 'fast' }],
  prepareData: () => [spec(), () => Uint8Array.of(1)],
  checkRunOptions: () => [{ workers: 1 }],
  partialOutcome: () => [new Error('x')],
  runTrial: () => [trial(), { signal: new AbortController().signal }],
  isChosen: () => [[], 'Baseline', {}],
  isSameTrial: () => [trial(), trial()],
  summarize: () => [spec(), whole(results.engine), whole(results.trials), regulus.catalog],
  decidingMetric: () => [spec(), regulus.catalog],
  lossOf: () => [spec().training, regulus.catalog],
  shortPath: () => ['network.l2'],
  trialName: () => [trial()],
  validateFigureData: () => [whole(figures)],
  validateResults: () => [whole(results)],
  defineExperiment: () => [spec()],
  validateSpec: () => [spec(), { catalog: regulus.catalog }],
  renderPng: () => [svg, { width: 10 }],
  buildFigures: () => [whole(results), whole(figures)],
  buildReport: () => [whole(results), [{ figure, svg }]],
  buildComparison: () => [whole(results), whole(results)],
  describeComparison: () => [whole(results), whole(results)],
  describeResults: () => [whole(results)],
  renderSvg: () => [
    { ...figure, spec: { $schema: (figure.spec as { $schema: string }).$schema, mark: 'bar', data: { values: [] } } },
  ],
  historyCsv: () => [whole(results)],
  eventFile: () => [whole(results.trials[0])],
  parseTable: () => [
    'a,b\n1,x\n2,y\n',
    { columns: { a: 'number' }, missingValues: ['?'], delimiter: ',', header: true },
  ],
  describeTable: () => [tables.parseTable('a,b\n1,x\n')],
  fitTable: () => [rows(), { target: 'y', effort: 'quick', columns: { a: 'number' }, ...quick }],
  predictorFromJson: () => [predictor.toJSON(), predictor.model],
  transformerFromJson: () => [new StandardScaler().fit(matrix()).toJSON()],
  Pipeline: () => [{ steps: [['scale', new StandardScaler()]] }],
  ColumnTransformer: () => [{ transformers: [['scale', new StandardScaler(), [0]]] }],
  presetLayers: () => ['mlp', { hiddenUnits: [4], dropout: 0.1 }],
  splitTarget: () => [tables.parseTable('a,b\n1,x\n2,y\n'), 'b', 'classification'],
  saveModel: () => [model(), { classNames: ['a', 'b'], featureNames: ['x', 'y'], origin: { data: 'moons' } }],
  loadModel: () => [files.saveModel(model()), { catalog: regulus.catalog }],
  loadOptimizerState: () => [files.saveModel(model())],
  modelInfo: () => [model()],
  ensemble: () => [
    [model(), model()],
    {
      weights: [1, 2],
      features: [
        [0, 2],
        [0, 2],
      ],
    },
  ],
  exportCode: () => [model()],
  exportOnnx: () => [model()],
  exportTensorflow: () => [model()],
  importTensorflow: () => [files.exportTensorflow(model()), { loss: regulus.softmaxCrossEntropy() }],
  mcDropout: () => [dropped(), matrix(), { samples: 2, seed: 1 }],
  temperatureScaling: () => [model(), data()],
  conformalIntervals: () => [real(), { x: matrix(), y: new Float64Array(20) }, { level: 0.9 }],
  conformalSets: () => [model(), data(), { level: 0.9 }],
};
for (const name of Object.keys(metrics).filter((name) => name !== 'metrics')) {
  const [labels, shares] = [
    [0, 1, 1, 0],
    [0.1, 0.8, 0.3, 0.4],
  ];
  const probabilities = { data: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.6, 0.4), shape: [4, 2] };
  calls[name] = () => [
    labels,
    /topK|logLoss|expected/.test(name) ? probabilities : /Curve|rocAuc|average|brier/i.test(name) ? shares : labels,
    { sampleWeight: [1, 2, 3, 4] },
  ];
}

// Whoever asks for 2⁵³ epochs gets them.
const quick = { training: whole({ epochs: 1 }), network: { hiddenUnits: [2] } };
const rows = () => Array.from({ length: 20 }, (_, i) => ({ a: i, c: i % 3 ? 'u' : 'v', y: i % 2 ? 'x' : 'z' }));
const predictor = await tables.fitTable(rows(), { target: 'y', effort: 'quick', ...quick });
const model = () => sequential({ inputSize: 2, layers: [dense(3), dense(2)], seed: 1 });
const dropped = () => sequential({ inputSize: 2, layers: [dense(3), regulus.dropout(0.5), dense(2)], seed: 1 });
const real = () => sequential({ inputSize: 2, layers: [dense(1)], loss: regulus.meanSquaredError() });
const fitOptions = () => ({
  epochs: 1,
  batchSize: 8,
  optimizer: regulus.adam(),
  validationData: data(),
  metrics: [regulus.accuracy()],
  callbacks: [regulus.earlyStopping(), { onEpochEnd: () => {} }],
  signal: new AbortController().signal,
  shuffle: true,
});
/** Methods of what the calls above return. */
const methods: Record<string, { of: () => object; args: () => unknown[] }> = {
  'Sequential fit': { of: model, args: () => [data(), fitOptions()] },
  'Sequential evaluate': { of: model, args: () => [data(), { metrics: [regulus.accuracy()], batchSize: 4 }] },
  'Sequential predict': { of: model, args: () => [matrix(), { batchSize: 4 }] },
  'Sequential predictProbabilities': { of: model, args: () => [matrix(), { batchSize: 4 }] },
  'Sequential setWeights': { of: model, args: () => [model().getWeights()] },
  'StandardScaler fit': { of: () => new StandardScaler(), args: () => [matrix()] },
  'StandardScaler fitTransform': { of: () => new StandardScaler(), args: () => [matrix()] },
  'StandardScaler transform': { of: () => new StandardScaler().fit(matrix()), args: () => [matrix()] },
  'StandardScaler inverseTransform': { of: () => new StandardScaler().fit(matrix()), args: () => [matrix()] },
  'TablePredictor predict': { of: () => predictor, args: () => [rows()] },
  'TablePredictor predictProbabilities': { of: () => predictor, args: () => [rows()] },
  'TablePredictor transform': { of: () => predictor, args: () => [rows()] },
  'TablePredictor toDataset': { of: () => predictor, args: () => [rows()] },
  'TablePredictor evaluate': { of: () => predictor, args: () => [rows(), { metrics: [regulus.accuracy()] }] },
  'TablePredictor predictStream': {
    of: () => ({
      predictStream: async (pieces: never) => {
        for await (const _ of predictor.predictStream(pieces));
      },
    }),
    args: () => [['a,c\n1,u\n']],
  },
  'KFold split': { of: () => new regulus.KFold({ nSplits: 2 }), args: () => [data()] },
  'StratifiedKFold split': { of: () => new regulus.StratifiedKFold({ nSplits: 2 }), args: () => [data()] },
};
for (const name of Object.getOwnPropertyNames(RandomState.prototype)) {
  if (name === 'constructor' || typeof (RandomState.prototype as never)[name] !== 'function') continue;
  methods[`RandomState ${name}`] = { of: () => new RandomState(1), args: () => [1, 2, 3] };
}

type Path = (string | number)[];
/** The places in `value` to change: of lists the first item and one too many, three levels deep. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (path.length > 4 || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [path];
  if (documents.has(value)) return [path];
  const keys = Array.isArray(value) ? [0] : Object.keys(value);
  const isPlain = [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));
  if (!isPlain) return [path];
  return [path, ...keys.flatMap((key) => placesIn((value as never)[key], [...path, key]))];
}

/** A copy of `value` with `changed` at `path`; what is not on the way is the same. */
function changedAt(value: unknown, [key, ...rest]: Path, changed: unknown): unknown {
  if (key === undefined) return changed;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) };
  copy[key] = changedAt(copy[key], rest, changed);
  return copy;
}

async function problemOf(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof RegulusError))
      return error instanceof Error
        ? `${error.name}: ${error.message.slice(0, 80)} ${error.stack?.split('\n').filter((l) => l.includes('/src/'))[0]}`
        : String(error);
  }
  return undefined;
}

async function check(args: () => unknown[], call: (args: unknown[]) => unknown): Promise<void> {
  const foreign: Record<string, string> = {};
  const places = args().flatMap((value, i) => placesIn(value, [i]));
  for (const path of [...places, [args().length]]) {
    for (const value of wrong) {
      const problem = await problemOf(() => call(changedAt(args(), path, value) as unknown[]));
      if (problem)
        foreign[`${path.join('.')}`] ??= `${typeof value} ${Object.prototype.toString.call(value)}: ${problem}`;
    }
  }
  expect(foreign).toEqual({});
}

const entries: Record<string, unknown> = {
  ...regulus,
  loadCore,
  ...datasets,
  ...experiment,
  ...report,
  ...tracking,
  ...metrics,
  ...files,
  ...tables,
  ...uncertainty,
  queueRunner,
};
/** Exported for other modules, and `@hidden` for users: their callers check. */
const hidden = [
  'formatError',
  'trialKey',
  'CsvReader',
  'CsvRows',
  'decodePieces',
  'numberOf',
  'checkResults',
  'fitTableWith',
  'usableColumns',
  'trainMember',
  'FittedTable',
  'TablePredictor',
  'lastLayer',
  'calibrated',
  'likelyDelimiter',
  'canScaleTargets',
  'scaled',
  'scalingOf',
  'inTargetUnit',
  'bestTemperature',
  'normalQuantile',
  'quantileRank',
  'oneHotColumns',
  'partsOf',
  'pooledTemperature',
];
const functions = Object.entries(entries).filter(
  ([name, value]) => typeof value === 'function' && !hidden.includes(name),
) as [string, AnyFactory][];

describe('wrong arguments give errors of ours', { timeout: 300_000 }, () => {
  test.each(functions)('%s', async (name, value) => {
    if (value.prototype instanceof Error) return;
    const { definition } = value;
    const valid =
      calls[name] ??
      (() => [Object.fromEntries(Object.keys(definition?.options ?? {}).map((key) => [key, undefined]))]);
    const isClass = /^class\b/.test(String(value)) || name.endsWith('Scaler');
    await check(valid, (args) => (isClass ? Reflect.construct(value, args) : value(...args)));
  });

  test.each(Object.entries(methods))('%s', async (name, { of, args }) => {
    await check(args, (given) =>
      (of() as Record<string, (...args: unknown[]) => unknown>)[name.split(' ')[1]](...given),
    );
  });
});
