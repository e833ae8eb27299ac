// Snapshot ensembles: several networks from one training run.
import { integer } from '../errors/index.ts';
import { cos } from '../random/index.ts';
import { defineCallback, type RunContext, type Weights } from './callbacks.ts';

/**
 * A snapshot ensemble (Huang et al. 2017): in each of `cycles` parts of the epochs, the learning rate falls from the optimizer's own to 0 by
 * half a cosine, step by step, and what the weights are at the end of each part is kept: `model.getSnapshots()`. A schedule goes on below it:
 * its rates are multiplied. The model itself ends with the last. In specs, trials are scored, and their model is saved, as the ensemble of all snapshots.
 *
 * @throws ParameterError for an unknown option or a value out of range, and at the start of `fit` beside another callback that decides the
 * learning rate or the final weights.
 * @example
 * ```js
 * import { dense, makeMoons, relu, sequential, sgd, snapshotEnsemble } from 'regulus';
 * import { ensemble } from 'regulus/model';
 *
 * const model = sequential({ inputSize: 2, layers: [dense(16), relu(), dense(2)] });
 * const data = makeMoons({ noise: 0.2 });
 * await model.fit(data, { epochs: 30, optimizer: sgd({ learningRate: 0.2 }), callbacks: [snapshotEnsemble(3)] });
 * const members = model.getSnapshots().map((weights) => sequential({ ...model.toJSON(), weights }));
 * console.log(ensemble(members).evaluate(data).accuracy);
 * ```
 */
export const snapshotEnsemble = defineCallback({
  type: 'snapshotEnsemble',
  describe: 'Keeps the weights of the end of each of several cycles of the learning rate',
  shorthand: 'cycles',
  options: { cycles: integer(2, { default: 5, describe: 'How many cycles there are, of whole epochs each' }) },
  decides: () => ['learningRate', 'finalWeights'],
  start({ cycles }) {
    let snapshots: Weights[] = [];
    /** The epochs that cycles begin and end after. */
    const bounds = (epochs: number) => Array.from({ length: cycles + 1 }, (_, k) => Math.round((k * epochs) / cycles));
    return {
      onBatchEnd({ step }, context) {
        const { epochs, stepsPerEpoch, ownLearningRate, setLearningRate } = context as RunContext;
        const ends = bounds(epochs);
        const cycle = ends.findIndex((end) => end * stepsPerEpoch > step);
        if (cycle < 0) return;
        const [begin, end] = [ends[cycle - 1] * stepsPerEpoch, ends[cycle] * stepsPerEpoch];
        setLearningRate(ownLearningRate * 0.5 * (1 + cos((Math.PI * (step - begin)) / (end - begin))));
      },
      onEpochEnd({ epoch }, context) {
        const { epochs, model } = context as RunContext;
        if (bounds(epochs).includes(epoch)) snapshots = [...snapshots, model.getWeights()];
      },
      onTrainEnd: (context) => (context as RunContext).keepSnapshots(snapshots),
      getState: () => snapshots,
      setState(saved) {
        snapshots = saved as Weights[];
      },
    };
  },
});
