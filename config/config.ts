import { resolve } from 'node:path';
import { ConfigurationError } from '../src/domain/errors.ts';
import { type Environment, readEnvironment } from './env.ts';
import { type MailConfig, mailConfig } from './mail.ts';
import { plainPath } from './path.ts';
import { type PlatformConfigs, platformConfigs } from './platforms.ts';
import { parseRedisUrl } from './redis-url.ts';
import { type InstanceSecrets, loadSecrets, Secret } from './secrets.ts';
import { trustProxy } from './trust-proxy.ts';
import { listOf, origin, url, web } from './urls.ts';

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
    /** The bearer token for the metrics; null: the metrics are switched off. */
    metricsToken: Secret | null;
  };
  log: { level: string };
  dataDir: string;
  /** The system's folder of compiled time zone rules. */
  zoneDir: string;
  /** Addresses that are asked for the time, beside the networks; without a trailing slash. */
  timeUrls: readonly string[];
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
  mail: MailConfig;
}

const DAY_MS = 86_400_000;

/**
 * Reads the environment and the data folder.
 * @throws ConfigurationError, one line that names the variable and the mend.
 */
export function loadConfig(source?: NodeJS.ProcessEnv): Config {
  const env = readEnvironment(source);
  const dataDir = resolve(plainPath('DATA_DIR', env.DATA_DIR));
  const secretsFile = plainPath('SECRETS_FILE', env.SECRETS_FILE);
  return {
    http: {
      host: env.HOST,
      port: env.PORT,
      baseUrl: baseUrl(env),
      trustProxy: trustProxy(env.TRUST_PROXY),
      exitUrl: web('EXIT_URL', env.EXIT_URL),
      metricsToken: metricsToken(env),
    },
    log: { level: env.LOG_LEVEL },
    dataDir,
    zoneDir: resolve(plainPath('TZDIR', env.TZDIR)),
    timeUrls: listOf(env.TIME_URLS).map((one) => origin('TIME_URLS', one)),
    databaseUrl: url('DATABASE_URL', env.DATABASE_URL, ['postgres:', 'postgresql:']),
    redisUrl: redisUrl(env.REDIS_URL),
    secrets: loadSecrets(dataDir, secretsFile && resolve(secretsFile)),
    retentionMs: env.RETENTION_DAYS * DAY_MS,
    soleOperator: env.SOLE_OPERATOR,
    delivery: delivery(env),
    crashAt: env.CRASH_AT,
    platforms: platformConfigs(env),
    mail: mailConfig(env),
  };
}

/** Checked here, and read where the connections are made. */
function redisUrl(value: string): Secret | null {
  if (value === '') return null;
  parseRedisUrl(value);
  return new Secret(value);
}

function baseUrl(env: Environment): string | null {
  if (env.BASE_URL !== '') return origin('BASE_URL', env.BASE_URL);
  if (env.PORT === 0) return null;
  const host = env.HOST === '0.0.0.0' || env.HOST === '::' ? '127.0.0.1' : env.HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${env.PORT}`;
}

/** RFC 6750, 2.1: what a bearer token is made of. Long enough not to be guessed. */
const TOKEN = /^[\w.~+/-]{16,}=*$/;

function metricsToken(env: Environment): Secret | null {
  if (env.METRICS_TOKEN === '') return null;
  if (TOKEN.test(env.METRICS_TOKEN)) return new Secret(env.METRICS_TOKEN);
  throw new ConfigurationError(
    'METRICS_TOKEN: must be 16 characters or more, of letters, digits and -._~+/; for example from: openssl rand -hex 24',
  );
}

type Seconds = Extract<keyof Environment, `${string}_SECONDS`>;

/** What has to be shorter than what, or no longer, and why. */
const ORDERS: readonly { short: Seconds; long: Seconds; mayBeEqual?: true; why: string }[] = [
  {
    ...{ short: 'ARM_LEAD_SECONDS', long: 'LOCK_LEAD_SECONDS', mayBeEqual: true },
    why: 'since arming follows locking',
  },
  {
    ...{ short: 'LOCK_LEAD_SECONDS', long: 'PREFLIGHT_AGAIN_SECONDS' },
    why: 'so that who has to connect again still can',
  },
  {
    ...{ short: 'LOCK_LEAD_SECONDS', long: 'PREFLIGHT_LEAD_SECONDS' },
    why: 'so that who has to connect again still can',
  },
  {
    ...{ short: 'RECONCILE_DELAY_SECONDS', long: 'TOO_LATE_SECONDS' },
    why: 'since nothing is asked for after it',
  },
];

/** The one that is not as it is by default is named, or else the shorter one. */
function refuseWrongOrder(env: Environment, usual: Environment): void {
  for (const { short, long, mayBeEqual, why } of ORDERS) {
    if (env[short] < env[long] || (mayBeEqual && env[short] === env[long])) continue;
    const isLongSet = env[short] === usual[short];
    const [name, other] = isLongSet ? [long, short] : [short, long];
    const must = isLongSet ? 'longer' : 'shorter';
    throw new ConfigurationError(
      `${name}: ${env[name]} must be ${must} than ${other}, which is ${env[other]}${mayBeEqual ? ', or as long' : ''}, ${why}; make ${short} shorter, or ${long} longer`,
    );
  }
}

function delivery(env: Environment): Config['delivery'] {
  refuseWrongOrder(env, readEnvironment({}));
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
