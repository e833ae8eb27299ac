// A Redis server for tests: on a port and in a folder of its own, ended by its process.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis)
  console.warn('Tests of queues are skipped: there is no redis-server. On Debian: apt-get install redis-server');

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a server with a log of its changes; `stop` and `kill` end it, and `start` starts it again on the same files. */
export async function startRedis({ args = [], port, host = '127.0.0.1', prefix = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'regulus-redis-'));
  const own = port ?? (await freePort());
  let child;
  const start = async () => {
    const options = [
      '--port',
      own,
      '--bind',
      host,
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--protected-mode',
      'no',
      ...args,
    ].map(String);
    const [command, ...rest] = [...prefix, 'redis-server', ...options];
    child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (text) => {
        said += text;
        if (said.includes('Ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
    });
    child.removeAllListeners('exit');
  };
  const end = (signal) =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.kill(signal);
    });
  await start();
  return {
    url: (name = 'test') => `redis://${host}:${own}/${name}`,
    port: own,
    folder,
    start,
    kill: () => end('SIGKILL'),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT');
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
