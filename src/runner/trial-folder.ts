// Keeps finished trials and checkpoints in the folder of an experiment, in `.regulus`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createEngine } from '../backend/index.ts';
import { type FinishedTrial, type Numerics, type Trial, type TrialStore, trialIdentity } from '../experiment/index.ts';
import { checksum, fileError, makeWritable, removeLeftovers, writeAtomically } from './files.ts';
import { lock } from './lock.ts';

const remedy = 'Choose another folder, or make room for the files there.';

/**
 * The trials of experiments that share a folder, for one process at a time. A trial is found by the SHA-256 of what its
 * numbers depend on and of the engine, version included: whatever changes a result changes its name.
 *
 *     .regulus/trials/<hash>.json         result and seconds, with a checksum
 *     .regulus/checkpoints/<hash>.bin     state of a trial that has not finished
 *     .regulus/lock-<id>.json             who is working here
 *
 * @example
 * ```js
 * import { mkdtempSync } from 'node:fs';
 * import { join } from 'node:path';
 * import { tmpdir } from 'node:os';
 * import { presets, runExperiment, TrialFolder } from 'regulus/experiment';
 *
 * const { moons } = presets;
 * const folder = await TrialFolder.open(mkdtempSync(join(tmpdir(), 'regulus-')));
 * for (const epochs of [1, 2]) {
 *   await runExperiment({ ...moons, training: { ...moons.training, epochs } }, { folder, workers: 2 });
 * }
 * folder.close();
 * ```
 */
export class TrialFolder implements TrialStore {
  readonly #trials: string;
  readonly #checkpoints: string;
  readonly #unlock: () => void;
  readonly #engines = new Map<Numerics, object>();

  /**
   * Opens the folder, making it where it is missing, and locks it until `close`.
   *
   * @throws EnvironmentError when it cannot be written, or another process has it.
   */
  static async open(folder: string): Promise<TrialFolder> {
    const own = join(folder, '.regulus');
    const [trials, checkpoints] = [join(own, 'trials'), join(own, 'checkpoints')];
    let at = folder;
    try {
      for (at of [folder, trials, checkpoints]) makeWritable(at);
    } catch (error) {
      throw fileError(`write ${at}`, error, remedy);
    }
    const unlock = await lock(own);
    for (const path of [own, trials, checkpoints]) removeLeftovers(path);
    for (const name of readdirSync(checkpoints)) {
      if (existsSync(join(trials, `${basename(name, '.bin')}.json`))) rmSync(join(checkpoints, name));
    }
    return new TrialFolder(trials, checkpoints, unlock);
  }

  /** Use {@link TrialFolder.open}. */
  private constructor(trials: string, checkpoints: string, unlock: () => void) {
    this.#trials = trials;
    this.#checkpoints = checkpoints;
    this.#unlock = unlock;
  }

  /** A file that is damaged, or another trial's, counts as none. */
  get(trial: Trial, warn: (message: string) => void = () => {}): FinishedTrial | undefined {
    const path = this.#path(trial);
    try {
      const { sha256, ...finished } = JSON.parse(readFileSync(path, 'utf8'));
      if (sha256 === checksum(path, JSON.stringify(finished))) return finished;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    }
    warn(`${path} is damaged or belongs to another trial. It is not used; the trial runs again.`);
    return undefined;
  }

  /** @throws EnvironmentError when the file cannot be written; those of other trials stay as they are. */
  put(trial: Trial, finished: FinishedTrial): void {
    const path = this.#path(trial);
    const sha256 = checksum(path, JSON.stringify(finished));
    try {
      writeAtomically(path, `${JSON.stringify({ sha256, ...finished })}\n`);
    } catch (error) {
      throw fileError(`write ${path}`, error, 'The trials before it are kept. Make room for the file, then run again.');
    }
    rmSync(this.checkpointPath(trial), { force: true });
  }

  /** Where the checkpoint of a trial belongs. */
  checkpointPath(trial: Trial): string {
    return join(this.#checkpoints, `${this.#hash(trial)}.bin`);
  }

  /** Lets other processes have the folder. */
  close(): void {
    this.#unlock();
  }

  #path(trial: Trial): string {
    return join(this.#trials, `${this.#hash(trial)}.json`);
  }

  #hash(trial: Trial): string {
    const { numerics } = trial;
    if (!this.#engines.has(numerics)) this.#engines.set(numerics, createEngine({ numerics }).info);
    const text = `${JSON.stringify(this.#engines.get(numerics))} ${trialIdentity(trial)}`;
    return createHash('sha256').update(text).digest('hex');
  }
}
