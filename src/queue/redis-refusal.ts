import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisNode, RedisTarget } from '../../config/redis-url.ts';
import { ConfigurationError } from '../domain/errors.ts';
import type { QueueTrouble } from '../domain/health/health.ts';
import { explainTls } from '../domain/tls-problem.ts';
import { tlsOptions } from './redis-options.ts';

/** Why a server cannot be used, and what mends it. */
export interface RedisRefusal {
  /** One sentence for operators, with the mend. */
  why: string;
  /**
   * For everybody, where a change at the server mends it: what it is at the moment, whom it lets in, what they may do. Null where only
   * another REDIS_URL does.
   */
  now: QueueTrouble | null;
}

/** Redis answers and cannot be used as it is now, which may change while the process runs. The message is one line with the mend. */
export class RedisUnfitError extends Error {
  override readonly name = 'RedisUnfitError';
  /** {@link RedisRefusal.now} */
  readonly now: QueueTrouble;
  constructor(why: string, now: QueueTrouble) {
    super(`REDIS_URL: ${why}`);
    this.now = now;
  }
}

/** Redis does not answer, or something that passes keeps it from work. The message is one line. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';
  readonly now: QueueTrouble;
  constructor(why: string, now: QueueTrouble) {
    super(`REDIS_URL: Redis is away (${why})`);
    this.now = now;
  }
}

/** @throws ConfigurationError where only another REDIS_URL helps, else RedisUnfitError. */
export function refuseRedis({ why, now }: RedisRefusal): never {
  if (now === null) throw new ConfigurationError(`REDIS_URL: ${why}`);
  throw new RedisUnfitError(why, now);
}

/** Why this server is not of use, though it answers; null when it may only be away. */
export async function whyRefused(
  error: Error,
  node: RedisNode,
  target: RedisTarget,
): Promise<RedisRefusal | null> {
  const at = `${node.host}:${node.port}`;
  return (
    explainCertificate(error) ??
    explainReply(error.message, at) ??
    (await explainSilence(error, node, target))
  );
}

/** A certificate is changed at the server; one without TLS is another place. */
function explainCertificate(error: unknown): RedisRefusal | null {
  const why = explainTls(error);
  if (why === null) return null;
  return { why, now: /does not speak TLS/.test(why) ? null : CERTIFICATES };
}

const CERTIFICATES: QueueTrouble = {
  why: 'Redis and this process do not accept each other’s certificates',
  mend: 'The log says which certificate is not accepted, why, and what to set.',
};
export const PASSWORD: QueueTrouble = {
  why: 'Redis does not take our user or password',
  mend: 'Give Redis the user and password of REDIS_URL, which needs no restart, or write those that it takes into REDIS_URL and start again.',
};
const RIGHTS: QueueTrouble = {
  why: 'our user at Redis may not do what the queue needs',
  mend: 'Allow it: ACL SETUSER NAME +@all ~{tc}* &*; no restart is needed for that.',
};
const COMMANDS: QueueTrouble = {
  why: 'Redis lacks a command that the queue needs',
  mend: 'The log names the command; use a Redis or Valkey that has it.',
};
export const REPLICA: QueueTrouble = {
  why: 'Redis is a replica, which may not be written to',
  mend: 'Promote it, which needs no restart, or let REDIS_URL name its master and start again; sentinels put that right by themselves.',
};
export const DROPS_JOBS: QueueTrouble = {
  why: 'Redis drops jobs when its memory is full',
  mend: 'Set its maxmemory-policy to noeviction; no restart is needed for that.',
};

/** What Redis says for as long as something lasts. By the first word of its answer. */
const PASSING: ReadonlyMap<string, QueueTrouble> = new Map([
  [
    'OOM',
    {
      why: 'the memory of Redis is full',
      mend: 'Raise its maxmemory, or remove from it what does not belong to the queue; no restart is needed for that.',
    },
  ],
  [
    'MISCONF',
    {
      why: 'Redis cannot save its data and so takes no writes',
      mend: 'The log of Redis says why: as a rule its disk is full or its folder may not be written to.',
    },
  ],
  [
    'LOADING',
    {
      why: 'Redis is still loading its data',
      mend: 'Nothing has to be done: it is used once it has loaded them.',
    },
  ],
  [
    'BUSY',
    {
      why: 'a script keeps Redis busy',
      mend: 'End that script: SCRIPT KILL.',
    },
  ],
  [
    'NOREPLICAS',
    {
      why: 'Redis is in touch with too few replicas to take writes',
      mend: 'Start its replicas, or lower its min-replicas-to-write.',
    },
  ],
  [
    'MASTERDOWN',
    {
      why: 'Redis is a replica that has lost its master',
      mend: 'Start its master, or promote it.',
    },
  ],
  [
    'CLUSTERDOWN',
    {
      why: 'the Redis Cluster is not complete',
      mend: 'Start the nodes that are missing: CLUSTER NODES shows them.',
    },
  ],
]);

/** What keeps a Redis that answers from taking jobs for a while; null where its words do not say. */
export function explainPassing(message: string): QueueTrouble | null {
  return PASSING.get(message.split(' ', 1)[0] ?? '') ?? null;
}

/** What Redis itself says, and what ioredis says of an answer that is not Redis'. */
export function explainReply(message: string, at: string): RedisRefusal | null {
  const [word = ''] = message.split(' ');
  switch (word) {
    case 'WRONGPASS':
      return { why: `${at} does not take this user or password`, now: PASSWORD };
    case 'NOAUTH':
      return { why: `${at} wants a password: redis://:PASSWORD@${at}`, now: PASSWORD };
    case 'NOPERM':
      return {
        why: `the user may not do what the queue needs (${message}); allow it: ACL SETUSER NAME +@all ~{tc}* &*`,
        now: RIGHTS,
      };
    case 'DENIED':
      return {
        why: `${at} takes no connections from other machines without a password (protected mode); set one with requirepass`,
        now: PASSWORD,
      };
    case 'READONLY':
      return { why: `${at} is a replica, which takes no jobs; name its master`, now: REPLICA };
    case 'TRYAGAIN':
      return null;
  }
  if (PASSING.has(word)) return null;
  if (/invalid password/i.test(message)) {
    return { why: `${at} does not take this user or password`, now: PASSWORD };
  }
  if (/DB index is out of range/i.test(message)) {
    const why = `${at} has no database of that number; leave out what follows the host, or name another`;
    return { why, now: null };
  }
  if (/^ERR unknown command .?sentinel/i.test(message)) {
    const why = `${at} is no Sentinel; for a server by itself write redis://${at}`;
    return { why, now: null };
  }
  if (/^ERR unknown command/i.test(message)) {
    const why = `${at} lacks a command that the queue needs (${message})`;
    return { why, now: COMMANDS };
  }
  if (/Protocol error|Unknown RESP type/i.test(message)) {
    return { why: `what answers at ${at} is not a Redis; check the port`, now: null };
  }
  return null;
}

/**
 * A server that wants TLS hangs up on one who speaks in clear, and one without TLS waits for the end of what it cannot read. A
 * server that is away does the same, so the other way is tried before anything is said.
 */
async function explainSilence(
  error: Error & { code?: string },
  node: RedisNode,
  target: RedisTarget,
): Promise<RedisRefusal | null> {
  const { tls } = target;
  const silent =
    /Connection is closed|Command timed out|socket disconnected/i.test(error.message) ||
    ['ECONNRESET', 'EPROTO', 'EPIPE'].includes(error.code ?? '') ||
    (tls !== null && error.code === 'ETIMEDOUT');
  if (!silent) return null;
  const at = `${node.host}:${node.port}`;
  const elsewhere = (why: string): RedisRefusal => ({ why, now: null });
  if (await speaksPostgres(node)) {
    return elsewhere(`${at} is a PostgreSQL and not a Redis; check the port`);
  }
  if (tls === null) {
    if (!(await speaksTls(node))) return null;
    return elsewhere(`${at} speaks TLS; write rediss:// instead of redis://`);
  }
  const alert = await tlsAlert(node, target);
  if (alert !== null) return alert;
  if (!(await speaksPlain(node))) return null;
  return elsewhere(
    `${at} does not speak TLS; write redis:// instead of rediss://, or name its TLS port`,
  );
}

/** How long the other way is given. */
const LOOK_MS = 1_000;

function speaksTls({ host, port }: RedisNode): Promise<boolean> {
  // Nothing is sent over it, so it does not matter whose certificate it is.
  const socket = connectTls({ host, port, rejectUnauthorized: false });
  return answer(socket, (yes) => socket.once('secureConnect', yes));
}

/**
 * What is wrong with us in the eyes of a server with TLS 1.3. It says so when all is set up for us, and what we have sent by then may
 * make its system cut the connection before its words are read; so this sends nothing.
 */
function tlsAlert({ host, port }: RedisNode, target: RedisTarget): Promise<RedisRefusal | null> {
  const socket = connectTls({ host, port, ...tlsOptions(target) });
  return new Promise((resolve) => {
    const end = (refusal: RedisRefusal | null): void => {
      socket.destroy();
      resolve(refusal);
    };
    socket.setTimeout(LOOK_MS, () => end(null));
    socket.once('error', (error) => end(explainCertificate(error)));
    socket.once('close', () => end(null));
    // An alert comes with what there is to be read.
    socket.resume();
  });
}

function speaksPlain({ host, port }: RedisNode): Promise<boolean> {
  const socket = connect({ host, port });
  socket.write('PING\r\n');
  return answer(socket, (yes) => {
    socket.once('data', (bytes) => {
      if (/^[+-]/.test(bytes.toString('latin1'))) yes();
    });
  });
}

/** PostgreSQL hangs up on Redis' words, and answers this question of its own with one letter. */
function speaksPostgres({ host, port }: RedisNode): Promise<boolean> {
  const socket = connect({ host, port });
  socket.write(Buffer.from('0000000804d2162f', 'hex'));
  return answer(socket, (yes) => {
    socket.once('data', (bytes) => {
      if (/^[SN]$/.test(bytes.toString('latin1'))) yes();
    });
  });
}

function answer(
  socket: ReturnType<typeof connect>,
  listen: (yes: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (spoke: boolean): void => {
      socket.destroy();
      resolve(spoke);
    };
    socket.setTimeout(LOOK_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    listen(() => end(true));
  });
}
