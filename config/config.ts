import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { ConfigurationError } from '../src/domain/errors.ts';
import { type Environment, readEnvironment } from './env.ts';
import { type PlatformConfigs, platformConfigs } from './platforms.ts';
import { parseRedisUrl } from './redis-url.ts';
import { type InstanceSecrets, loadSecrets, Secret } from './secrets.ts';
import { origin, url, web } from './urls.ts';

/** The whole configuration, checked and nested. Durations carry their unit. Safe to log: secrets print as `[secret]`. */
export interface Config {
  http: {
    host: string;
    port: number;
    /** Public address without a trailing slash; null until the port is known (PORT=0 with no BASE_URL). */
    baseUrl: string | null;
    trustProxy: readonly string[];
    /** Where a supporter who has to leave at once is sent: a page of no interest to anybody. */
    exitUrl: string;
    /** What whoever collects the metrics has to say; null: nobody may. */
    metricsToken: Secret | null;
  };
  log: { level: string };
  dataDir: string;
  /** The system's folder of compiled time zone rules. */
  zoneDir: string;
  /** Null: the embedded database. */
  databaseUrl: Secret | null;
  /** Null: BullMQ on the database. */
  redisUrl: Secret | null;
  secrets: InstanceSecrets;
  /** How long after the end of a campaign its keys are destroyed and its rows are reduced to counters. */
  retentionMs: number;
  /** True where one person runs the instance and may approve their own campaigns. */
  soleOperator: boolean;
  delivery: {
    preflightLeadMs: number;
    preflightAgainMs: number;
    lockLeadMs: number;
    armLeadMs: number;
    tooLateMs: number;
    reconcileDelayMs: number;
    /** Whether a post that cannot be looked for is settled by sending the same text again. */
    repostUndecided: boolean;
    shardSize: number;
  };
  /** `POINT:N`, for tests: this process dies at the Nth pass of that crash point. Empty everywhere else. */
  crashAt: string;
  platforms: PlatformConfigs;
  mail: {
    /** Null: mails are kept for an operator to look at, and not sent. */
    smtpUrl: Secret | null;
    from: string;
  };
}

const DAY_MS = 86_400_000;
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads the environment and the data folder.
 * @throws ConfigurationError, one line that names the variable and the mend.
 */
export function loadConfig(source?: NodeJS.ProcessEnv): Config {
  const env = readEnvironment(source);
  const dataDir = resolve(env.DATA_DIR);
  if (!LEVELS.includes(env.LOG_LEVEL)) {
    throw new ConfigurationError(`LOG_LEVEL: must be one of ${LEVELS.join(', ')}`);
  }
  return {
    http: {
      host: env.HOST,
      port: env.PORT,
      baseUrl: baseUrl(env),
      trustProxy: trustProxy(env),
      exitUrl: web('EXIT_URL', env.EXIT_URL),
      metricsToken: metricsToken(env),
    },
    log: { level: env.LOG_LEVEL },
    dataDir,
    zoneDir: resolve(env.TZDIR),
    databaseUrl: url('DATABASE_URL', env.DATABASE_URL, ['postgres:', 'postgresql:']),
    redisUrl: redisUrl(env.REDIS_URL),
    secrets: loadSecrets(dataDir, env.SECRETS_FILE && resolve(env.SECRETS_FILE)),
    retentionMs: env.RETENTION_DAYS * DAY_MS,
    soleOperator: env.SOLE_OPERATOR,
    delivery: delivery(env),
    crashAt: env.CRASH_AT,
    platforms: platformConfigs(env),
    mail: mail(env),
  };
}

/** Checked here, and read where the connections are made. */
function redisUrl(value: string): Secret | null {
  if (value === '') return null;
  parseRedisUrl(value);
  return new Secret(value);
}

function mail(env: Environment): Config['mail'] {
  const smtpUrl = url('SMTP_URL', env.SMTP_URL, ['smtp:', 'smtps:']);
  if (smtpUrl !== null && !/[^\s@]@[^\s@]/.test(env.MAIL_FROM)) {
    throw new ConfigurationError(
      'MAIL_FROM: with SMTP_URL, the address that mails come from is needed, such as reminders@example.org',
    );
  }
  return { smtpUrl, from: env.MAIL_FROM };
}

function baseUrl(env: Environment): string | null {
  if (env.BASE_URL !== '') return origin('BASE_URL', env.BASE_URL);
  if (env.PORT === 0) return null;
  const host = env.HOST === '0.0.0.0' || env.HOST === '::' ? '127.0.0.1' : env.HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${env.PORT}`;
}

/** RFC 6750, 2.1: what a bearer token is made of. Long enough that nobody guesses it. */
const TOKEN = /^[\w.~+/-]{16,}=*$/;

function metricsToken(env: Environment): Secret | null {
  if (env.METRICS_TOKEN === '') return null;
  if (TOKEN.test(env.METRICS_TOKEN)) return new Secret(env.METRICS_TOKEN);
  throw new ConfigurationError(
    'METRICS_TOKEN: must be 16 characters or more, of letters, digits and -._~+/; for example from: openssl rand -hex 24',
  );
}

/** Names that the HTTP server knows for networks. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

function trustProxy(env: Environment): string[] {
  const proxies = env.TRUST_PROXY.split(',').flatMap((part) => part.trim() || []);
  const all = proxies.find((proxy) => /\/0+$/.test(proxy));
  if (all !== undefined) {
    throw new ConfigurationError(
      `TRUST_PROXY: "${all}" is every address there is, so anybody could pass for another; name your proxies alone`,
    );
  }
  const wrong = proxies.find((proxy) => !NETWORKS.includes(proxy) && !isNetwork(proxy));
  if (wrong === undefined) return proxies;
  throw new ConfigurationError(
    `TRUST_PROXY: "${wrong}" is not an address, a network such as 10.0.0.0/8, or one of ${NETWORKS.join(', ')}`,
  );
}

/** An address, or one with the length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

function delivery(env: Environment): Config['delivery'] {
  if (env.ARM_LEAD_SECONDS > env.LOCK_LEAD_SECONDS) {
    throw new ConfigurationError(
      'ARM_LEAD_SECONDS: must not be longer than LOCK_LEAD_SECONDS, since arming follows locking',
    );
  }
  return {
    preflightLeadMs: env.PREFLIGHT_LEAD_SECONDS * 1000,
    preflightAgainMs: env.PREFLIGHT_AGAIN_SECONDS * 1000,
    lockLeadMs: env.LOCK_LEAD_SECONDS * 1000,
    armLeadMs: env.ARM_LEAD_SECONDS * 1000,
    tooLateMs: env.TOO_LATE_SECONDS * 1000,
    reconcileDelayMs: env.RECONCILE_DELAY_SECONDS * 1000,
    repostUndecided: env.REPOST_UNDECIDED,
    shardSize: env.SHARD_SIZE,
  };
}
