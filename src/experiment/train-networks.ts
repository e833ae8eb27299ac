// The networks of a trial: one, or with `members` several, each of which leaves out another part of the training data.
import { type Dataset, type Matrix, takeRows } from '../data/index.ts';
import { innerSeed } from '../random/index.ts';
import { partsOf, pooledTemperature } from '../tables/index.ts';
import type { FitOptions, FitState, History, Sequential, SequentialJson, Weights } from '../train/index.ts';
import type { Trial } from './spec.ts';

/** One network to train. */
export interface NetworkJob {
  readonly seed: number;
  readonly train: Dataset;
  /** Evaluated after every epoch. */
  readonly validation: Dataset;
}

/** A trained network; a snapshot ensemble leaves several that have one history. */
export interface TrainedNetwork extends Pick<SequentialJson, 'seed' | 'trained'> {
  readonly history: History;
  readonly weights: Weights;
  readonly penalty: number;
  /** Of a member for classes: its probabilities for the rows that it has left out, and their classes. */
  readonly unseen?: { readonly probabilities: Matrix; readonly y: Int32Array };
}

/** A checkpoint of a trial: that of the network in training, and what those before it have given. */
interface TrialState extends FitState {
  /** Of each of them all networks that it has left. */
  readonly finished?: readonly TrainedNetwork[][];
}

/**
 * The networks to train for a trial. A member sees nothing but the training part, of which it leaves out a share that it is evaluated on. Seeds of
 * members and of divisions are streams of the trial's seed, so that trials with other seeds have none of them.
 */
export function networkJobs(
  { seed, training: { members } }: Trial,
  { train, validation }: Record<'train' | 'validation', Dataset>,
): NetworkJob[] {
  if (members === undefined) return [{ seed, train, validation }];
  const { y } = train;
  const targets = 'data' in y ? new Float64Array(y.shape[0]) : y;
  return partsOf(targets, members, (division) => innerSeed(seed, 'division', division)).map((rows, member) => ({
    seed: innerSeed(seed, 'member', member),
    train: takeRows(train, rows.train),
    validation: takeRows(train, rows.validation),
  }));
}

/** Trains the networks that `make` makes, one after the other. To those who watch, their epochs are those of one training. */
export async function trainNetworks(
  jobs: readonly NetworkJob[],
  make: (seed: number) => Sequential,
  { onEpochEnd, checkpoint, resume, ...options }: FitOptions,
): Promise<TrainedNetwork[]> {
  let state = resume as TrialState | undefined;
  const finished = [...(state?.finished ?? [])];
  for (const { seed, train, validation } of jobs.slice(finished.length)) {
    const before = finished.length * options.epochs;
    const save = (own: FitState) => {
      const whole: TrialState = { ...own, finished: [...finished] };
      return checkpoint?.save(whole);
    };
    const model = make(seed);
    try {
      const history = await model.fit(train, {
        ...options,
        validationData: validation,
        ...(state && { resume: state }),
        ...(checkpoint && { checkpoint: { ...checkpoint, save } }),
        ...(onEpochEnd && {
          onEpochEnd: ({ epoch, epochs, ...values }, context) =>
            onEpochEnd({ epoch: before + epoch, epochs: jobs.length * epochs, ...values }, context),
        }),
      });
      state = undefined;
      const { trained } = model.toJSON();
      const snapshots = model.getSnapshots();
      const networks = (snapshots.length > 0 ? snapshots : [model.getWeights()]).map((weights): TrainedNetwork => {
        model.setWeights(weights);
        const network = { seed, trained, history, weights, penalty: model.penalty };
        if (jobs.length === 1 || model.task !== 'classification') return network;
        const probabilities = model.predictProbabilities(validation.x);
        return { ...network, unseen: { probabilities, y: validation.y as Int32Array } };
      });
      finished.push(networks);
    } finally {
      model.dispose();
    }
  }
  return finished.flat();
}

/** What divides the logits of all members for classes; undefined for other networks. */
export function pooledTemperatureOf(networks: readonly TrainedNetwork[]): number | undefined {
  const unseen = networks.flatMap((network) => network.unseen ?? []);
  if (unseen.length === 0) return undefined;
  return pooledTemperature(
    unseen.map(({ probabilities }) => probabilities),
    unseen.flatMap(({ y }) => [...y]),
  );
}
