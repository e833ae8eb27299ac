// Addresses of queues, and that no text shows their passwords.
import { expect, test } from 'vitest';
import { parseAddress } from '../../src/cluster/address.ts';

test('an address has a host, and may have all the rest', () => {
  expect(parseAddress('redis://localhost')).toMatchObject({
    name: 'default',
    text: 'redis://localhost:6379/default',
    connection: { host: 'localhost', port: 6379, db: 0 },
  });
  expect(parseAddress('rediss://lab:p%40ss@[::1]:7000/night-run?db=3')).toMatchObject({
    name: 'night-run',
    text: 'rediss://[::1]:7000/night-run?db=3',
    connection: { host: '::1', port: 7000, db: 3, username: 'lab', password: 'p@ss', tls: { servername: '::1' } },
  });
});

test('texts lose the password, as it is and as it is written in the address', () => {
  const { scrub } = parseAddress('redis://lab:p%40ss@host');
  expect(scrub('AUTH lab p@ss failed at redis://lab:p%40ss@host')).toBe('AUTH lab [password] failed at redis://host');
  expect(scrub('https://other:secret@bucket')).toBe('https://bucket');
});

test.each([
  ['no address', 'host:6379'],
  ['another protocol', 'http://u:secret@host'],
  ['no host', 'redis:///name'],
  ['a name with a colon', 'redis://u:secret@host/a:b'],
  ['a path', 'redis://u:secret@host/a/b'],
  ['another query', 'redis://u:secret@host/a?tls=1'],
  ['a text', 7],
])('%s is refused, and the message does not show it', (_, url) => {
  expect(() => parseAddress(url as string)).toThrow(/^The 'url' of a queue must be/);
  expect(() => parseAddress(url as string)).not.toThrow(/secret/);
});
