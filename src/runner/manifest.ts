// The hashes of the files that a run has written, by which `regulus check` notices damage: `.regulus/files.json`. While the
// files are being written it is not there.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole, writeAtomically } from './files.ts';
import { keptJson, parseKeptJson } from './kept-file.ts';
import { KEPT } from './trial-folder.ts';

/** SHA-256 in hex by the name of a file, relative to the folder of the run, with slashes. */
export type Manifest = Readonly<Record<string, string>>;

export const manifestPath = (folder: string) => join(folder, KEPT, 'files.json');

/** The manifest of a run's folder; empty where there is none, or one that is damaged. */
export function readManifest(folder: string): Manifest {
  const path = manifestPath(folder);
  try {
    return parseManifest(path, readWhole(path));
  } catch {
    return {};
  }
}

/** @throws an error when the manifest is damaged. */
export function parseManifest(path: string, bytes: Buffer): Manifest {
  return (parseKeptJson(path, bytes) as { files: Manifest }).files;
}

export function removeManifest(folder: string): void {
  rmSync(manifestPath(folder), { force: true });
}

/** Writes the manifest, where anything is kept at all. */
export function writeManifest(folder: string, files: Manifest): void {
  if (existsSync(join(folder, KEPT))) writeAtomically(manifestPath(folder), keptJson(manifestPath(folder), { files }));
}
