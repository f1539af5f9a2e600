import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LocatorRejected } from '../../../src/domain/account-locator.ts';
import { freePort } from '../../support/free-port.ts';
import {
  type Answering,
  asking,
  hostileServer,
  INSTANCE,
  loneOrder,
  mastodonFor,
  serving,
} from './support.ts';

const TIMEOUT_MS = 400;

/** What is said of a server that a supporter has named, in one word; nothing is kept for any of them. */
async function problemWith(where: string, hosts: readonly string[]): Promise<string> {
  const platform = mastodonFor(hosts, { timeoutMs: TIMEOUT_MS });
  const error = await platform.authorize(asking(where)).catch((caught: unknown) => caught);
  if (!(error instanceof LocatorRejected)) throw new Error(`It was taken: ${String(error)}`);
  // It goes into the log.
  expect(error.message).not.toContain(new URL(hosts[0] ?? '').host);
  return error.problem;
}

async function problemOf(answer: Answering): Promise<string> {
  const url = await hostileServer(answer);
  return problemWith(url, [url]);
}

const answering =
  (
    status: number,
    type: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Answering =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  };
const JSON_TYPE = 'application/json';
const INSTANCE_BODY = JSON.stringify(INSTANCE['/api/v2/instance']);

describe('a server that is none', () => {
  const rows: [string, Answering, string][] = [
    ['a page', answering(200, 'text/html', '<h1>My garden</h1>'), 'not_one'],
    ['a page called JSON', answering(200, JSON_TYPE, '<h1>My garden</h1>'), 'not_one'],
    ['JSON called a page', answering(200, 'text/html', INSTANCE_BODY), 'not_one'],
    ['JSON of no type', answering(200, '', INSTANCE_BODY), 'not_one'],
    ['nothing of the kind', answering(404, JSON_TYPE, '{}'), 'not_one'],
    ['a list', answering(200, JSON_TYPE, '[]'), 'not_one'],
    ['null', answering(200, JSON_TYPE, 'null'), 'not_one'],
    ['no version', answering(200, JSON_TYPE, '{"domain":"a.example"}'), 'not_one'],
    ['a number for a version', answering(200, JSON_TYPE, '{"domain":"a","version":4}'), 'not_one'],
    ['half of it', answering(200, JSON_TYPE, INSTANCE_BODY.slice(0, 20)), 'not_one'],
    [
      'a compressed answer',
      answering(200, JSON_TYPE, gzipSync(INSTANCE_BODY), { 'content-encoding': 'gzip' }),
      'not_one',
    ],
    [
      'B7 a page that refuses us',
      answering(403, 'text/html', '<h1>403 Forbidden</h1>'),
      'challenged',
    ],
    ['B7 a bare refusal', answering(403, '', ''), 'challenged'],
    ['a refusal in JSON', answering(403, JSON_TYPE, '{"error":"no"}'), 'not_one'],
    ['a failure', answering(500, JSON_TYPE, '{}'), 'unreachable'],
    ['a full house', answering(429, JSON_TYPE, '{}'), 'unreachable'],
    ['10 MB', answering(200, JSON_TYPE, Buffer.alloc(10 << 20, 32)), 'unreachable'],
    ['silence', () => undefined, 'unreachable'],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'unreachable'],
    [
      'what is not HTTP',
      (request) => request.socket.end('220 mail.example ESMTP\r\n'),
      'unreachable',
    ],
    ['a word every tenth of a second', dripping, 'unreachable'],
    [
      'a redirect to itself',
      answering(302, 'text/html', '', { location: '/api/v2/instance' }),
      'not_one',
    ],
    ['no apps', serving(INSTANCE), 'not_one'],
    [
      'an app without an id',
      serving({ ...INSTANCE, '/api/v1/apps': { client_secret: 'x' } }),
      'not_one',
    ],
    [
      'an app with lines in it',
      serving({ ...INSTANCE, '/api/v1/apps': { client_id: 'a\nb', client_secret: 'x' } }),
      'not_one',
    ],
    [
      'a token endpoint elsewhere',
      serving({ ...INSTANCE, ...metadata({ token_endpoint: 'http://127.0.0.1:1/t' }) }),
      'not_one',
    ],
    [
      'a consent page elsewhere',
      serving({ ...INSTANCE, ...metadata({ authorization_endpoint: 'https://evil.example/a' }) }),
      'not_one',
    ],
    [
      'an endpoint that is a script',
      serving({ ...INSTANCE, ...metadata({ authorization_endpoint: 'javascript:alert(1)' }) }),
      'not_one',
    ],
  ];
  for (const [what, answer, problem] of rows) {
    it(`${what}: ${problem}`, async () => expect(await problemOf(answer)).toBe(problem));
  }

  it('is unreachable where nobody listens, and not found where there is no name', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await problemWith(url, [url])).toBe('unreachable');
  });
});

function metadata(fields: object): Record<string, unknown> {
  return { '/.well-known/oauth-authorization-server': fields };
}

const dripping: Answering = (_request, response) => {
  response.writeHead(200, { 'content-type': JSON_TYPE });
  const timer = setInterval(() => response.write(' '), 100);
  response.on('close', () => clearInterval(timer));
};

describe('a way into a private network', () => {
  /** Counts whoever comes, by whatever name. */
  async function witness(): Promise<{ url: string; visits: () => number }> {
    let visits = 0;
    const url = await hostileServer((_request, response) => {
      visits++;
      response.writeHead(200, { 'content-type': JSON_TYPE });
      response.end(INSTANCE_BODY);
    });
    return { url, visits: () => visits };
  }

  it('is not gone by what a supporter types, nor by a redirect, nor by what nodeinfo points to', async () => {
    const { url: secret, visits } = await witness();
    const { port } = new URL(secret);
    const names = [
      secret,
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::1]:${port}`,
      `0x7f.1:${port}`,
      `2130706433:${port}`,
    ];
    const listed = await hostileServer(answering(200, 'text/html', ''));
    for (const name of [
      ...names,
      `127.0.0.1.:${port}`,
      `①②⑦.0.0.1:${port}`,
      `a@127.0.0.1:${port}`,
    ]) {
      expect(['private', 'malformed'], name).toContain(await problemWith(name, [listed]));
    }
    for (const status of [301, 302, 303, 307, 308]) {
      expect(
        await problemOf(
          answering(status, 'text/html', '', { location: `${secret}/api/v2/instance` }),
        ),
      ).toBe('not_one');
    }
    const links = { links: [{ rel: 'x', href: `${secret}/nodeinfo/2.0` }] };
    const pages = { ...INSTANCE, '/.well-known/nodeinfo': links };
    expect(await problemOf(serving(pages))).toBe('not_one');
    expect(visits()).toBe(0);
  });

  it('is not gone by a grant either, when the operator’s list has changed', async () => {
    const { url: secret, visits } = await witness();
    const listed = await hostileServer(answering(200, 'text/html', ''));
    const platform = mastodonFor([listed]);
    for (const origin of [
      secret,
      secret.replace('http:', 'https:'),
      secret.replace('127.0.0.1', 'localhost'),
    ]) {
      const order = loneOrder(origin);
      expect(await platform.prepare(order)()).toEqual({
        kind: 'not_sent',
        detail: 'PRIVATE_ADDRESS',
      });
      expect(await platform.probe(order.grant)).toMatchObject({ kind: 'undecided' });
      expect(await platform.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
      await expect(platform.whoAmI(order.grant)).rejects.toBeInstanceOf(LocatorRejected);
      await expect(platform.revoke(order.grant)).rejects.toBeInstanceOf(LocatorRejected);
      expect(await platform.openConnections(new URL(origin).host, 2)).toBeNull();
    }
    expect(visits()).toBe(0);
  });

  it('cannot be named at all in a simulation, which has no servers but its own', async () => {
    const listed = await hostileServer(answering(200, 'text/html', ''));
    const simulated = mastodonFor([listed]);
    expect(simulated.isSimulated).toBe(true);
    expect(simulated.authorizeOrigins).toEqual([listed]);
    expect(await problemWith('mastodon.social', [listed])).toBe('not_found');
    const real = mastodonFor([listed], { hosts: ['social.corp.example'] });
    expect(real.isSimulated).toBe(false);
    expect(real.authorizeOrigins).toContain('https:');
    expect(mastodonFor([]).isSimulated).toBe(false);
  });
});
