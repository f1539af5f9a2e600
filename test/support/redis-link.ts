import { connect, createServer, type Server, type Socket } from 'node:net';
import { atEnd } from './at-end.ts';
import { freePort } from './free-port.ts';

/**
 * What stands where a Redis is expected. `open`: the real one. `gone`: no one listens. `silent`: takes connections and never
 * answers. `garbage`: answers, but is no Redis. Else a Redis that answers each command about a key with this error.
 */
export type RedisState = 'open' | 'gone' | 'silent' | 'garbage' | { error: string };

export interface RedisLink {
  /** What REDIS_URL is to be. */
  url: string;
  /** Connections that are open are reset, unless the new state is `silent`, where they go dead as they are. */
  turn(state: RedisState): Promise<void>;
}

/** Puts a wire of ours before the Redis at `target`. It starts as `state`. */
export async function startRedisLink(
  target: string,
  state: RedisState = 'open',
): Promise<RedisLink> {
  const real = new URL(target);
  const url = new URL(target);
  const port = await freePort();
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const sockets = new Set<Socket>();
  let now: RedisState = 'gone';
  let server: Server | null = null;

  const accept = (near: Socket): void => {
    sockets.add(near);
    near.on('error', () => undefined);
    near.on('close', () => sockets.delete(near));
    if (now === 'silent') near.resume();
    else if (now === 'garbage')
      near.on('data', () => near.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    else if (typeof now === 'object') answerErrors(near, now.error);
    else forward(near, real);
  };
  const close = async (): Promise<void> => {
    const open = server;
    server = null;
    for (const socket of sockets) socket.resetAndDestroy();
    if (open) await new Promise((resolve) => open.close(resolve));
  };
  const listen = async (): Promise<void> => {
    const fresh = createServer({ noDelay: true }, accept);
    await new Promise<void>((resolve, reject) => {
      fresh.once('error', reject);
      fresh.listen(port, '127.0.0.1', resolve);
    });
    server = fresh;
  };
  const turn = async (to: RedisState): Promise<void> => {
    const before = now;
    now = to;
    if (to === 'silent' && before === 'open') {
      for (const socket of sockets) socket.emit('silence');
      return;
    }
    await close();
    if (to !== 'gone') await listen();
  };
  await turn(state);
  atEnd(close);
  return { url: url.href, turn };
}

function forward(near: Socket, real: URL): void {
  const far = connect({ host: real.hostname, port: Number(real.port || 6379), noDelay: true });
  far.on('error', () => near.resetAndDestroy());
  far.on('close', () => near.destroy());
  near.on('close', () => far.destroy());
  near.pipe(far).pipe(near);
  near.once('silence', () => {
    near.unpipe(far).resume();
    far.unpipe(near).resume();
  });
}

/** Commands that are about no key: such a Redis answers them as ever. */
const KEYLESS: Readonly<Record<string, string>> = {
  AUTH: '+OK\r\n',
  SELECT: '+OK\r\n',
  CLIENT: '+OK\r\n',
  PING: '+PONG\r\n',
  QUIT: '+OK\r\n',
  INFO: bulk('redis_version:7.2.0\r\nmaxmemory_policy:noeviction\r\nloading:0\r\n'),
};

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** Where the error is about who asks, not even those are answered. */
const AT_THE_DOOR = /^(NOAUTH|WRONGPASS|LOADING)/;

/** Speaks RESP: reads arrays of bulk strings, answers each command in turn. */
function answerErrors(socket: Socket, error: string): void {
  let read: Buffer = Buffer.alloc(0);
  socket.on('data', (data) => {
    read = Buffer.concat([read, data]);
    for (;;) {
      const command = takeCommand(read);
      if (command === null) return;
      read = command.rest;
      const known = AT_THE_DOOR.test(error) ? undefined : KEYLESS[command.name];
      socket.write(known ?? `-${error}\r\n`);
    }
  });
}

function takeCommand(bytes: Buffer): { name: string; rest: Buffer } | null {
  let at = 0;
  const line = (): string | null => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return null;
    const text = bytes.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  const head = line();
  if (head === null) return null;
  let name = '';
  for (let part = 0; part < Number(head.slice(1)); part++) {
    const size = line();
    if (size === null || bytes.length < at + Number(size.slice(1)) + 2) return null;
    if (part === 0) name = bytes.toString('latin1', at, at + Number(size.slice(1))).toUpperCase();
    at += Number(size.slice(1)) + 2;
  }
  return { name, rest: bytes.subarray(at) };
}
