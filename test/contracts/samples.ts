// Options of every kind to test it with. Between them, the samples of a type give each of its options a value.
import type { Kind as AnyKind, Description } from '../../src/errors/index.ts';
import { accuracy, macroF1 } from '../../src/metrics/index.ts';
import {
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
  relu,
  softmaxCrossEntropy,
  tanh,
  zeros,
} from '../../src/nn/index.ts';
import { adam, adamW, cosineDecay, rmsprop, sgd } from '../../src/optim/index.ts';
import { earlyStopping } from '../../src/train/index.ts';

/** Samples by type, for one kind. */
/** Transformers are in no catalog; they have tests of their own. */
export type Kind = Exclude<AnyKind, 'transformer'>;

type Samples<K extends Kind> = Record<string, readonly Description<K>[]>;

const schedule = cosineDecay({ initial: 0.02, decaySteps: 6, alpha: 0.1 });

export const samples: { readonly [K in Kind]: Samples<K> } = {
  layer: {
    dense: [
      dense(5),
      dense(3, { useBias: false, kernelInitializer: glorotUniform(), kernelConstraint: maxNorm(0.5) }),
      dense(4, { kernelRegularizer: l1l2({ l1: 1e-3, l2: 2e-3 }), biasRegularizer: l2(1e-3) }),
    ],
    dropout: [dropout(0), dropout(0.4)],
    batchNormalization: [batchNormalization(), batchNormalization({ momentum: 0.6, epsilon: 0.02 })],
    relu: [relu()],
    tanh: [tanh()],
  },
  loss: {
    softmaxCrossEntropy: [softmaxCrossEntropy()],
    binaryCrossEntropy: [binaryCrossEntropy()],
    meanSquaredError: [meanSquaredError()],
  },
  metric: { accuracy: [accuracy()], macroF1: [macroF1()] },
  regularizer: { l1: [l1(0.01)], l2: [l2(0.02)], l1l2: [l1l2({ l1: 0.01, l2: 0.02 })] },
  constraint: { maxNorm: [maxNorm(), maxNorm(0.7)] },
  initializer: { heNormal: [heNormal()], glorotUniform: [glorotUniform()], zeros: [zeros()] },
  optimizer: {
    sgd: [
      sgd(),
      sgd({ learningRate: 0.1, momentum: 0.9 }),
      sgd({ momentum: 0.8, nesterov: true, weightDecay: 0.1, clipNorm: 0.3 }),
      sgd({ learningRate: schedule, proximal: true, globalClipNorm: 0.4 }),
      sgd({ learningRate: 0.1, momentum: 0.5, proximal: true, clipValue: 0.05 }),
    ],
    adam: [
      adam(),
      adam({ learningRate: schedule, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.05 }),
      adam({ learningRate: 0.01, proximal: true, clipValue: 0.1 }),
      adam({ clipNorm: 0.5, globalClipNorm: 0.3 }),
    ],
    adamW: [
      adamW(),
      adamW({ learningRate: schedule, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.3, proximal: true }),
      adamW({ clipValue: 0.1, clipNorm: 0.3, globalClipNorm: 0.5 }),
    ],
    rmsprop: [
      rmsprop(),
      rmsprop({ learningRate: schedule, rho: 0.8, momentum: 0.5, epsilon: 1e-5, weightDecay: 0.2 }),
      rmsprop({ learningRate: 0.01, proximal: true, clipNorm: 0.4 }),
      rmsprop({ learningRate: 0.01, momentum: 0.7, proximal: true, clipValue: 0.1, globalClipNorm: 0.5 }),
    ],
  },
  schedule: {
    cosineDecay: [
      cosineDecay({ initial: 0.1, decaySteps: 7 }),
      cosineDecay({ initial: 1, decaySteps: 1, alpha: 0.25 }),
    ],
  },
  callback: {
    earlyStopping: [
      earlyStopping(),
      earlyStopping({ patience: 1, minDelta: 1e-3, monitor: 'valAccuracy' }),
      earlyStopping({ patience: 0, monitor: 'valDataLoss', restoreBestWeights: false }),
    ],
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
