// Builds the page of the tests, and serves it and the built playground as plain files.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the playground is served; the page of the tests is in `page/` below. */
    url: string;
  }
}

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const playground = join(root, 'examples/playground');
const page = join(root, 'build/test-page');
const folders: Record<string, string> = { playground: join(playground, 'dist'), page, dist: join(root, 'dist') };
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export default async function setup(project: TestProject): Promise<() => void> {
  await build({
    configFile: join(playground, 'vite.config.ts'),
    root: join(here, 'page'),
    logLevel: 'warn',
    build: { outDir: page, emptyOutDir: true },
  });
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    // In a folder, to see that the build works in any.
    const [, folder, ...rest] = pathname.split('/');
    const file = join(folders[folder] ?? '', rest.join('/') || 'index.html');
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  project.provide('url', `http://localhost:${(server.address() as AddressInfo).port}`);
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
