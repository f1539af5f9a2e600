import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../config/redis-url.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { type JobName, queueName } from '../../src/queue/jobs.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { createClient, type RedisUse } from '../../src/queue/redis-options.ts';
import { atEnd } from '../support/at-end.ts';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import {
  type RedisServer,
  startRedisCluster,
  startRedisServer,
  withRedisServer,
} from '../support/redis-servers.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

interface Opened {
  queues: Queues;
  errors: string[];
}

async function open(url: string): Promise<Opened> {
  const errors: string[] = [];
  const queues = await openQueues({ kind: 'redis', url }, ['x'], ({ message }) =>
    errors.push(message),
  );
  atEnd(() => queues.dispose());
  return { queues, errors };
}

/** A job of each queue. */
const EACH: readonly JobName[] = ['lock', 'settle', 'mail', 'fire'];

/** Sends a job round each queue and waits until all of them have been run. */
async function sendRound({ queues }: Opened): Promise<void> {
  const done = new Set<string>();
  const workers = queues.names().map((queue) =>
    queues.work(queue, 1, async (name, payload) => {
      done.add(`${name} ${Object.values(payload as object)[0]}`);
    }),
  );
  const wanted: string[] = [];
  try {
    for (const name of EACH) {
      const id = randomUUID();
      wanted.push(`${name} ${id}`);
      const payload = { campaignId: id } as never;
      const enqueue = () => queues.enqueue(name, payload, name === 'fire' ? { platform: 'x' } : {});
      await waitFor(enqueue, {
        what: `${queueName(name, { platform: 'x', queue: 'mail' })} to take a job`,
      });
    }
    await waitFor(() => wanted.every((one) => done.has(one)), { what: 'a job of each queue' });
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
  }
}

/** What is said of a Redis that cannot be used as it is now: in the log, with the mend, and on /readyz. */
interface Unfit {
  queues: Queues;
  line: string;
  now: string;
  mend: string;
}

/** Opens queues that start all the same, and take no job. */
async function openUnfit(url: string): Promise<Unfit> {
  const { queues, errors } = await open(url);
  const [line = ''] = errors;
  expect(line).toMatch(/^REDIS_URL: [^\n]+$/);
  expect(await queues.enqueue('lock', { campaignId: randomUUID() })).toBe(false);
  const { why: now = '', mend } = queues.trouble() ?? {};
  expect(`${now} ${mend}`).not.toContain('127.0.0.1');
  return { queues, line, now, mend: mend ?? '' };
}

/** The one line with which a start ends. */
async function refusal(url: string): Promise<string> {
  const error = await openQueues({ kind: 'redis', url }, ['x'], () => undefined).then(
    (queues) => queues.dispose().then(() => null),
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const { message } = error as Error;
  expect(message.split('\n')).toHaveLength(1);
  expect(message).toMatch(/^REDIS_URL: /);
  return message;
}

withRedisServer('E1 a Redis Cluster', () => {
  let nodes: RedisServer[];
  beforeAll(async () => {
    nodes = await startRedisCluster();
  });

  it('E1 works from the address of any of its nodes', async () => {
    for (const node of nodes) {
      const opened = await open(node.url);
      await sendRound(opened);
      expect(opened.errors).not.toContainEqual(expect.stringMatching(/MOVED|away/));
    }
  });

  it('E1 works from several of its nodes, of which the first is dead', async () => {
    const dead = await freePort();
    const hosts = [dead, ...nodes.map(({ port }) => port)].map((port) => `127.0.0.1:${port}`);
    for (const scheme of ['redis', 'redis+cluster']) {
      const opened = await open(`${scheme}://${hosts.join(',')}/0`);
      await sendRound(opened);
      expect(opened.errors).not.toContainEqual(expect.stringMatching(/MOVED|away/));
    }
  });

  it('A3 is judged by the node that keeps the jobs, whichever is named', async () => {
    const [slot] = [await nodes[0]?.call('CLUSTER', 'KEYSLOT', '{tc}')];
    const keeper = nodes[Math.floor((Number(slot) * 3) / 16_384)] as RedisServer;
    const other = nodes.find((node) => node !== keeper) as RedisServer;
    await keeper.call('CONFIG', 'SET', 'maxmemory', '50mb', 'maxmemory-policy', 'allkeys-lru');
    try {
      expect((await openUnfit(other.url)).now).toContain('drops jobs');
    } finally {
      await keeper.call('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    }
  });

  it('E1 has one database', async () => {
    const message = await refusal(`${nodes[0]?.url}/1`);
    expect(message).toContain('leave out the /1');
  });
});

withRedisServer('E1 a Redis behind sentinels', () => {
  it('E1 is found by its name, and again after a failover', async () => {
    const master = await startRedisServer();
    const replica = await startRedisServer({ settings: [`replicaof 127.0.0.1 ${master.port}`] });
    const sentinel = await startRedisServer({
      sentinel: true,
      settings: [
        `sentinel monitor ring 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds ring 1000',
        'sentinel failover-timeout ring 5000',
      ],
    });
    const url = `redis+sentinel://127.0.0.1:${await freePort()},127.0.0.1:${sentinel.port}/ring`;
    const opened = await open(url);
    await sendRound(opened);

    expect(await refusal(`redis+sentinel://127.0.0.1:${sentinel.port}/rung`)).toContain('"rung"');
    expect(await refusal(sentinel.url)).toContain('redis+sentinel://');
    const unfit = await openUnfit(replica.url);
    expect(unfit.line).toContain(`name its master, 127.0.0.1:${master.port}`);
    expect(unfit.now).toContain('is a replica');
    expect(await refusal(`redis+sentinel://127.0.0.1:${master.port}/ring`)).toContain(
      'no Sentinel',
    );

    const knows = async () =>
      String(await sentinel.call('SENTINEL', 'REPLICAS', 'ring')).includes(String(replica.port));
    await waitFor(knows, { what: 'the sentinel to know the replica' });
    await master.stop();
    const moved = async () =>
      String(await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'ring')).includes(
        String(replica.port),
      );
    await waitFor(moved, { timeoutMs: 60_000, what: 'the failover' });
    await sendRound(opened);
  });

  it('A3 says that the master is dead and no other is chosen yet, and then that no sentinel answers', async () => {
    const master = await startRedisServer();
    const sentinel = await startRedisServer({
      sentinel: true,
      settings: [
        `sentinel monitor ring 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds ring 60000',
      ],
    });
    const url = `redis+sentinel://127.0.0.1:${sentinel.port},127.0.0.1:${await freePort()}/ring`;
    const { queues } = await open(url);
    expect(await queues.enqueue('lock', { campaignId: randomUUID() })).toBe(true);
    await master.stop();
    const says = async (): Promise<string> => {
      await queues.look();
      await queues.enqueue('lock', { campaignId: randomUUID() });
      return queues.trouble()?.why ?? '';
    };
    await waitFor(async () => (await says()).includes('name as master does not answer'), {
      what: 'the reason',
    });
    expect(queues.trouble()?.mend).toMatch(/put a replica in its place.*start that server again/);
    const begun = await openUnfit(url);
    expect(begun.now).toContain('name as master does not answer');
    expect(begun.line).toContain(`127.0.0.1:${master.port}`);
    await sentinel.stop();
    await waitFor(async () => (await says()).includes('none of the sentinels'), {
      what: 'the other reason',
    });
  });

  it('A3 says that the sentinels want a password of their own', async () => {
    const master = await startRedisServer();
    const client = { password: 'word' };
    const settings = [`sentinel monitor ring 127.0.0.1 ${master.port} 1`, 'requirepass word'];
    const { port } = await startRedisServer({ sentinel: true, settings, client });
    const url = `redis+sentinel://127.0.0.1:${port}/ring`;
    const { line, now } = await openUnfit(url);
    expect(line).toContain('sentinelPassword=PASSWORD');
    expect(now).toContain('the sentinels');
    await sendRound(await open(`${url}?sentinelPassword=word`));
  });
});

withRedisServer('A3 a Redis that becomes a replica', () => {
  it.each<RedisUse>(['producer', 'worker'])(
    'A3 is left once a second while it refuses many commands of a %s at once, without a warning of Node.js',
    async (use) => {
      const server = await startRedisServer();
      const client = createClient(parseRedisUrl(server.url), 'single', use);
      client.on('error', () => undefined);
      atEnd(() => client.disconnect());
      const warnings: string[] = [];
      const note = (warning: Error) => warnings.push(warning.message);
      process.on('warning', note);
      atEnd(() => void process.off('warning', note));
      let connected = 0;
      client.on('ready', () => connected++);
      await client.ping();
      await server.call('REPLICAOF', '127.0.0.1', String(await freePort()));
      const before = connected;
      const began = performance.now();
      const ask = () => Array.from({ length: 30 }, () => client.set('{tc}key', 'value'));
      await waitFor(
        async () => {
          await Promise.allSettled(ask());
          return connected > before + 1;
        },
        { what: 'the connection to be made again, twice' },
      );
      const seconds = (performance.now() - began) / 1000;
      expect(connected - before).toBeLessThanOrEqual(seconds + 1);
      await server.call('REPLICAOF', 'NO', 'ONE');
      expect(await client.set('{tc}key', 'value')).toBe('OK');
      expect(warnings).toEqual([]);
    },
  );
});

withRedisServer('E3 a Redis with TLS', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority();
  });

  async function startSecure(
    { cert, key }: { cert: string; key: string },
    more: readonly string[] = ['tls-auth-clients no'],
  ): Promise<number> {
    const settings = [
      `tls-cert-file ${cert}`,
      `tls-key-file ${key}`,
      `tls-ca-cert-file ${authority.ca}`,
      ...more,
    ];
    // Whether the tests' own client knows the server is not what is tried here.
    const { readFile } = await import('node:fs/promises');
    const client = await authority.sign(`probe-${randomUUID()}`);
    const tls = {
      rejectUnauthorized: false,
      cert: await readFile(client.cert),
      key: await readFile(client.key),
    };
    return (await startRedisServer({ settings, client: { tls } })).port;
  }

  it('E3 works where its authority is named, and else says what to set', async () => {
    const port = await startSecure(await authority.sign('server'));
    const { line: message, now } = await openUnfit(`rediss://127.0.0.1:${port}`);
    expect(now).toContain('certificates');
    for (const word of ['not trusted', 'sslrootcert', 'verify-full', 'NODE_EXTRA_CA_CERTS']) {
      expect(message).toContain(word);
    }
    const url = `rediss://localhost:${port}?sslmode=verify-full&sslrootcert=${authority.ca}`;
    await sendRound(await open(url));
    await sendRound(await open(`rediss://127.0.0.1:${port}?sslmode=no-verify`));
    expect(await refusal(`redis://127.0.0.1:${port}`)).toContain('write rediss://');
    expect(await refusal(`rediss://127.0.0.1:${port}?sslrootcert=/nowhere/ca.pem`)).toContain(
      'sslrootcert: /nowhere/ca.pem cannot be read',
    );
  });

  it('E3 says what is wrong with a certificate', async () => {
    const trusted = `sslrootcert=${authority.ca}`;
    const expired = await startSecure(await authority.sign('expired', { expired: true }));
    const { line } = await openUnfit(`rediss://127.0.0.1:${expired}?${trusted}`);
    expect(line).toContain('has expired');
    const other = await startSecure(await authority.sign('other', { names: 'DNS:db.example' }));
    const wrongName = await openUnfit(`rediss://127.0.0.1:${other}?${trusted}`);
    expect(wrongName.line).toMatch(/for another name.*db\.example/);
  });

  it('E3 says that it wants a certificate, and takes it', async () => {
    const port = await startSecure(await authority.sign('strict'), ['tls-auth-clients yes']);
    const url = `rediss://127.0.0.1:${port}?sslrootcert=${authority.ca}`;
    expect((await openUnfit(url)).line).toMatch(/wants a certificate from us.*sslcert.*sslkey/);
    const { cert, key } = await authority.sign('client');
    await sendRound(await open(`${url}&sslcert=${cert}&sslkey=${key}`));
  });

  it('E3 says that a server does not speak TLS', async () => {
    const { port } = await startRedisServer();
    expect(await refusal(`rediss://127.0.0.1:${port}`)).toContain('does not speak TLS');
  });
});

withRedisServer('E1 a Redis that cannot be used as it is', () => {
  it('A3 wants another password, and is used once it takes ours', async () => {
    const client = { password: 'right' };
    const server = await startRedisServer({ settings: ['requirepass right'], client });
    const { port } = server;
    const { queues, line, now } = await openUnfit(`redis://:wrong-one@127.0.0.1:${port}`);
    expect(line).toContain('does not take this user or password');
    expect(line).not.toContain('wrong-one');
    expect(now).toContain('password');
    expect((await openUnfit(`redis://127.0.0.1:${port}`)).line).toContain('wants a password');
    await sendRound(await open(`redis://:right@127.0.0.1:${port}`));
    await server.call('CONFIG', 'SET', 'requirepass', 'wrong-one');
    await sendRound({ queues, errors: [] });
    expect(queues.trouble()).toBeNull();
  });

  it('A3 may not be written to by this user, or run no script', async () => {
    const settings = [
      'user reader on >word ~* &* +@read +info +@connection',
      'user rotated on >word ~* &* +@all -@scripting -evalsha -bzpopmin',
    ];
    const { port } = await startRedisServer({ settings });
    for (const user of ['reader', 'rotated']) {
      const { line, now } = await openUnfit(`redis://${user}:word@127.0.0.1:${port}`);
      expect(line).toMatch(/may not do.*ACL SETUSER/);
      expect(now).toContain('may not do');
    }
  });

  it('A3 becomes a replica while the process runs, and says so', async () => {
    const server = await startRedisServer();
    const { queues } = await open(server.url);
    expect(await queues.enqueue('lock', { campaignId: randomUUID() })).toBe(true);
    expect(queues.trouble()).toBeNull();
    await server.call('REPLICAOF', '127.0.0.1', '1');
    const says = async () => {
      await queues.enqueue('lock', { campaignId: randomUUID() });
      return queues.trouble()?.why.includes('is a replica');
    };
    await waitFor(says, { what: 'the reason' });
    await server.call('REPLICAOF', 'NO', 'ONE');
    const takes = () => queues.enqueue('lock', { campaignId: randomUUID() });
    await waitFor(takes, { what: 'the queue to take a job' });
    expect(queues.trouble()).toBeNull();
  });

  it('A3 drops what it has no room for', async () => {
    const memory = ['maxmemory 50mb', 'maxmemory-policy allkeys-lru'];
    const { line, now, mend } = await openUnfit((await startRedisServer({ settings: memory })).url);
    expect(line).toMatch(/drops jobs.*noeviction/);
    expect(now).toContain('drops jobs');
    expect(mend).toContain('noeviction');
    // What never expires is not dropped by this one: it is said, and it works.
    const volatile = await startRedisServer({ settings: ['maxmemory-policy volatile-lru'] });
    const opened = await open(volatile.url);
    await sendRound(opened);
    expect(opened.errors).toContainEqual(expect.stringContaining('noeviction'));
  });

  it('A3 begins to drop keys while the process runs, and gets no jobs until it is mended', async () => {
    const server = await startRedisServer();
    const { queues, errors } = await open(server.url);
    const enqueue = () => queues.enqueue('lock', { campaignId: randomUUID() });
    expect(await enqueue()).toBe(true);
    await server.call('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
    await queues.look();
    await queues.look();
    expect(await enqueue()).toBe(true);
    expect(errors.filter((line) => line.includes('volatile-lru'))).toHaveLength(1);
    await server.call('CONFIG', 'SET', 'maxmemory', '50mb', 'maxmemory-policy', 'allkeys-lru');
    await queues.look();
    expect(await enqueue()).toBe(false);
    expect(queues.trouble()).toEqual({
      why: expect.stringContaining('drops jobs'),
      mend: expect.stringContaining('noeviction'),
    });
    expect(errors).toContainEqual(expect.stringMatching(/^REDIS_URL: .*drops jobs.*noeviction/));
    await server.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await queues.look();
    await waitFor(enqueue, { what: 'the queue to take a job' });
    expect(queues.trouble()).toBeNull();
  });

  it('A3 is full, and says so', async () => {
    const server = await startRedisServer();
    const { queues } = await open(server.url);
    await server.call('CONFIG', 'SET', 'maxmemory', '1');
    expect(await queues.enqueue('lock', { campaignId: randomUUID() })).toBe(false);
    expect(queues.trouble()?.why).toContain('memory of Redis is full');
    const begun = await openUnfit(server.url);
    expect(begun.now).toContain('memory of Redis is full');
    expect(begun.mend).toContain('maxmemory');
  });

  it('E1 has no such database', async () => {
    const { url } = await startRedisServer({ settings: ['databases 2'] });
    expect(await refusal(`${url}/7`)).toContain('no database of that number');
    await sendRound(await open(`${url}/1`));
  });
});

/** A server that is no Redis, or an old one. */
async function startAnswerer(answer: (heard: string) => string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (heard) => socket.write(answer(String(heard))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  return (server.address() as { port: number }).port;
}

describe('E1 what is no Redis for us', () => {
  it('E1 is told apart from one that is away', async () => {
    const http = await startAnswerer(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await refusal(`redis://127.0.0.1:${http}`)).toContain('is not a Redis');
    const info = 'redis_version:4.0.14\r\nrole:master\r\n';
    const old = await startAnswerer((heard) => {
      const commands = heard.split(/^\*\d+\r\n/m).filter((command) => command !== '');
      const isInfo = (command: string): boolean => /^\$4\r\ninfo\r\n$/i.test(command);
      const unknown = "-ERR unknown command 'HELLO'\r\n";
      return commands
        .map((command) => (isInfo(command) ? `$${info.length}\r\n${info}\r\n` : unknown))
        .join('');
    });
    expect(await refusal(`redis://127.0.0.1:${old}`)).toMatch(/version 4\.0\.14.*too old/);
  });

  it('E1 does not hold up a start, nor an alarm, while it is dead or silent', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    atEnd(() => silent.close());
    const { port } = silent.address() as { port: number };
    for (const url of [`redis://127.0.0.1:${await freePort()}`, `redis://127.0.0.1:${port}`]) {
      const { queues, errors } = await open(url);
      queues.work('campaign', 1, async () => undefined);
      expect(await queues.enqueue('lock', { campaignId: randomUUID() })).toBe(false);
      expect(errors[0]).toContain('Redis is away');
      await expect(queues.count()).rejects.toThrow('away');
    }
  });
});

withRedisServer('E1 a Redis that is dead at the start', () => {
  it('E1 is used once it is there, also when it turns out to be a cluster', async () => {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const opened = await open(`redis://127.0.0.1:${ports[0]}`);
    expect(await opened.queues.enqueue('lock', { campaignId: randomUUID() })).toBe(false);
    await startRedisCluster(ports);
    await sendRound(opened);
  });
});

withRedisServer('R5 a Redis in which keys have other types', () => {
  /** Of the keys that a queue has, each is the one that another of BullMQ's questions fails at. */
  const KEYS = ['wait', 'active', 'prioritized', 'delayed', 'marker', 'meta', 'id', 'events'];

  it('R5 is asked four times a second at most, and goes on once it is emptied', async () => {
    const server = await startRedisServer();
    const opened = await open(server.url);
    const { queues, errors } = opened;
    const worker = queues.work('mail', 1, async () => undefined);
    await queues.enqueue('mail', { reminderId: randomUUID() });
    await server.call('SET', '{tc}:mail:prioritized', 'wrong');
    await queues.enqueue('mail', { reminderId: randomUUID() });
    // What comes of the two jobs themselves are three errors at most, so five are of questions.
    const began = performance.now();
    await waitFor(() => errors.length >= 8);
    expect(performance.now() - began, errors.join('; ')).toBeGreaterThan(1_000);
    await worker.close();
    for (const key of firstOf(KEYS, 2)) {
      for (const queue of queues.names()) await server.call('SET', `{tc}:${queue}:${key}`, 'wrong');
      await server.call('FLUSHALL');
      await sendRound(opened);
    }
  });
});
