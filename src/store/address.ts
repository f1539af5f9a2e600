import { existsSync, readFileSync, statSync } from 'node:fs';
import { ConfigurationError } from '../domain/errors.ts';
import { didYouMean } from '../domain/suggest.ts';
import { missingPem } from '../domain/tls-problem.ts';

/** libpq's words, and one of pg's own. pg takes any other for no TLS at all, and says nothing. */
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/**
 * What may follow the `?`: what pg reads, and what libpq knows, since hosters print strings for it.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
const PARAMETERS = [
  ...['host', 'hostaddr', 'port', 'dbname', 'user', 'password', 'passfile', 'require_auth'],
  ...['channel_binding', 'connect_timeout', 'client_encoding', 'options', 'application_name'],
  ...['fallback_application_name', 'keepalives', 'keepalives_idle', 'keepalives_interval'],
  ...['keepalives_count', 'tcp_user_timeout', 'replication', 'gssencmode', 'sslmode', 'requiressl'],
  ...['sslnegotiation', 'sslcompression', 'sslcert', 'sslkey', 'sslkeylogfile', 'sslpassword'],
  ...['sslcertmode', 'sslrootcert', 'sslcrl', 'sslcrldir', 'sslsni', 'requirepeer'],
  ...['ssl_min_protocol_version', 'ssl_max_protocol_version', 'min_protocol_version'],
  ...['max_protocol_version', 'krbsrvname', 'gsslib', 'gssdelegation', 'scram_client_key'],
  ...['scram_server_key', 'service', 'servicefile', 'target_session_attrs', 'load_balance_hosts'],
  ...['oauth_issuer', 'oauth_client_id', 'oauth_client_secret', 'oauth_scope'],
  ...['ssl', 'uselibpqcompat', 'encoding', 'statement_timeout', 'query_timeout', 'lock_timeout'],
  ...['idle_in_transaction_session_timeout', 'connectionTimeoutMillis'],
];

/** Files that only TLS has a use for. */
const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/**
 * The address as `pg` is to read it. It takes `require`, `prefer` and `verify-ca` for `verify-full` and prints a warning for each;
 * and it takes `sslrootcert=system`, libpq's word for the authorities that the machine knows, for the name of a file. Where there is a
 * space anywhere it reads each %2F as it stands.
 * @throws ConfigurationError for a parameter or an `sslmode` that there is not, TLS that is asked for and switched off, and a file that
 * does not hold what it should.
 */
export function plainAddress(address: string): string {
  const url = address.replaceAll(' ', '%20');
  const [before = '', query] = url.split(/\?(.*)/s);
  if (query === undefined) return url;
  const given = new URLSearchParams(query);
  refuseUnknown(given);
  for (const mode of given.getAll('sslmode')) {
    if (!MODES.includes(mode)) throw wrongMode(mode);
  }
  refuseTlsInClear(given);
  for (const name of FILES) refuseOtherFile(name, given.get(name));
  const parameters = query.split('&').filter((one) => !/^sslrootcert=system$/i.test(one));
  const compatible = parameters.some((one) => /^uselibpqcompat=true$/i.test(one));
  const read = parameters.map((one) =>
    compatible ? one : one.replace(/^sslmode=(require|prefer|verify-ca)$/i, 'sslmode=verify-full'),
  );
  return read.length === 0 ? before : `${before}?${read.join('&')}`;
}

/** All of them in one line, so that the next start is not refused for the next one. */
function refuseUnknown(given: URLSearchParams): void {
  const unknown = [...new Set(given.keys())].filter((name) => !PARAMETERS.includes(name));
  const [first, ...others] = unknown.map((name) => ({
    name,
    mend:
      mendOfOthers(name, given.get(name) ?? '') ??
      (didYouMean(name, PARAMETERS) || '; leave it out'),
  }));
  if (!first) return;
  const rest = others.map(({ name, mend }) => `; nor is "${name}"${mend}`).join('');
  throw new ConfigurationError(
    `DATABASE_URL: "${first.name}" after the ? is no parameter of PostgreSQL${first.mend}${rest}`,
  );
}

const POOL =
  '; leave it out, since how many connections a process opens is fixed, and counted against those that are free at the start';
const POOLER =
  '; leave it out, since the start finds out whether a pooler stands in between, and says what it would need';
const PLACE =
  '; leave it out, and name a database that is for Tocsin alone: its tables are in the schema public there';

/** Words of other programs, which stand in the strings that people have: Prisma's, and those of drivers for other languages. */
const OTHERS: Readonly<Record<string, string>> = {
  ...{ schema: PLACE, currentschema: PLACE, search_path: PLACE, searchpath: PLACE },
  ...{ connection_limit: POOL, pool_timeout: POOL, pool_size: POOL, max_connections: POOL },
  ...{ pool: POOL, pool_max_conns: POOL, pool_min_conns: POOL, max_overflow: POOL },
  ...{ single_use_connections: POOL, max_connection_lifetime: POOL, socket_timeout: POOL },
  ...{ max_idle_connection_lifetime: POOL },
  ...{ pgbouncer: POOLER, prepared_statements: POOLER, statement_cache_size: POOLER },
  ...{ preparethreshold: POOLER, prepared_statement_cache_size: POOLER, supa: POOLER },
  ...{ statement_cache_capacity: POOLER, default_query_exec_mode: POOLER },
  sslidentity: '; write sslcert and sslkey, the paths of a certificate and its key in PEM',
};

/** What is to be written in the place of a word of another program; null where it is none that is known. */
function mendOfOthers(name: string, value: string): string | null {
  if (name.toLowerCase() === 'sslaccept') {
    const mode = value === 'accept_invalid_certs' ? 'no-verify' : 'verify-full';
    return `; write sslmode=${mode}`;
  }
  return Object.hasOwn(OTHERS, name.toLowerCase()) ? (OTHERS[name.toLowerCase()] ?? null) : null;
}

/** Who names a certificate must not silently go without TLS. */
function refuseTlsInClear(given: URLSearchParams): void {
  const name = FILES.find((one) => given.has(one));
  const off = given.get('sslmode') === 'disable' && 'sslmode=disable';
  if (name === undefined || !off) return;
  throw new ConfigurationError(
    `DATABASE_URL: ${name} is for TLS, and ${off} is without it; write sslmode=verify-full, or leave ${name} out`,
  );
}

/** What cannot be read the driver says of its own. */
function refuseOtherFile(name: (typeof FILES)[number], path: string | null): void {
  if (path === null || path === 'system' || !existsSync(path) || statSync(path).isDirectory())
    return;
  const missing = missingPem(name, readFileSync(path, 'utf8'));
  if (missing === null) return;
  throw new ConfigurationError(`DATABASE_URL: ${name}: ${path} ${missing}`);
}

function wrongMode(mode: string): ConfigurationError {
  const mend = didYouMean(mode, MODES) || `; there are ${MODES.join(', ')}`;
  return new ConfigurationError(`DATABASE_URL: there is no sslmode "${mode}"${mend}`);
}
