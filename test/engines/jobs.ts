// The jobs whose results must have the same bits on every engine: training with every sample of the contract tests, and a
// line for everything else that makes numbers.
import { createEngine, type Engine } from '../../src/backend/index.ts';
import {
  appendNoiseFeatures,
  type Dataset,
  KFold,
  type Matrix,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeFriedman1,
  makeFriedman2,
  makeFriedman3,
  makeMoons,
  makeMultilabelClassification,
  makeRegression,
  StratifiedKFold,
  takeRows,
  trainTestSplit,
  trainValidationTestSplit,
} from '../../src/data/index.ts';
import type { Description } from '../../src/errors/index.ts';
import { expand, presets, runTrial } from '../../src/experiment/index.ts';
import { accuracy, macroF1 } from '../../src/metrics/index.ts';
import {
  batchEnsemble,
  batchNormalization,
  binaryCrossEntropy,
  dense,
  dropout,
  glorotUniform,
  heNormal,
  l1,
  l1l2,
  l2,
  maxNorm,
  meanSquaredError,
  memberDense,
  relu,
  softmaxCrossEntropy,
  tanh,
  zeros,
} from '../../src/nn/index.ts';
import { adam, adamW, cosineDecay, rmsprop, sgd } from '../../src/optim/index.ts';
import {
  AsinhScaler,
  ColumnTransformer,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  Pipeline,
  PowerTransformer,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  SmoothClipScaler,
  StandardScaler,
} from '../../src/preprocessing/index.ts';
import { atan, cos, exp, fusedMultiplyAdd, log, RandomState, sin } from '../../src/random/index.ts';
import { earlyStopping, type FitOptions, type Sequential, sequential } from '../../src/train/index.ts';
import { conformalIntervals, conformalSets, mcDropout, temperatureScaling } from '../../src/uncertainty/index.ts';
import { allSamples } from '../contracts/samples.ts';
import { outcome, trainings as trainingsOf } from '../contracts/training.ts';
import type { Value } from './bytes.ts';

export type Job = () => Value | Promise<Value>;

// Sizes are odd on purpose: every loop over vectors has a remainder, and every epoch a last, smaller batch.
const points = new StandardScaler();
const all = makeClassification({ nSamples: 203, nFeatures: 7, nInformative: 5, nClasses: 3, randomState: 1 });
const { train, test } = trainTestSplit({ x: points.fitTransform(all.x), y: all.y }, { testSize: 50, randomState: 2 });

const optimizers: Record<string, Description<'optimizer'>> = {
  sgd: sgd({ learningRate: 0.05 }),
  momentum: sgd({ learningRate: 0.02, momentum: 0.9 }),
  nesterov: sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true }),
  adam: adam({ learningRate: 0.01 }),
  'adam with other decays': adam({ learningRate: 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }),
  adamW: adamW({ learningRate: 0.01, weightDecay: 0.1 }),
  'proximal sgd': sgd({ learningRate: 0.05, proximal: true }),
  'proximal momentum': sgd({ learningRate: 0.02, momentum: 0.9, proximal: true }),
  'proximal nesterov': sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true, proximal: true }),
  'proximal adam': adam({ learningRate: 0.01, proximal: true }),
  'proximal adamW': adamW({ learningRate: 0.01, proximal: true }),
  rmsprop: rmsprop({ learningRate: 0.01 }),
  'rmsprop with momentum': rmsprop({ learningRate: 0.003, momentum: 0.9, proximal: true }),
  'cosineDecay, weight decay': sgd({
    learningRate: cosineDecay({ initialLearningRate: 0.05, decaySteps: 12, alpha: 0.1 }),
    momentum: 0.9,
    weightDecay: 0.01,
  }),
  'clipped gradients': adam({ learningRate: 0.01, clipValue: 0.05, clipNorm: 0.3, globalClipNorm: 0.5 }),
};

const regularizers = { l1: l1(1e-2), l2: l2(1e-2), l1l2: l1l2({ l1: 3e-3, l2: 5e-3 }) };

const networks: Record<string, Description<'layer'>[]> = {
  'one dense layer': [dense(3)],
  'without bias': [dense(9, { useBias: false }), relu(), dense(3, { useBias: false })],
  'heNormal, glorotUniform': [
    dense(13, { kernelInitializer: heNormal() }),
    relu(),
    dense(3, { kernelInitializer: glorotUniform() }),
  ],
  zeros: [dense(5, { kernelInitializer: zeros() }), relu(), dense(3, { kernelInitializer: zeros() })],
  deep: [dense(33), relu(), dense(18), relu(), dense(7), relu(), dense(3)],
  'dropout 0.5': [dense(33), relu(), dropout(0.5), dense(3)],
  'tanh, dropout': [dense(33), tanh(), dropout(0.5), dense(3)],
  batchNormalization: [dense(33), batchNormalization(), relu(), dense(10), tanh(), batchNormalization(), dense(3)],
  members: [
    dense(11),
    batchEnsemble(9, { members: 3, repeats: true }),
    relu(),
    batchEnsemble(5, { members: 3 }),
    memberDense(3, { members: 3 }),
  ],
  maxNorm: [dense(33, { kernelConstraint: maxNorm(0.9) }), relu(), dense(3, { kernelConstraint: maxNorm(0.5) })],
  'dropout 0.1 of features, 0.8': [dropout(0.1), dense(33), relu(), dropout(0.8), dense(3)],
};

/** The network on which optimizers are compared: penalties, dropout, everything that they are fused with. */
function everything(): Description<'layer'>[] {
  return [
    dense(21, { kernelRegularizer: l1(1e-2) }),
    relu(),
    dropout(0.25),
    dense(10, { kernelRegularizer: l2(1e-3) }),
    relu(),
    dense(3, { kernelRegularizer: l1l2({ l1: 1e-4, l2: 1e-4 }) }),
  ];
}

interface Training extends Partial<FitOptions> {
  layers: Description<'layer'>[];
  loss?: Description<'loss'>;
  engine?: Engine;
  data?: Dataset;
  /** What is done before training. */
  prepare?: (model: Sequential<Int32Array | Matrix>) => void;
  fits?: number;
}

/** Everything that can be read off a model after training it. */
async function trained({
  layers,
  loss,
  engine,
  data = train,
  prepare,
  fits = 1,
  ...options
}: Training): Promise<Value> {
  engine ??= createEngine({ backend: 'wasm', numerics: 'reproducible' });
  const model = sequential<Int32Array | Matrix>({
    inputSize: data.x.shape[1],
    layers,
    seed: 42,
    engine,
    ...(loss && { loss }),
  });
  prepare?.(model);
  const histories: Value[] = [];
  for (let i = 0; i < fits; i++) {
    histories.push({ ...(await model.fit(data, { epochs: 3, batchSize: 32, optimizer: adam(), ...options })) });
  }
  const held = data === train ? test : data;
  const result = {
    histories,
    weights: model.getWeights(),
    evaluation: { ...model.evaluate(held, options.metrics ? { metrics: options.metrics } : {}) },
    classes: predictions(model.predict(held.x)),
    ...(loss?.type === 'meanSquaredError' ? {} : { probabilities: matrix(model.predictProbabilities(held.x)) }),
  };
  model.dispose();
  return result;
}

const matrix = ({ data, shape }: Matrix): Value => ({ data, shape });
const predictions = (y: Dataset['y']): Value => ('data' in y ? matrix(y) : y);
const dataset = ({ x, y }: Dataset): Value => ({ x: matrix(x), y: predictions(y) });

/** One job per entry of `table`. */
function each<T>(title: string, table: Record<string, T>, job: (entry: T) => Value | Promise<Value>): [string, Job][] {
  return Object.entries(table).map(([name, entry]) => [`${title}: ${name}`, () => job(entry)]);
}

/** `count` numbers from `first` on, `step` apart. */
const sweep = (first: number, step: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => first + i * step);

const generators: Record<string, () => Dataset[]> = {
  makeMoons: () => [
    makeMoons({ nSamples: 201, noise: 0.3, randomState: 42 }),
    makeMoons({ nSamples: [7, 12], shuffle: false }),
  ],
  makeCircles: () => [
    makeCircles({ nSamples: 201, noise: 0.1, factor: 0.3, randomState: 42 }),
    makeCircles({ nSamples: [9, 4], shuffle: false }),
  ],
  makeBlobs: () => [
    makeBlobs({ nSamples: 101, nFeatures: 3, centers: 4, clusterStd: [0.5, 1, 2, 3], randomState: 42 }),
    makeBlobs({
      nSamples: [5, 8],
      centers: [
        [1, 2],
        [3, 4],
      ],
      shuffle: false,
    }),
  ],
  makeClassification: () => [
    all,
    makeClassification({
      nSamples: 150,
      nFeatures: 12,
      nInformative: 4,
      nRedundant: 3,
      nRepeated: 2,
      nClustersPerClass: 3,
      weights: [0.7, 0.3],
      flipY: 0.1,
      hypercube: false,
      shift: null,
      scale: null,
      randomState: 42,
    }),
  ],
  makeMultilabelClassification: () => [makeMultilabelClassification({ nSamples: 101, randomState: 42 })],
  makeRegression: () => [makeRegression({ nSamples: 101, nFeatures: 9, nTargets: 2, noise: 3, randomState: 42 })],
  makeFriedman: () =>
    [makeFriedman1, makeFriedman2, makeFriedman3].map((make) => make({ nSamples: 101, noise: 0.5, randomState: 42 })),
};

/** Rows with holes, and a column of texts. */
const rows = Array.from({ length: 50 }, (_, i) =>
  Object.fromEntries(
    ['a', 'b', 'c', 'd', 'kind'].map((name, j) => {
      if ((i + 3 * j) % 11 === 0) return [name, null];
      return [name, name === 'kind' ? 'xyz'[(i * i) % 3] : Math.abs(train.x.data[i * 7 + j]) + 0.1];
    }),
  ),
);

const preparations: Record<string, () => Value> = {
  transformers: () => {
    const filled = new SimpleImputer({ strategy: 'median', addIndicator: true });
    const robust = new Pipeline({
      steps: [
        ['fill', filled],
        ['scale', new RobustScaler()],
      ],
    });
    const quantiles = new QuantileTransformer({ nQuantiles: 20, outputDistribution: 'normal', randomState: 0 });
    const parts = [
      [robust, ['a', 'b']],
      [quantiles, ['c']],
      [new SmoothClipScaler(), ['b']],
      [new AsinhScaler(), ['b']],
      [new PowerTransformer({ method: 'yeo-johnson' }), ['d']],
      [new PowerTransformer({ method: 'box-cox' }), ['a']],
      [new OneHotEncoder({ handleUnknown: 'ignore' }), ['kind']],
      [new OrdinalEncoder(), ['kind']],
    ] as const;
    return parts.map(([transformer, columns]) => {
      const x = new ColumnTransformer({ transformers: [['part', transformer, columns]] }).fitTransform(rows);
      // A missing value has no bits of its own.
      return [x.data.map((value) => (Number.isNaN(value) ? -1 : value)), ...x.shape];
    });
  },
  StandardScaler: () => [points.mean, points.scale, matrix(points.inverseTransform(train.x))],
  MinMaxScaler: () => {
    const scaler = new MinMaxScaler({ featureRange: [-1, 2], clip: true }).fit(train.x);
    return [scaler.scale, scaler.min, matrix(scaler.transform(test.x)), matrix(scaler.inverseTransform(train.x))];
  },
  trainTestSplit: () =>
    [{ testSize: 0.3, stratify: true }, { trainSize: 11, testSize: 13 }, { shuffle: false }].map((options) => {
      const split = trainTestSplit(all, { randomState: 7, ...options });
      return [split.trainIndices, split.testIndices, dataset(split.train)];
    }),
  trainValidationTestSplit: () => {
    const parts = trainValidationTestSplit(all, { randomState: 4 });
    return [dataset(parts.train), dataset(parts.validation), dataset(parts.test)];
  },
  KFold: () => new KFold({ nSplits: 4, shuffle: true, randomState: 3 }).split(all).map((fold) => ({ ...fold })),
  StratifiedKFold: () =>
    new StratifiedKFold({ nSplits: 4, shuffle: true, randomState: 3 }).split(all).map((fold) => ({ ...fold })),
  appendNoiseFeatures: () => dataset(appendNoiseFeatures(takeRows(all, [5, 1, 8]), { count: 6, randomState: 4 })),
  RandomState: () =>
    [new RandomState(0), new RandomState([1, 2, 3])].map((random) => [
      random.randomSample(101),
      random.randn(1001),
      random.normal(3, 0.5, 11),
      random.uniform(-1, 4, 101),
      random.randint(-5, 100, 101),
      random.permutation(57),
      random.binomial(10, 0.3, 101),
      random.binomial(1000, 0.4, 101),
      random.poisson(3, 101),
      random.poisson(40, 101),
      random.getState() as unknown as Value,
    ]),
  'elementary functions': () => [
    sweep(-745, 0.37, 4000).map(exp),
    sweep(1e-3, 0.0173, 4000).map(log),
    sweep(-700, 0.35, 4000).map((x) => log(exp(x))),
    sweep(-8, 0.004, 4000).map(sin),
    sweep(-8, 0.004, 4000).map(cos),
    sweep(-8, 0.004, 4000).map(atan),
    sweep(-3, 0.0017, 4000).map((x) => fusedMultiplyAdd(x, x, -1)),
  ],
};

const trainings: Record<string, () => Training> = {
  'batches of 1': () => ({ layers: everything(), epochs: 1, batchSize: 1 }),
  'one batch': () => ({ layers: everything(), batchSize: 1000 }),
  'no shuffling, no validation data': () => ({ layers: everything(), shuffle: false }),
  'two fits': () => ({ layers: everything(), fits: 2 }),
  'early stopping': () => ({
    layers: [dense(40), relu(), dense(3)],
    epochs: 60,
    optimizer: adam({ learningRate: 0.05 }),
    validationData: test,
    callbacks: [earlyStopping({ patience: 3 })],
  }),
  'early stopping, last weights': () => ({
    layers: [dense(40), relu(), dense(3)],
    epochs: 60,
    optimizer: adam({ learningRate: 0.05 }),
    validationData: test,
    callbacks: [earlyStopping({ patience: 3, minDelta: 0.01, monitor: 'valAccuracy', restoreBestWeights: false })],
  }),
  // Larger than every block of the matrix product.
  'wide layers': () => ({
    layers: [dense(530), relu(), dropout(0.5), dense(270), relu(), dense(5)],
    epochs: 1,
    data: makeClassification({ nSamples: 200, nFeatures: 299, nInformative: 9, nClasses: 5, randomState: 5 }),
    batchSize: 110,
  }),
  'float32 data': () => ({
    layers: everything(),
    data: { x: { data: Float32Array.from(train.x.data), shape: train.x.shape }, y: train.y },
  }),
  'logits of thousands': () => ({
    layers: everything(),
    optimizer: sgd({ learningRate: 1e-6 }),
    prepare: scaleBy(20),
  }),
  'subnormal weights': () => ({
    layers: everything(),
    optimizer: sgd({ learningRate: 1e-38 }),
    prepare: scaleBy(1e-39),
  }),
  'metrics of classes': () => ({
    layers: everything(),
    loss: softmaxCrossEntropy(),
    validationData: test,
    metrics: [accuracy(), macroF1()],
  }),
  binaryCrossEntropy: () => ({
    layers: [dense(21), relu(), dense(1)],
    loss: binaryCrossEntropy(),
    data: { x: train.x, y: train.y.map((label) => (label === 1 ? 1 : 0)) },
    metrics: [accuracy(), macroF1()],
  }),
  'binaryCrossEntropy of labels': () => ({
    layers: [dense(21), tanh(), dense(4)],
    loss: binaryCrossEntropy(),
    data: { x: train.x, y: targets(4, (value) => (value > 0.3 ? 1 : 0)) },
    metrics: [accuracy(), macroF1()],
  }),
  meanSquaredError: () => ({
    layers: [dense(21), tanh(), batchNormalization(), dense(3)],
    loss: meanSquaredError(),
    data: { x: train.x, y: targets(3, (value) => 2 * value - 1) },
  }),
  'backend js, other kinds': () => ({
    layers: [dense(21), tanh(), batchNormalization(), dropout(0.2), dense(3)],
    loss: meanSquaredError(),
    optimizer: rmsprop({ learningRate: 0.01, momentum: 0.5, clipNorm: 1 }),
    data: { x: train.x, y: targets(3, (value) => 2 * value - 1) },
    engine: createEngine({ backend: 'js' }),
  }),
  'backend js': () => ({ layers: everything(), engine: createEngine({ backend: 'js' }) }),
};

/** Targets for the training rows, made of their features. */
function targets(columns: number, make: (value: number) => number): Matrix {
  const [rows, features] = train.x.shape;
  const data = Float64Array.from({ length: rows * columns }, (_, i) =>
    make(train.x.data[Math.floor(i / columns) * features + (i % columns)]),
  );
  return { data, shape: [rows, columns] };
}

function scaleBy(factor: number) {
  return (model: Sequential<Int32Array | Matrix>) =>
    model.setWeights(model.getWeights().map(({ shape, data }) => ({ shape, data: data.map((w) => w * factor) })));
}

/** Training with each kind of the catalog, as in the contract tests. */
const kinds = Object.fromEntries(
  allSamples.map(({ kind, title, description }) => [
    `${kind} ${title}`,
    async () => {
      const engine = createEngine({ backend: 'wasm', numerics: 'reproducible' });
      const results: Value[] = [];
      for (const training of trainingsOf(kind, description)) {
        const { predictions: y, ...rest } = await outcome(training, engine);
        results.push({ ...rest, predictions: predictions(y) } as unknown as Value);
      }
      return results;
    },
  ]),
);

/** What says how sure a small network is, on the data that it has learned. */
const uncertainties: Record<string, (model: Sequential, data: ReturnType<typeof makeMoons>) => Value> = {
  mcDropout: (model, { x }) => mcDropout(model, x, { samples: 5 }) as unknown as Value,
  temperatureScaling: (model, data) => temperatureScaling(model, data).temperature,
  conformalSets: (model, data) => conformalSets(model, data, { score: 'aps' }).predict(data.x),
  conformalIntervals(_, data) {
    const regressor = sequential({ inputSize: 2, layers: [dense(1)], loss: meanSquaredError() });
    return conformalIntervals(regressor, { x: data.x, y: Float64Array.from(data.y) }).margin;
  },
};

/** Without the tours, whose methods are kinds with jobs of their own. */
const shortPresets = Object.fromEntries(Object.entries(presets).filter(([name]) => !name.includes('tour')));

/** Every job by name, in the order in which they are hashed. */
export const jobs: ReadonlyMap<string, Job> = new Map([
  ...each('data', generators, (make) => make().map(dataset)),
  ...each('data', preparations, (make) => make()),
  ...each('network', networks, (layers) => trained({ layers, validationData: test })),
  ...each('optimizer', optimizers, (optimizer) => trained({ layers: everything(), optimizer })),
  ...each('regularizer', regularizers, (kernelRegularizer) =>
    trained({ layers: [dense(21, { kernelRegularizer }), relu(), dense(3, { kernelRegularizer })] }),
  ),
  ...each('uncertainty', uncertainties, async (run) => {
    const model = sequential({ inputSize: 2, seed: 3, layers: [dense(16), relu(), dropout(0.3), dense(2)] });
    const data = makeMoons({ nSamples: 80, noise: 0.3 });
    await model.fit(data, { epochs: 4 });
    return run(model, data);
  }),
  ...each('training', trainings, (training) => trained(training())),
  ...each('kind', kinds, (run) => run()),
  ...each('preset', shortPresets, async (preset) => {
    const trials = expand({ ...preset, training: { ...preset.training, epochs: 3 } });
    const results: Value[] = [];
    for (const trial of trials) results.push((await runTrial(trial)) as unknown as Value);
    return results;
  }),
]);
