// Machines of their own for processes: each has a network namespace and a cable that can be cut. Where the system has none (it
// needs root on Linux), a proxy for each process that lets nothing through.
import { spawnSync } from 'node:child_process';
import { connect, createServer } from 'node:net';

const ip = (...args) => spawnSync('ip', args.map(String), { encoding: 'utf8' });
const must = (...args) => {
  const { status, stderr } = ip(...args);
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
};

/** The host at which the server of all machines must listen, and machines by number, to which it is at `host`:`port`. */
export function makeNetwork(port) {
  const probe = `regulus-${process.pid}`;
  const works = ip('netns', 'add', probe).status === 0;
  if (!works) return proxies(port);
  ip('netns', 'del', probe);
  return namespaces(port);
}

function namespaces(port) {
  const id = process.pid % 10_000;
  const net = `10.77.${id % 250}`;
  const bridge = `rgb${id}`;
  must('link', 'add', bridge, 'type', 'bridge');
  must('addr', 'add', `${net}.1/24`, 'dev', bridge);
  must('link', 'set', bridge, 'up');
  const made = [];
  return {
    kind: 'network namespaces',
    host: `${net}.1`,
    machine(number) {
      const [name, cable] = [`rgn${id}-${number}`, `rgv${id}-${number}`];
      must('netns', 'add', name);
      made.push(name);
      must('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      must('link', 'set', cable, 'master', bridge);
      must('link', 'set', cable, 'up');
      for (const args of [
        ['addr', 'add', `${net}.${10 + number}/24`, 'dev', 'eth0'],
        ['link', 'set', 'eth0', 'up'],
        ['link', 'set', 'lo', 'up'],
      ])
        must('-n', name, ...args);
      return {
        host: `${net}.1`,
        port,
        prefix: ['ip', 'netns', 'exec', name],
        cut: () => must('link', 'set', cable, 'down'),
        join: () => must('link', 'set', cable, 'up'),
      };
    },
    close() {
      for (const name of made) ip('netns', 'del', name);
      ip('link', 'del', bridge);
    },
  };
}

function proxies(port) {
  const servers = [];
  return {
    kind: 'proxies',
    host: '127.0.0.1',
    machine(number) {
      let isCut = false;
      const sockets = new Set();
      const own = port + 1 + number;
      const server = createServer((near) => {
        const far = connect(port, '127.0.0.1');
        for (const [one, other] of [
          [near, far],
          [far, near],
        ]) {
          sockets.add(one);
          one.pipe(other);
          one.on('error', () => other.destroy()).on('close', () => sockets.delete(one));
          if (isCut) one.pause();
        }
      }).listen(own, '127.0.0.1');
      servers.push(server);
      const set = (value) => {
        isCut = value;
        for (const socket of sockets) socket[value ? 'pause' : 'resume']();
      };
      return { host: '127.0.0.1', port: own, prefix: [], cut: () => set(true), join: () => set(false) };
    },
    close() {
      for (const server of servers) server.close();
    },
  };
}
