// Networks of a table on their way to a thread: descriptions as JSON, which the thread makes again.
import { catalog, described, wholeCatalog } from '../catalog/index.ts';
import type { PackedError } from '../errors/index.ts';
import type { MemberJob, TrainedMember } from '../tables/index.ts';

const known = wholeCatalog(catalog);

/** The job with all kinds made again from JSON; it throws where one of them is not of the package. */
export const memberFromJson = (job: MemberJob): MemberJob => ({
  ...job,
  model: described(job.model, ['layers', 'loss'], known, 'sequential'),
  fit: described(job.fit, ['optimizer', 'augment', 'metrics', 'callbacks'], known, 'Sequential.fit'),
});

/** Whether a thread can train a network: all of it is data, of kinds that the package has. */
export function canTravel({ model, fit }: MemberJob): boolean {
  const { signal, ...rest } = fit;
  if (signal) return false;
  try {
    const copy = structuredClone({ model, fit: rest });
    memberFromJson({
      ...copy,
      train: { x: { data: new Float64Array(), shape: [0, 0] }, y: new Int32Array() },
    } as never);
    return true;
  } catch {
    return false;
  }
}

/** From the thread. */
export type MemberReport = { readonly trained: TrainedMember } | { readonly error: PackedError };
