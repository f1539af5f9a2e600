import { ConfigurationError } from '../src/domain/errors.ts';
import { ENCODE, refuseOtherEscapes } from './urls.ts';

/** A server's name or address, and its port. */
export interface RedisNode {
  host: string;
  port: number;
}

/** Where Redis is, as REDIS_URL names it. Holds passwords: never to be logged. */
export interface RedisTarget {
  /** `auto`: one server, which may turn out to be a node of a cluster. */
  kind: 'auto' | 'cluster' | 'sentinel';
  /** Never empty. Of the cluster any of its nodes, of Sentinel the sentinels. */
  nodes: readonly [RedisNode, ...RedisNode[]];
  /** What the sentinels call the server; '' otherwise. */
  master: string;
  db: number;
  username: string;
  password: string;
  sentinelUsername: string;
  sentinelPassword: string;
  /** Null: in clear. */
  tls: RedisTls | null;
  /** Which addresses of a name are tried: 4, 6, or 0 for both. */
  family: 0 | 4 | 6;
}

export interface RedisTls {
  /** False with `sslmode=no-verify`: encrypted, without a check of the server's identity. */
  verify: boolean;
  /** Paths of PEM files: who signed the server's certificate, and our own certificate with its key. '' where none is given. */
  ca: string;
  cert: string;
  key: string;
}

const SCHEME = /^(redis|rediss|valkey|valkeys)(?:[+-](sentinel|cluster))?:\/\//;
const PARAMETERS = [
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'family'],
  ...['sentinelUsername', 'sentinelPassword'],
];

/**
 * Reads REDIS_URL. Beyond one server it takes several hosts with commas between them, which no URL parser does, so the
 * hosts are taken apart here.
 * @throws ConfigurationError, which never repeats a password.
 */
export function parseRedisUrl(value: string): RedisTarget {
  const [scheme, name = '', topology] = SCHEME.exec(value) ?? [];
  if (scheme === undefined) {
    throw wrong(
      'must start with redis:// or rediss:// (redis+sentinel:// and redis+cluster:// for several servers)',
    );
  }
  refuseOtherEscapes('REDIS_URL', value);
  const { userinfo, hosts, path, query } = splitList(value.slice(scheme.length));
  const secure = name === 'rediss' || name === 'valkeys';
  const nodes = readNodes(hosts, topology === 'sentinel' ? 26_379 : 6_379);
  const kind = parseKind(topology, nodes.length);
  const parameters = readParameters(query);
  if (!secure) refuseTlsInClear(parameters);
  const [first = '', second = '', ...rest] = path.split('/');
  if (rest.length > 0 || (kind !== 'sentinel' && second !== '')) {
    throw wrong('has more behind the host than the number of a database, such as /0');
  }
  return {
    kind,
    nodes,
    ...readPath(kind, first, second),
    ...readUser(userinfo),
    sentinelUsername: parameters.get('sentinelUsername') ?? '',
    sentinelPassword: parameters.get('sentinelPassword') ?? '',
    tls: secure ? readTls(parameters) : null,
    family: readFamily(parameters.get('family')),
  };
}

function wrong(why: string): ConfigurationError {
  return new ConfigurationError(`REDIS_URL: ${why}`);
}

interface Parts {
  userinfo: string;
  hosts: string;
  path: string;
  query: string;
}

/** `user:password@hosts/path?query`; each part but the hosts may be absent. */
function splitList(rest: string): Parts {
  const [before = '', query = ''] = cut(rest, '?');
  const [authority = '', path = ''] = cut(before, '/');
  const at = authority.lastIndexOf('@');
  // A password is cut there, and what stands before the cut looks like a host: it is not repeated.
  if (path.includes('@')) throw wrong(`has a / before the @; ${ENCODE}`);
  if (at < 0 && cutsPassword(query)) throw wrong(`has a ? before the @; ${ENCODE}`);
  return {
    userinfo: authority.slice(0, Math.max(at, 0)),
    hosts: authority.slice(at + 1),
    path,
    query,
  };
}

/** Only the name of a file and another password may have an @ in them. */
function cutsPassword(query: string): boolean {
  return query
    .split('&')
    .some((one) => one.includes('@') && !/^(sslrootcert|sslcert|sslkey|sentinel\w+)=/.test(one));
}

function cut(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function parseKind(topology: string | undefined, count: number): RedisTarget['kind'] {
  if (topology === 'sentinel' || topology === 'cluster') return topology;
  return count > 1 ? 'cluster' : 'auto';
}

const NODE = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i;

function readNodes(hosts: string, port: number): readonly [RedisNode, ...RedisNode[]] {
  const [first, ...others] = hosts.split(',').map((text): RedisNode => {
    const [, host = '', given] = NODE.exec(text.trim()) ?? [];
    if (host === '' || Number(given) > 65_535 || Number(given) === 0) {
      throw wrong(
        `a host and, if need be, a port are expected after ://, such as redis://10.0.0.5:6379; ${ENCODE}`,
      );
    }
    return { host: host.replace(/^\[|\]$/g, ''), port: given === undefined ? port : Number(given) };
  });
  if (!first) throw wrong('names no host');
  return [first, ...others];
}

function readPath(kind: RedisTarget['kind'], first: string, second: string) {
  if (kind === 'sentinel') {
    if (first === '') {
      throw wrong(
        'after the sentinels, the name that they have for the server is expected: redis+sentinel://HOST:26379/NAME',
      );
    }
    return { master: decodeURIComponent(first), db: readDb(second) };
  }
  const db = readDb(first);
  if (kind === 'cluster' && db !== 0) {
    throw wrong(`a Redis Cluster has database 0 alone; leave out the /${db} at the end`);
  }
  return { master: '', db };
}

function readDb(text: string): number {
  if (text === '') return 0;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw wrong('what follows the host must be the number of a database, such as /0');
}

function readUser(userinfo: string): Pick<RedisTarget, 'username' | 'password'> {
  const [username = '', password = ''] = cut(userinfo, ':');
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function readParameters(query: string): ReadonlyMap<string, string> {
  // A + is a + in an address; of a form it would be a space.
  const [parts = ''] = query.replaceAll('+', '%2B').split('#');
  const parameters = new Map(new URLSearchParams(parts));
  for (const name of parameters.keys()) {
    if (PARAMETERS.includes(name)) continue;
    throw wrong(`"${name}" is not known; after the ? there may be ${PARAMETERS.join(', ')}`);
  }
  return parameters;
}

/** Who asks for TLS must not silently go without it. */
function refuseTlsInClear(parameters: ReadonlyMap<string, string>): void {
  const name = [...parameters.keys()].find((one) => one.startsWith('ssl'));
  if (name === undefined) return;
  throw wrong(`${name} is for TLS, and redis:// is without it; write rediss://, or leave it out`);
}

function readTls(parameters: ReadonlyMap<string, string>): RedisTls {
  const mode = parameters.get('sslmode') ?? 'verify-full';
  if (mode !== 'verify-full' && mode !== 'no-verify') {
    throw wrong('sslmode must be verify-full, which is the default, or no-verify');
  }
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => parameters.get(name));
  return { verify: mode === 'verify-full', ca: ca ?? '', cert: cert ?? '', key: key ?? '' };
}

function readFamily(text: string | undefined): RedisTarget['family'] {
  switch (text ?? '0') {
    case '0':
      return 0;
    case '4':
      return 4;
    case '6':
      return 6;
    default:
      throw wrong('family must be 4, 6, or 0 for both');
  }
}
