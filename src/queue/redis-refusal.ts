import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RedisNode, RedisTarget } from '../../config/redis-url.ts';
import { ConfigurationError } from '../domain/errors.ts';
import { explainTls } from '../domain/tls-problem.ts';
import { tlsOptions } from './redis-options.ts';

/**
 * Why this server will not be of use however long one waits, in one sentence with the mend; null when it may only be away. An
 * error that is one sentence already is thrown on.
 */
export async function whyRefused(
  error: Error,
  node: RedisNode,
  target: RedisTarget,
): Promise<string | null> {
  if (error instanceof ConfigurationError) throw error;
  const at = `${node.host}:${node.port}`;
  return (
    explainTls(error) ??
    explainReply(error.message, at) ??
    (await explainSilence(error, node, target))
  );
}

/** What Redis itself says, and what ioredis says of an answer that is not Redis'. */
function explainReply(message: string, at: string): string | null {
  const [word = ''] = message.split(' ');
  switch (word) {
    case 'WRONGPASS':
      return `${at} does not take this user or password`;
    case 'NOAUTH':
      return `${at} wants a password: redis://:PASSWORD@${at}`;
    case 'NOPERM':
      return `the user may not do what the queue needs (${message}); allow it: ACL SETUSER NAME +@all ~{tc}* &*`;
    case 'DENIED':
      return `${at} takes no connections from other machines without a password (protected mode); set one with requirepass`;
    case 'READONLY':
      return `${at} is a replica, which takes no jobs; name its master`;
    case 'NOREPLICAS':
    case 'MISCONF':
    case 'OOM':
    case 'LOADING':
    case 'BUSY':
    case 'MASTERDOWN':
    case 'CLUSTERDOWN':
    case 'TRYAGAIN':
      return null;
  }
  if (/invalid password/i.test(message)) return `${at} does not take this user or password`;
  if (/DB index is out of range/i.test(message)) {
    return `${at} has no database of that number; leave out what follows the host, or name another`;
  }
  if (/^ERR unknown command .?sentinel/i.test(message)) {
    return `${at} is no Sentinel; for a server by itself write redis://${at}`;
  }
  if (/^ERR unknown command/i.test(message)) {
    return `${at} lacks a command that the queue needs (${message})`;
  }
  if (/Protocol error|Unknown RESP type/i.test(message))
    return `what answers at ${at} is not a Redis; check the port`;
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
): Promise<string | null> {
  const { tls } = target;
  const silent =
    /Connection is closed|Command timed out|socket disconnected/i.test(error.message) ||
    ['ECONNRESET', 'EPROTO', 'EPIPE'].includes(error.code ?? '') ||
    (tls !== null && error.code === 'ETIMEDOUT');
  if (!silent) return null;
  const at = `${node.host}:${node.port}`;
  if (await speaksPostgres(node)) return `${at} is a PostgreSQL and not a Redis; check the port`;
  if (tls === null) {
    return (await speaksTls(node)) ? `${at} speaks TLS; write rediss:// instead of redis://` : null;
  }
  const alert = await tlsAlert(node, target);
  if (alert !== null) return alert;
  return (await speaksPlain(node))
    ? `${at} does not speak TLS; write redis:// instead of rediss://, or name its TLS port`
    : null;
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
function tlsAlert({ host, port }: RedisNode, target: RedisTarget): Promise<string | null> {
  const socket = connectTls({ host, port, ...tlsOptions(target) });
  return new Promise((resolve) => {
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(LOOK_MS, () => end(null));
    socket.once('error', (error) => end(explainTls(error)));
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
