// A fresh project in a folder of its own, with the packed tarball installed as a user would.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs a program and returns what it printed; `fails` tells what its failure means. */
export function run(folder, program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, NO_COLOR: '1', CI: '1', NODE_ENV: '' },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? ''}${stderr}${stdout}`.slice(0, 3000));
  return stdout.trim();
}

/** Makes the project `name` below `root` with `files` (path → text), the tarball and `packages`. */
export function makeProject(root, name, tarball, { packages = [], files = {}, manifest = {} }) {
  const folder = join(root, name);
  const all = { 'package.json': JSON.stringify({ name, private: true, type: 'module', ...manifest }), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  copyFileSync(fileURLToPath(new URL('train.js', import.meta.url)), join(folder, 'train.js'));
  run(
    folder,
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    tarball,
    ...packages,
  );
  return folder;
}

/** The version of a package that a project has. */
export function versionOf(folder, name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
}
