// The worker of one contender: opens, times and closes cases on its engine when it is told to. Every contender has a
// thread to itself, so that each has V8's optimizations for its own backend alone, as in a program that uses one.
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, type Engine } from '../src/backend/index.ts';
import { timeBlock } from './block.ts';
import type { CaseDefinition, OpenCase, Unit } from './case.ts';
import { inferenceCase } from './inference.ts';
import { kernelCases } from './kernels.ts';
import { methodCases } from './methods.ts';
import { peakCases } from './peak.ts';
import { type Profile, profileStep } from './profile.ts';
import { scaleCase } from './scale.ts';
import { stepGroups, withoutKernels } from './training.ts';

export type ContenderName = 'fast' | 'reproducible' | 'js' | 'idle' | 'peak';

/** Parameters of the cases that depend on how thorough a run is. */
export interface ContenderOptions {
  name: ContenderName;
  inferenceRows: number;
  scaleRows: readonly number[];
  /** Time for the JIT compilers before a case is timed, in milliseconds. */
  warmup: number;
}

export type Request =
  | { id: number; kind: 'open'; case: string }
  | { id: number; kind: 'time'; case: string; milliseconds: number }
  | { id: number; kind: 'close'; case: string }
  | { id: number; kind: 'profile'; case: string; rounds: number; milliseconds: number };

/** What is known of a case once it is open and checked. */
export interface Opened {
  work: number;
  unit: Unit;
  outcome?: number;
  simd: string;
}

export type Answer = Opened | number | Profile;

export interface Reply {
  id: number;
  value?: Answer | undefined;
  error?: unknown;
}

const { name, inferenceRows, scaleRows, warmup } = workerData as ContenderOptions;

const engines: Record<ContenderName, () => Engine> = {
  fast: () => createEngine({ numerics: 'fast' }),
  reproducible: () => createEngine(),
  js: () => createEngine({ backend: 'js' }),
  idle: () => withoutKernels(createEngine()),
  peak: () => createEngine(),
};

const engine = engines[name]();
const steps = stepGroups.flat();
const definitions: CaseDefinition[] = [
  ...peakCases(),
  ...kernelCases,
  ...steps,
  ...methodCases,
  inferenceCase(inferenceRows),
  ...scaleRows.map((rows) => scaleCase(rows, scaleRows[scaleRows.length - 1])),
];
const open = new Map<string, OpenCase>();

function find<T extends CaseDefinition>(list: readonly T[], wanted: string): T {
  const found = list.find((definition) => definition.name === wanted);
  if (!found) throw new Error(`There is no case '${wanted}'.`);
  return found;
}

async function answer(request: Request): Promise<Answer | undefined> {
  if (request.kind === 'profile') {
    return profileStep(engines[name], find(steps, request.case), request.rounds, request.milliseconds);
  }
  if (request.kind === 'open') {
    const opened = await find(definitions, request.case).open(engine);
    open.set(request.case, opened);
    const { work, unit, outcome } = opened;
    await timeBlock(opened, warmup);
    return { work, unit, simd: engine.info.simd, ...(outcome !== undefined && { outcome }) };
  }
  const opened = open.get(request.case);
  if (!opened) throw new Error(`Case '${request.case}' is not open.`);
  if (request.kind === 'time') return timeBlock(opened, request.milliseconds);
  opened.close();
  open.delete(request.case);
}

parentPort?.on('message', async (request: Request) => {
  const reply: Reply = { id: request.id };
  try {
    reply.value = await answer(request);
  } catch (error) {
    reply.error = error;
  }
  parentPort?.postMessage(reply);
});
