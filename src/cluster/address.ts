// The address of a queue, `redis://USER:PASSWORD@HOST:PORT/NAME`, and texts without its password.
import { ParameterError } from '../errors/index.ts';

export interface QueueAddress {
  /** The name of the queue; `default` where the address has none. */
  name: string;
  /** The address as it may be shown. */
  text: string;
  connection: {
    host: string;
    port: number;
    db: number;
    username?: string;
    password?: string;
    tls?: { servername: string };
  };
  /** `text` without the password. */
  scrub(text: string): string;
}

const remedy =
  'Such as redis://HOST:6379/NAME, with rediss: for TLS and USER:PASSWORD@ before the host where they are needed.';

/** @throws ParameterError for what is no address; the message does not show it, as it may hold a password. */
export function parseAddress(url: string): QueueAddress {
  const refuse = (rule: string): never => {
    throw new ParameterError(`The 'url' of a queue must be ${rule}. ${remedy}`);
  };
  if (typeof url !== 'string' || !URL.canParse(url)) return refuse('an address');
  const { protocol, hostname, port, username, password, pathname, searchParams, hash } = new URL(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:') return refuse('one that begins with redis:// or rediss://');
  if (hostname === '') return refuse('one with a host');
  const name = pathname.replace(/^\//, '') || 'default';
  if (!/^[\w.-]{1,64}$/.test(name))
    return refuse('one whose name has up to 64 letters, digits, dots, dashes and underscores');
  const db = searchParams.get('db') ?? '0';
  const others = [...searchParams.keys()].filter((key) => key !== 'db');
  if (!/^\d{1,5}$/.test(db) || others.length > 0 || hash)
    return refuse('one with nothing after the name but ?db=NUMBER');
  const host = hostname.replace(/^\[|\]$/g, '');
  const secrets = [...new Set([password, decode(password)])].filter((secret) => secret !== '');
  return {
    name,
    text: `${protocol}//${hostname}:${port || 6379}/${name}${db === '0' ? '' : `?db=${db}`}`,
    connection: {
      host,
      port: Number(port || 6379),
      db: Number(db),
      ...(username && { username: decode(username) }),
      ...(password && { password: decode(password) }),
      ...(protocol === 'rediss:' && { tls: { servername: host } }),
    },
    scrub: (text) =>
      secrets
        .reduce((rest, secret) => rest.replaceAll(secret, '[password]'), text)
        .replace(/(\w+:\/\/)[^\s/@]*@/g, '$1'),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
