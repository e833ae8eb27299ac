// What planners and workers have in Redis: names, limits, and the shapes of jobs, messages and who is there.
import type { ModuleFile, Trial } from '../experiment/index.ts';
import { trialHash } from '../runner/index.ts';
import type { Build } from './build.ts';

/** In braces, so that all keys are in one slot of a Redis Cluster. BullMQ's keys begin with it, too. */
export const PREFIX = '{regulus}';

/** How long Redis keeps results, data and checkpoints that nobody asks for. */
export const KEPT_SECONDS = 7 * 86_400;
/** How long a result stays when a planner has it: others that wait for it have it by then. */
export const COLLECTED_SECONDS = 600;

/** Larger data go to the shared store, where there is one. */
export const SMALL_BYTES = 256 * 1024;
/** Redis serves nobody else while it takes a value. */
export const REDIS_BYTES = 16 * 1024 * 1024;
/** The most of anything that is fetched. */
export const MOST_BYTES = 2_147_483_647;

/** The keys of a queue, for one build. */
export class Keys {
  /** The name of the BullMQ queue: other builds do not meet here. */
  readonly queue: string;
  readonly #name: string;
  readonly #build: string;

  constructor(name: string, buildId: string) {
    this.queue = `${name}-${buildId}`;
    this.#name = `${PREFIX}/${name}`;
    this.#build = `${PREFIX}/${this.queue}`;
  }

  /** Of the planners or the machines that are there, of all builds. */
  registry(kind: 'planner' | 'machine'): string {
    return `${this.#name}/${kind}`;
  }

  result(id: string): string {
    return `${this.#build}/result/${id}`;
  }

  /** A list of results that were not equal. */
  get conflicts(): string {
    return `${this.#build}/conflicts`;
  }

  /** A channel: what workers tell planners. */
  get news(): string {
    return `${this.#build}/news`;
  }

  /** A value of the store, by its name there. */
  stored(name: string): string {
    return `${this.#build}/${name}`;
  }
}

/** A data file of a trial, which travels by its hash. */
export interface DataFile {
  path: string;
  sha256: string;
}

/** The data of a job. */
export interface TrialJob {
  trial: Trial & { modules?: readonly ModuleFile[] };
  files: DataFile[];
}

/** The id of a trial's job: the trial's hash. One that also asks for the numbers of figures is another job. */
export const jobId = (trial: Trial): string => `${trialHash(trial)}${trial.figures ? '-figures' : ''}`;

/** What the reason of a job begins with that a worker takes for none of ours. */
export const REFUSED = 'Refused the job';

export const dataName = (sha256: string) => `data/${sha256}`;
export const checkpointName = (id: string) => `checkpoint/${id}`;

/** What a worker publishes; several trials at a time. */
export interface News {
  machine: string;
  /** Trials that run, each with its latest epoch. */
  running?: [id: string, epoch: object][];
  /** Trials whose result is there. */
  done?: string[];
  /** For the people at the planners. */
  says?: string;
}

/** A process that plans an experiment and collects its results. */
export interface PlannerFacts {
  build: string;
  /** What `build` stands for. */
  builtOf: Build;
  host: string;
  experiment: string;
  /** Trials whose result it does not have yet. */
  left: number;
}

/** A process that trains. */
export interface MachineFacts {
  build: string;
  host: string;
  /** Trials at a time. */
  workers: number;
  running: number;
  /** Trials since it has started, and in the last minute. */
  done: number;
  perMinute: number;
}
