// Where the time of a training step goes: its backend calls are recorded, then each is timed by itself.
import type { Backend, Engine, Tensor } from '../src/backend/index.ts';
import { adam } from '../src/optim/index.ts';
import { timeBlock } from './block.ts';
import type { OpenCase } from './case.ts';
import { makeData, makeModel } from './models.ts';
import { median } from './statistics.ts';
import { allocating, type Step } from './training.ts';

/** All calls of one operation in one step. */
export interface OperationTime {
  operation: string;
  calls: number;
  milliseconds: number;
}

export interface Profile {
  /** The whole step. */
  milliseconds: number;
  operations: OperationTime[];
}

type Operation = (...args: never[]) => unknown;

/** `engine`, noting every operation; arrays are never given back, so that the calls can be made again. */
function recorder({ backend, ...own }: Engine): { engine: Engine; calls: { operation: string; repeat: () => void }[] } {
  const calls: { operation: string; repeat: () => void }[] = [];
  const noted = (operation: string, call: Operation): Operation => {
    return (...args) => {
      const again = operation === 'adam' ? withGradient(backend, args) : args;
      calls.push({ operation, repeat: () => call(...again) });
      return call(...args);
    };
  };
  const operations = Object.entries(backend).map(([name, value]) => {
    const plain = typeof value !== 'function' || allocating.includes(name);
    return [name, plain ? value : noted(name, value as Operation)];
  });
  const noting: Backend = { ...Object.fromEntries(operations), free: (_tensor: Tensor | Tensor<Int32Array>) => {} };
  return { engine: { ...own, backend: noting }, calls };
}

/**
 * Adam's arguments with a gradient of ones. Under the gradient 0 of a unit that is dead in this one batch, repeated calls
 * would let moments decay to denormal numbers, which are slow and which training does not meet.
 */
function withGradient({ float32 }: Backend, args: never[]): never[] {
  const [w, { length }, ...rest] = args as unknown[] as [Tensor, Tensor, ...unknown[]];
  const ones = float32(length);
  ones.data.fill(1);
  return [w, ones, ...rest] as never[];
}

/** Times a step and its operations on fresh engines, in turn; medians over `rounds`. */
export async function profileStep(fresh: () => Engine, step: Step, rounds: number, block: number): Promise<Profile> {
  const { engine, calls } = recorder(fresh());
  const model = makeModel(engine, step.sizes, step.regularization);
  const data = makeData(step.batchSize, step.sizes);
  // An order is drawn once an epoch, not once a step.
  await model.fit(data, { epochs: 1, batchSize: step.batchSize, optimizer: adam(), shuffle: false });
  const cases = [
    { operation: '', opened: await step.open(fresh()) },
    ...[...calls].map(({ operation, repeat }): { operation: string; opened: OpenCase } => ({
      operation,
      opened: { work: 1, unit: 'element', run: repeat, close() {} },
    })),
  ].map((part) => ({ ...part, rounds: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { opened, rounds } of cases) rounds.push(await timeBlock(opened, block));
  }
  const [whole, ...parts] = cases.map(({ operation, rounds }) => ({ operation, milliseconds: median(rounds) }));
  cases[0].opened.close();
  const operations = new Map<string, OperationTime>();
  for (const { operation, milliseconds } of parts) {
    const sum = operations.get(operation) ?? { operation, calls: 0, milliseconds: 0 };
    operations.set(operation, { operation, calls: sum.calls + 1, milliseconds: sum.milliseconds + milliseconds });
  }
  return {
    milliseconds: whole.milliseconds,
    operations: [...operations.values()].sort((a, b) => b.milliseconds - a.milliseconds),
  };
}
