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
  readonly finished?: readonly (readonly TrainedNetwork[])[];
}

/** How threads share the networks of a trial: whoever claims one first trains it. The bits are the same for any who does. */
export interface NetworkSharing {
  /** Whether the network is for this thread to train. */
  claim(index: number): boolean;
  /** What another thread has made of the network that it has claimed; undefined where it could not. */
  others(index: number): Promise<readonly TrainedNetwork[] | undefined>;
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

/** Trains the network of a job that `make` makes. */
export async function trainNetwork(
  { seed, train, validation }: NetworkJob,
  make: (seed: number) => Sequential,
  isMember: boolean,
  options: FitOptions,
): Promise<readonly TrainedNetwork[]> {
  const model = make(seed);
  try {
    const history = await model.fit(train, { ...options, validationData: validation });
    const { trained } = model.toJSON();
    const snapshots = model.getSnapshots();
    return (snapshots.length > 0 ? snapshots : [model.getWeights()]).map((weights): TrainedNetwork => {
      model.setWeights(weights);
      const network = { seed, trained, history, weights, penalty: model.penalty };
      if (!isMember || model.task !== 'classification') return network;
      const probabilities = model.predictProbabilities(validation.x);
      return { ...network, unseen: { probabilities, y: validation.y as Int32Array } };
    });
  } finally {
    model.dispose();
  }
}

/**
 * Trains the networks that `make` makes in their order, but for those that other threads have claimed. To those who watch,
 * their epochs are those of one training.
 */
export async function trainNetworks(
  jobs: readonly NetworkJob[],
  make: (seed: number) => Sequential,
  { onEpochEnd, checkpoint, resume, ...options }: FitOptions,
  sharing?: NetworkSharing,
): Promise<TrainedNetwork[]> {
  let state = resume as TrialState | undefined;
  const finished = [...(state?.finished ?? [])];
  for (const index of finished.keys()) sharing?.claim(index);
  for (const [index, job] of [...jobs.entries()].slice(finished.length)) {
    const save = (own: FitState) => checkpoint?.save({ ...own, finished: [...finished] } as TrialState);
    const others = sharing?.claim(index) === false ? await sharing.others(index) : undefined;
    finished.push(
      others ??
        (await trainNetwork(job, make, jobs.length > 1, {
          ...options,
          ...(state && { resume: state }),
          ...(checkpoint && { checkpoint: { ...checkpoint, save } }),
          ...(onEpochEnd && {
            onEpochEnd: ({ epoch, epochs, ...values }, context) =>
              onEpochEnd({ epoch: index * epochs + epoch, epochs: jobs.length * epochs, ...values }, context),
          }),
        })),
    );
    state = undefined;
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
