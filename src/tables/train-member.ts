// One network of a predictor: what is needed to train it, here or in a thread, and what comes back.
import type { Engine } from '../backend/index.ts';
import type { Dataset, Matrix } from '../data/index.ts';
import { type FitOptions, type History, type SequentialOptions, sequential, type Weights } from '../train/index.ts';

/** A network to train. All of it is data, but for what the user has put in. */
export interface MemberJob {
  readonly model: Omit<SequentialOptions, 'engine'>;
  readonly train: Dataset;
  /** Rows that the network does not learn from. */
  readonly validation: Dataset | undefined;
  readonly fit: FitOptions;
}

/** What training a network gives. */
export interface TrainedMember {
  readonly history: History;
  readonly weights: Weights;
  /** For the rows that the network has not learnt from: probabilities, or numbers. */
  readonly predictions: Matrix | undefined;
}

/** Trains networks and returns them in the order of the jobs. */
export type MemberTrainer = (jobs: readonly MemberJob[], engine: Engine | undefined) => Promise<TrainedMember[]>;

/** Trains one network after the other in this thread. */
export const trainHere: MemberTrainer = async (jobs, engine) => {
  const trained: TrainedMember[] = [];
  for (const job of jobs) trained.push(await trainMember(job, engine));
  return trained;
};

/**
 * Trains one network.
 *
 * @hidden
 */
export async function trainMember(
  { model: options, train, validation, fit }: MemberJob,
  engine?: Engine,
): Promise<TrainedMember> {
  const model = sequential<Int32Array | Matrix>({ ...options, ...(engine && { engine }) });
  try {
    const history = await model.fit(train, { ...fit, ...(validation && { validationData: validation }) });
    const predict = (x: Matrix) =>
      model.hasProbabilities ? model.predictProbabilities(x) : (model.predict(x) as Matrix);
    return {
      history,
      weights: model.getWeights(),
      predictions: validation && predict(validation.x),
    };
  } finally {
    model.dispose();
  }
}
