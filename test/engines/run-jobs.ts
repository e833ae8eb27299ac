// Runs the jobs on whatever engine this is; the entry of the bundle that Node and browsers load.
import { bytesOf, type Value } from './bytes.ts';
import { jobs } from './jobs.ts';

export interface Outcome {
  /** SHA-256 over the names and results of all jobs. */
  hash: string;
  /** SHA-256 of each job's name and result, to tell which one differs. */
  jobs: Record<string, string>;
}

export async function runJobs(): Promise<Outcome> {
  const results: Value[] = [];
  const hashes: Record<string, string> = {};
  for (const [name, job] of jobs) {
    try {
      const result: Value = [name, await job()];
      hashes[name] = await sha256(result);
      results.push(result);
    } catch (cause) {
      throw new Error(`Job '${name}' failed: ${cause}`, { cause });
    }
  }
  return { hash: await sha256(results), jobs: hashes };
}

async function sha256(value: Value): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(value));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
