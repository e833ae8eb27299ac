// Whether everything in the folder of a run is as it was written.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../errors/index.ts';
import { parseCheckpoint } from './checkpoint-file.ts';
import { contentHash, isLeftover, readWhole } from './files.ts';
import { lockEntriesIn, parseLockEntry } from './lock.ts';
import { type Manifest, manifestPath, parseManifest } from './manifest.ts';
import { parseTrial } from './trial-file.ts';
import { KEPT } from './trial-folder.ts';

/** What {@link checkFolder} has found. */
export interface FolderCheck {
  /** How many finished trials, checkpoints and files of results are sound. */
  trials: number;
  checkpoints: number;
  files: number;
  /** What is not: sentences without their full stop. */
  problems: string[];
  /** Files that runs have set aside; nothing depends on them. */
  setAside: string[];
}

/**
 * Checks trials and checkpoints by their checksums and shapes, and the files of results by the hashes that the run has noted
 * when it had written them all. Changes nothing, and may be called while a run is working there.
 *
 * @throws EnvironmentError where there is nothing of a run.
 */
export function checkFolder(folder: string): FolderCheck {
  const own = join(folder, KEPT);
  if (!existsSync(own)) {
    throw new EnvironmentError(
      `There is nothing to check in ${folder}, which has no folder ${KEPT}. Give the folder of a run, such as out/moons.`,
      { code: 'ERR_FILE' },
    );
  }
  const found: FolderCheck = { trials: 0, checkpoints: 0, files: 0, problems: [], setAside: [] };
  const attempt = (path: string, check: (bytes: Buffer) => unknown, wrong = 'is damaged', missing = true): number => {
    let bytes: Buffer;
    try {
      bytes = readWhole(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') found.problems.push(`${path} cannot be read (${code})`);
      else if (missing) found.problems.push(`${path} is missing`);
      return 0;
    }
    try {
      check(bytes);
      return 1;
    } catch {
      found.problems.push(`${path} ${wrong}`);
      return 0;
    }
  };
  // What was listed and is not there any more, a run that is working there has removed.
  for (const [kind, parse] of Object.entries({ trials: parseTrial, checkpoints: parseCheckpoint })) {
    for (const name of existsSync(join(own, kind)) ? readdirSync(join(own, kind)) : []) {
      const path = join(own, kind, name);
      if (name.endsWith('.bad')) found.setAside.push(path);
      else if (!isLeftover(name)) {
        const wrong = 'is damaged or belongs to another trial';
        found[kind as 'trials'] += attempt(path, (bytes) => parse(path, bytes), wrong, false);
      }
    }
  }
  for (const path of lockEntriesIn(own)) attempt(path, parseLockEntry, 'is not a lock entry that can be read', false);
  let manifest: Manifest = {};
  const noteManifest = (bytes: Buffer) => {
    manifest = parseManifest(manifestPath(folder), bytes);
  };
  attempt(manifestPath(folder), noteManifest, 'is damaged', false);
  for (const [name, sha256] of Object.entries(manifest)) {
    const verify = (bytes: Buffer) => {
      if (contentHash(bytes) !== sha256) throw new EnvironmentError('It has changed.');
    };
    found.files += attempt(join(folder, name), verify, 'is not as the run has written it');
  }
  return found;
}
