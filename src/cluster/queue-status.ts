// Who is at a queue, and how far it is.
import { checkKeys, checkSignal, type HostSignal } from '../errors/index.ts';
import { parseAddress } from './address.ts';
import { thisBuild } from './build.ts';
import { connect } from './connection.ts';
import { Keys, type MachineFacts, type PlannerFacts, PREFIX } from './keys.ts';
import { present } from './registry.ts';

/** What {@link queueStatus} finds. Machines and experiments of other builds are among them; jobs are those of this one. */
export interface QueueStatus {
  /** The build of this process, by which machines and experiments find each other. */
  build: string;
  machines: MachineFacts[];
  experiments: Omit<PlannerFacts, 'builtOf'>[];
  waiting: number;
  running: number;
  failed: number;
}

/**
 * Who works on a queue, on what, and what is left.
 *
 * @throws EnvironmentError when the server refuses this user, AbortError when `signal` aborts.
 * @example
 * ```js
 * import { queueStatus } from 'regulus/cluster';
 *
 * try {
 *   const { machines } = await queueStatus({ url: 'redis://localhost:6379/lab', signal: AbortSignal.timeout(50) });
 *   console.log(machines.length);
 * } catch (error) {
 *   console.log(error.name); // AbortError, where no server came within the time
 * }
 * ```
 */
export async function queueStatus(options: {
  url: string;
  signal?: HostSignal;
  onNotice?: (message: string) => void;
}): Promise<QueueStatus> {
  checkKeys('queueStatus', options, ['url', 'signal', 'onNotice']);
  const { url, signal, onNotice = () => {} } = options;
  checkSignal('queueStatus', signal);
  const address = parseAddress(url);
  const { id: build } = thisBuild();
  const keys = new Keys(address.name, build);
  const { redis, bullmq, close } = await connect(address, onNotice, signal);
  try {
    const queue = new bullmq.Queue(keys.queue, { connection: redis, prefix: PREFIX });
    const { wait, delayed, active, failed } = await queue.getJobCounts('wait', 'delayed', 'active', 'failed');
    const experiments = (await present(redis, keys, 'planner')).map(({ builtOf, ...facts }) => facts);
    const machines = await present(redis, keys, 'machine');
    return { build, machines, experiments, waiting: wait + delayed, running: active, failed };
  } finally {
    close();
  }
}
