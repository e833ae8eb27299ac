// One training step of a large network with each method of regularization, to compare with the plain step.
import type { Engine } from '../src/backend/index.ts';
import type { Description } from '../src/errors/index.ts';
import {
  alphaDropout,
  batchNormalization,
  dense,
  dropout,
  gaussianDropout,
  gaussianNoise,
  l1l2,
  layerNormalization,
  maxNorm,
  nonNegative,
  relu,
  residual,
  softmaxCrossEntropy,
  unitNorm,
} from '../src/nn/index.ts';
import { adam, sam } from '../src/optim/index.ts';
import {
  adversarial,
  cutmix,
  cutout,
  type FitOptions,
  inputNoise,
  mixup,
  sequential,
  snapshotEnsemble,
  swa,
} from '../src/train/index.ts';
import { type CaseDefinition, checkWithin, type OpenCase, type Timed } from './case.ts';
import { makeData, trainingFlop } from './models.ts';

const SIZES = [784, 512, 512, 10];
const BATCH = 128;
const STEPS = 8; // of an epoch
const EPOCHS = 2; // that are timed

interface Method {
  /** Options of the dense layers. */
  dense?: Parameters<typeof dense>[1];
  /** What comes after each hidden dense layer, instead of relu. */
  hidden?: () => Description<'layer'>[];
  loss?: Description<'loss'>;
  fit?: Pick<FitOptions, 'optimizer' | 'augment' | 'callbacks'>;
}

const after = (layer: Description<'layer'>): Method => ({ hidden: () => [relu(), layer] });
const augment = (augmentation: Description<'augmentation'>): Method => ({ fit: { augment: [augmentation] } });

const methods: Record<string, Method> = {
  plain: {},
  'dropout 0.5': after(dropout(0.5)),
  'alphaDropout 0.5': after(alphaDropout(0.5)),
  gaussianNoise: after(gaussianNoise(0.1)),
  gaussianDropout: after(gaussianDropout(0.5)),
  'dropConnect 0.5': { dense: { dropConnect: 0.5 } },
  batchNormalization: { hidden: () => [batchNormalization(), relu()] },
  layerNormalization: { hidden: () => [layerNormalization(), relu()] },
  'residual [relu]': { hidden: () => [residual([relu()])] },
  'l1l2 penalties': { dense: { kernelRegularizer: l1l2({ l1: 1e-4, l2: 1e-4 }) } },
  maxNorm: { dense: { kernelConstraint: maxNorm(3) } },
  unitNorm: { dense: { kernelConstraint: unitNorm() } },
  nonNegative: { dense: { kernelConstraint: nonNegative() } },
  'label smoothing': { loss: softmaxCrossEntropy({ labelSmoothing: 0.1 }) },
  mixup: augment(mixup()),
  cutmix: augment(cutmix()),
  cutout: augment(cutout()),
  inputNoise: augment(inputNoise()),
  'weight decay': { fit: { optimizer: adam({ weightDecay: 0.01 }) } },
  ema: { fit: { optimizer: adam({ ema: 0.99 }) } },
  clipValue: { fit: { optimizer: adam({ clipValue: 0.1 }) } },
  clipNorm: { fit: { optimizer: adam({ clipNorm: 1 }) } },
  globalClipNorm: { fit: { optimizer: adam({ globalClipNorm: 1 }) } },
  swa: { fit: { callbacks: [swa({ start: 1 })] } },
  snapshotEnsemble: { fit: { callbacks: [snapshotEnsemble(3)] } },
  sam: { fit: { optimizer: sam() } },
  adversarial: augment(adversarial()),
};

function methodCase(name: string, method: Method): CaseDefinition {
  const { hidden = () => [relu()], loss = softmaxCrossEntropy(), fit = {} } = method;
  const open = async (engine: Engine): Promise<OpenCase> => {
    const data = makeData(BATCH * STEPS, SIZES);
    const layers = SIZES.slice(1, -1).flatMap((units) => [dense(units, method.dense ?? {}), ...hidden()]);
    const model = sequential({
      inputSize: SIZES[0],
      layers: [...layers, dense(10, method.dense ?? {})],
      loss,
      seed: 42,
      engine,
    });
    const initial = model.getWeights();
    const before = model.evaluate(data).dataLoss;
    const { trainDataLoss } = await model.fit(data, { epochs: 1, batchSize: BATCH, optimizer: adam(), ...fit });
    // Something is learned, and nothing diverges.
    checkWithin(`loss of ${name} after an epoch`, trainDataLoss[0], before, 0.8 * before);

    async function run(): Promise<Timed> {
      model.setWeights(initial);
      const ends: number[] = [];
      const onEpochEnd = () => void ends.push(performance.now());
      await model.fit(data, { epochs: 1 + EPOCHS, batchSize: BATCH, optimizer: adam(), ...fit, onEpochEnd });
      return { milliseconds: ends[EPOCHS] - ends[0], count: EPOCHS * STEPS };
    }
    return { work: BATCH * trainingFlop(SIZES), unit: 'flop', run, close: () => model.dispose() };
  };
  return { name: `${SIZES.join('-')} ${name}`, open };
}

/** The first is the plain step. */
export const methodCases: readonly CaseDefinition[] = Object.entries(methods).map(([name, method]) =>
  methodCase(name, method),
);
