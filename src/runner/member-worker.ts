// A thread that trains networks of tables, one after the other.
import { parentPort } from 'node:worker_threads';
import { packError } from '../errors/index.ts';
import { type MemberJob, trainMember } from '../tables/index.ts';
import { type MemberReport, memberFromJson } from './member-job.ts';
import { REST_MS } from './messages.ts';

parentPort!.on('message', async (job: MemberJob | 'close') => {
  if (job === 'close') return void setTimeout(() => parentPort!.close(), REST_MS);
  const report = await trainMember(memberFromJson(job)).then(
    (trained): MemberReport => ({ trained }),
    (error): MemberReport => ({ error: packError(error) }),
  );
  parentPort!.postMessage(report);
});
