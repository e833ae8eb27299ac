// Keeps finished trials and checkpoints in the folder of an experiment, in `.regulus`.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RegulusError } from '../errors/index.ts';
import type { FinishedTrial, Trial, TrialStore } from '../experiment/index.ts';
import { fileError, makeWritable, removeLeftovers, writeAtomically, writeError } from './files.ts';
import { readKept } from './kept-file.ts';
import { type Lock, lock } from './lock.ts';
import { parseTrial, trialHash, trialText } from './trial-file.ts';

/** The folder, inside that of an experiment, of what is kept. */
export const KEPT = '.regulus';

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
  readonly #folder: string;
  readonly #lock: Lock;

  /**
   * Opens the folder, making it where it is missing, and locks it until `close`.
   *
   * @throws EnvironmentError when it cannot be written, or another process has it.
   */
  static async open(folder: string): Promise<TrialFolder> {
    const own = join(folder, KEPT);
    const [trials, checkpoints] = [join(own, 'trials'), join(own, 'checkpoints')];
    let at = folder;
    let held: Lock | undefined;
    try {
      for (at of [folder, trials, checkpoints]) makeWritable(at);
      at = own;
      held = await lock(own);
      for (at of [own, trials, checkpoints]) removeLeftovers(at);
      for (const name of readdirSync(checkpoints)) {
        if (existsSync(join(trials, `${basename(name, '.bin')}.json`))) rmSync(join(checkpoints, name));
      }
      return new TrialFolder(own, held);
    } catch (error) {
      held?.unlock();
      throw error instanceof RegulusError ? error : fileError(`write ${at}`, error, remedy);
    }
  }

  /** Use {@link TrialFolder.open}. */
  private constructor(folder: string, lock: Lock) {
    this.#folder = folder;
    this.#lock = lock;
  }

  /** Whether this process still has the folder: it may have been deleted. */
  get isHeld(): boolean {
    return this.#lock.isHeld();
  }

  /** A file that is damaged, or another trial's, counts as none, and is set aside. */
  get(trial: Trial, warn: (message: string) => void = () => {}): FinishedTrial | undefined {
    const path = this.#path(trial);
    return readKept(path, (bytes) => parseTrial(path, bytes, trial), {
      warn,
      consequence: 'the trial runs again',
      setAside: this.isHeld,
    });
  }

  /**
   * @throws ParameterError for what `trial` cannot give, such as NaN; EnvironmentError when the file cannot be written, or
   * the folder has gone. Files of other trials stay as they are.
   */
  put(trial: Trial, finished: FinishedTrial): void {
    const path = this.#path(trial);
    const text = trialText(path, finished, trial);
    this.#lock.assertHeld();
    try {
      writeAtomically(path, text);
    } catch (error) {
      throw writeError(path, error, 'The trials before it are kept. Make room for the file, then run again.');
    }
    try {
      rmSync(this.checkpointPath(trial), { force: true });
    } catch {
      // The next run removes it.
    }
  }

  /** Where the checkpoint of a trial belongs. */
  checkpointPath(trial: Trial): string {
    return join(this.#folder, 'checkpoints', `${trialHash(trial)}.bin`);
  }

  /** Lets other processes have the folder. */
  close(): void {
    this.#lock.unlock();
  }

  #path(trial: Trial): string {
    return join(this.#folder, 'trials', `${trialHash(trial)}.json`);
  }
}
