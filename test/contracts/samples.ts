// Options of every kind to test it with. Between them, the samples of a type give each of its options a value.
import type { Kind as AnyKind, Description } from '../../src/errors/index.ts';
import { metrics } from '../../src/metrics/entry.ts';
import { accuracy, macroF1 } from '../../src/metrics/index.ts';
import {
  alphaDropout,
  batchEnsemble,
  batchNormalization,
  binaryCrossEntropy,
  constant,
  dense,
  dropout,
  elu,
  featureScale,
  gaussianDropout,
  gaussianNll,
  gaussianNoise,
  gelu,
  glorotNormal,
  glorotUniform,
  groupLasso,
  heNormal,
  heUniform,
  huber,
  l1,
  l1l2,
  l2,
  layerNormalization,
  leakyRelu,
  lecunNormal,
  lecunUniform,
  maxNorm,
  meanAbsoluteError,
  meanSquaredError,
  memberDense,
  mish,
  nonNegative,
  orthogonal,
  orthogonalRegularizer,
  periodicEmbedding,
  poisson,
  quantile,
  randomUniform,
  relu,
  residual,
  selu,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  softplus,
  tanh,
  truncatedNormal,
  unitNorm,
  zeros,
} from '../../src/nn/index.ts';
import {
  adagrad,
  adam,
  adamW,
  cosineCycles,
  cosineDecay,
  cosineRestarts,
  exponentialDecay,
  flatCosine,
  lion,
  nadam,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  rmsprop,
  sam,
  sgd,
} from '../../src/optim/index.ts';
import {
  adversarial,
  cutmix,
  cutout,
  earlyStopping,
  inputNoise,
  mixup,
  reduceLROnPlateau,
  snapshotEnsemble,
  swa,
} from '../../src/train/index.ts';

/** Samples by type, for one kind. */
/** Transformers are in no catalog; they have tests of their own. */
export type Kind = Exclude<AnyKind, 'transformer'>;

type Samples<K extends Kind> = Record<string, readonly Description<K>[]>;

const schedule = cosineDecay({ initialLearningRate: 0.02, decaySteps: 6, alpha: 0.1 });

export const samples: { readonly [K in Kind]: Samples<K> } = {
  layer: {
    dense: [
      dense(5),
      dense(3, { useBias: false, kernelInitializer: glorotUniform(), kernelConstraint: maxNorm(0.5) }),
      dense(4, { kernelRegularizer: l1l2({ l1: 1e-3, l2: 2e-3 }), biasRegularizer: l2(1e-3) }),
      dense(6, { dropConnect: 0.3, parametrization: 'ntk', biasLearningRateFactor: 0.5 }),
      dense(5, { activation: 'tanh' }),
      dense(4, { trainable: false, kernelRegularizer: l2(1e-3) }),
    ],
    dropout: [dropout(0), dropout(0.4), dropout(cosineDecay({ initialLearningRate: 0.5, decaySteps: 6, alpha: 0.1 }))],
    alphaDropout: [alphaDropout(0), alphaDropout(0.4)],
    gaussianNoise: [gaussianNoise(0), gaussianNoise(0.3)],
    gaussianDropout: [gaussianDropout(0), gaussianDropout(0.2)],
    batchNormalization: [
      batchNormalization(),
      batchNormalization({ momentum: 0.6, epsilon: 0.02 }),
      batchNormalization({ trainable: false }),
      batchNormalization({ center: false }),
      batchNormalization({ scale: false }),
    ],
    layerNormalization: [
      layerNormalization(),
      layerNormalization({ epsilon: 0.1 }),
      layerNormalization({ trainable: false }),
      layerNormalization({ center: false }),
      layerNormalization({ scale: false }),
    ],
    residual: [
      residual([relu(), dense(5, { kernelRegularizer: l2(1e-2) }), residual([dropout(0.3)]), dense(4)], {
        projection: true,
      }),
      // Left out in the step of the contract tests, and taken.
      residual([batchNormalization()], { survivalProbability: 0.2 }),
      residual([batchNormalization(), tanh()], { survivalProbability: 0.9 }),
    ],
    featureScale: [featureScale(), featureScale({ learningRateFactor: 6 })],
    periodicEmbedding: [
      periodicEmbedding(),
      periodicEmbedding({
        features: 1,
        terms: 5,
        outputs: 3,
        stddev: 0.3,
        learningRateFactor: 0.5,
        biasLearningRateFactor: 0.1,
      }),
    ],
    // Members that any number of inputs can be divided into; more are in test/nn/members.test.ts.
    batchEnsemble: [
      batchEnsemble({ units: 3, members: 1, kernelInitializer: glorotUniform() }),
      batchEnsemble({ units: 3, members: 2, repeats: true }),
    ],
    memberDense: [memberDense({ units: 4, members: 1, kernelInitializer: glorotUniform() })],
    relu: [relu()],
    tanh: [tanh()],
    leakyRelu: [leakyRelu(), leakyRelu(0.2)],
    elu: [elu(), elu(0.5)],
    selu: [selu()],
    gelu: [gelu()],
    silu: [silu()],
    mish: [mish()],
    sigmoid: [sigmoid()],
    softplus: [softplus()],
  },
  loss: {
    softmaxCrossEntropy: [softmaxCrossEntropy(), softmaxCrossEntropy({ labelSmoothing: 0.2 })],
    binaryCrossEntropy: [binaryCrossEntropy(), binaryCrossEntropy({ labelSmoothing: 0.1 })],
    meanSquaredError: [meanSquaredError()],
    meanAbsoluteError: [meanAbsoluteError()],
    huber: [huber(), huber({ delta: 0.3 })],
    quantile: [quantile(), quantile({ quantiles: [0.25, 0.8] })],
    poisson: [poisson()],
    gaussianNll: [gaussianNll()],
  },
  metric: {
    accuracy: [accuracy()],
    balancedAccuracy: [metrics.balancedAccuracy()],
    topKAccuracy: [metrics.topKAccuracy(), metrics.topKAccuracy(1)],
    precision: [metrics.precision(), metrics.precision({ average: 'macro' }), metrics.precision({ posLabel: 0 })],
    recall: [metrics.recall(), metrics.recall({ average: 'micro' }), metrics.recall({ posLabel: 0 })],
    f1: [metrics.f1(), metrics.f1({ average: 'weighted' }), metrics.f1({ posLabel: 0 })],
    fbeta: [metrics.fbeta(2), metrics.fbeta(0.5, { average: 'macro' }), metrics.fbeta({ beta: 1, posLabel: 0 })],
    macroF1: [macroF1()],
    matthewsCorrcoef: [metrics.matthewsCorrcoef()],
    cohenKappa: [metrics.cohenKappa(), metrics.cohenKappa({ weights: 'quadratic' })],
    rocAuc: [metrics.rocAuc(), metrics.rocAuc({ multiClass: 'ovo', average: 'weighted' })],
    averagePrecision: [metrics.averagePrecision(), metrics.averagePrecision({ average: 'micro' })],
    brierScore: [metrics.brierScore()],
    logLoss: [metrics.logLoss()],
    expectedCalibrationError: [metrics.expectedCalibrationError(), metrics.expectedCalibrationError({ nBins: 4 })],
    r2: [metrics.r2()],
    explainedVariance: [metrics.explainedVariance()],
    meanSquaredError: [metrics.meanSquaredError()],
    rootMeanSquaredError: [metrics.rootMeanSquaredError()],
    meanAbsoluteError: [metrics.meanAbsoluteError()],
    medianAbsoluteError: [metrics.medianAbsoluteError()],
    meanPinballLoss: [metrics.meanPinballLoss(), metrics.meanPinballLoss(0.9)],
  },
  regularizer: {
    l1: [l1(0.01)],
    l2: [l2(0.02)],
    l1l2: [l1l2({ l1: 0.01, l2: 0.02 })],
    groupLasso: [groupLasso(0.03)],
    orthogonalRegularizer: [orthogonalRegularizer(), orthogonalRegularizer({ factor: 0.3, mode: 'columns' })],
  },
  constraint: { maxNorm: [maxNorm(), maxNorm(0.7)], unitNorm: [unitNorm()], nonNegative: [nonNegative()] },
  initializer: {
    heNormal: [heNormal()],
    heUniform: [heUniform()],
    glorotNormal: [glorotNormal()],
    glorotUniform: [glorotUniform()],
    lecunNormal: [lecunNormal()],
    lecunUniform: [lecunUniform()],
    orthogonal: [orthogonal({ gain: 1.5 })],
    truncatedNormal: [truncatedNormal({ mean: 0.3, stddev: 0.2 })],
    randomUniform: [randomUniform({ minval: -0.1, maxval: 0.7 })],
    zeros: [zeros()],
    constant: [constant(0.3)],
  },
  optimizer: {
    sgd: [
      sgd(),
      sgd({ learningRate: 0.1, momentum: 0.9 }),
      sgd({ momentum: 0.8, nesterov: true, weightDecay: 0.1, clipNorm: 0.3, ema: 0.9 }),
      sgd({ learningRate: schedule, weightDecay: schedule, proximal: true, globalClipNorm: 0.4 }),
      sgd({ learningRate: 0.1, momentum: 0.5, proximal: true, clipValue: 0.05 }),
    ],
    adam: [
      adam(),
      adam({ learningRate: schedule, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.05 }),
      adam({ learningRate: 0.01, proximal: true, clipValue: 0.1 }),
      adam({ clipNorm: 0.5, globalClipNorm: 0.3, ema: 0.8 }),
    ],
    adamW: [
      adamW(),
      adamW({ learningRate: schedule, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.3, proximal: true }),
      adamW({ weightDecay: schedule, clipValue: 0.1, clipNorm: 0.3, globalClipNorm: 0.5, ema: 0.5 }),
    ],
    rmsprop: [
      rmsprop(),
      rmsprop({ learningRate: schedule, rho: 0.8, momentum: 0.5, epsilon: 1e-5, weightDecay: 0.2 }),
      rmsprop({ learningRate: 0.01, proximal: true, clipNorm: 0.4, ema: 0.9 }),
      rmsprop({ learningRate: 0.01, momentum: 0.7, proximal: true, clipValue: 0.1, globalClipNorm: 0.5 }),
    ],
    adagrad: [
      adagrad(),
      adagrad({ learningRate: schedule, initialAccumulatorValue: 0.3, epsilon: 1e-4, weightDecay: 0.1, clipNorm: 0.4 }),
      adagrad({ learningRate: 0.05, proximal: true, clipValue: 0.1, globalClipNorm: 0.5, ema: 0.9 }),
    ],
    nadam: [
      nadam(),
      nadam({ learningRate: schedule, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, momentumDecay: 0.1, weightDecay: 0.1 }),
      nadam({ learningRate: 0.01, proximal: true, clipValue: 0.1, clipNorm: 0.3, globalClipNorm: 0.5, ema: 0.9 }),
    ],
    lion: [
      lion(),
      lion({ learningRate: schedule, beta1: 0.8, beta2: 0.95, weightDecay: 0.3 }),
      lion({ learningRate: 0.01, proximal: true, clipValue: 0.1, clipNorm: 0.3, globalClipNorm: 0.5, ema: 0.9 }),
    ],
    sam: [
      sam(),
      sam({ optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: schedule, ema: 0.9 }), rho: 0.2 }),
    ],
  },
  schedule: {
    cosineDecay: [
      cosineDecay({ initialLearningRate: 0.1, decaySteps: 7 }),
      cosineDecay({ initialLearningRate: 1, decaySteps: 1, alpha: 0.25, warmupSteps: 3 }),
    ],
    exponentialDecay: [
      exponentialDecay({ initialLearningRate: 0.1, decaySteps: 4, decayRate: 0.7 }),
      exponentialDecay({ initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5, staircase: true, warmupSteps: 2 }),
    ],
    piecewiseConstant: [piecewiseConstant({ boundaries: [1, 5], values: [0.3, 0.2, 0.1], warmupSteps: 1 })],
    polynomialDecay: [
      polynomialDecay({ initialLearningRate: 0.1, decaySteps: 7 }),
      polynomialDecay({ initialLearningRate: 0.1, decaySteps: 5, endLearningRate: 0.02, power: 2.5, warmupSteps: 2 }),
    ],
    oneCycle: [
      oneCycle({ max: 0.1, totalSteps: 10 }),
      oneCycle({ max: 0.1, totalSteps: 8, pctStart: 0.6, divFactor: 10, finalDivFactor: 100 }),
    ],
    flatCosine: [
      flatCosine({ initialLearningRate: 0.1, totalSteps: 9 }),
      flatCosine({ initialLearningRate: 0.1, totalSteps: 7, flat: 0.2 }),
    ],
    cosineCycles: [cosineCycles({ max: 0.1, totalSteps: 7, cycles: 2 })],
    cosineRestarts: [
      cosineRestarts({ initialLearningRate: 0.1, firstDecaySteps: 3 }),
      cosineRestarts({
        initialLearningRate: 0.1,
        firstDecaySteps: 2,
        tMul: 1.5,
        mMul: 0.8,
        alpha: 0.1,
        warmupSteps: 1,
      }),
      cosineRestarts({ initialLearningRate: 0.1, firstDecaySteps: 4, tMul: 1, mMul: 0.5 }),
    ],
  },
  augmentation: {
    mixup: [mixup(), mixup(0.9)],
    cutmix: [cutmix(), cutmix(0.5)],
    cutout: [cutout({ share: 0.5, probability: 0.6 }), cutout(0.4)],
    inputNoise: [inputNoise(), inputNoise(0.4)],
    adversarial: [adversarial(), adversarial({ epsilon: 0.3, alpha: 0.2 })],
  },
  callback: {
    earlyStopping: [
      earlyStopping(),
      earlyStopping({ patience: 1, minDelta: 1e-3, monitor: 'valAccuracy' }),
      earlyStopping({ patience: 0, monitor: 'valDataLoss', restoreBestWeights: false }),
      earlyStopping({ patience: 2, monitor: 'valLoss', mode: 'max', startFromEpoch: 1 }),
      earlyStopping({ patience: 3, baseline: 1e-3 }),
      earlyStopping({ patience: 1, mode: 'min', baseline: 1e3 }),
    ],
    reduceLROnPlateau: [
      reduceLROnPlateau({ patience: 1, minDelta: 0.1 }),
      reduceLROnPlateau({
        factor: 0.5,
        patience: 1,
        minDelta: 0.01,
        cooldown: 1,
        minLr: 0.1,
        monitor: 'valAccuracy',
        mode: 'max',
      }),
    ],
    swa: [swa({ start: 0.5 }), swa({ start: 2, every: 2, learningRate: 0.05 })],
    snapshotEnsemble: [snapshotEnsemble({ cycles: 2 }), snapshotEnsemble(4)],
  },
};

/** Every sample with a title for its test. */
export function eachSample<K extends Kind>(kind: K): [title: string, description: Description<K>][] {
  return Object.values(samples[kind] as Samples<K>).flatMap((list) =>
    list.map((description): [string, Description<K>] => [JSON.stringify(description), description]),
  );
}

/** Every sample of every kind. */
export const allSamples = (Object.keys(samples) as Kind[]).flatMap((kind) =>
  eachSample(kind).map(([title, description]) => ({ kind, title, description })),
);
