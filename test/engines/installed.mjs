// Finds the browsers' programs, or says how to install them.
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program in PATH. */
export function program(name) {
  return firstIn((process.env.PATH ?? '').split(delimiter), name);
}

/** The path of WebKitGTK's browser, which Debian has beside the library. */
export function miniBrowser() {
  const folders = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'webkit2gtk-4.1'));
  return firstIn(folders, 'MiniBrowser');
}

function firstIn(folders, name) {
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  throw new Error(`${name} is not installed. On Debian, 'sh test/engines/install.sh' installs all browsers.`);
}
