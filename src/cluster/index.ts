// Experiments on several machines: their trials over a queue (BullMQ on Redis). Needs the packages bullmq and ioredis.
export type { Build } from './build.ts';
export type { MachineFacts, PlannerFacts } from './keys.ts';
export { type QueueOptions, queueRunner } from './queue-runner.ts';
export { type QueueStatus, queueStatus } from './queue-status.ts';
export { type ClusterWorker, type StartWorkerOptions, startWorker, type WorkerEvent } from './worker.ts';
