import { beforeAll, describe, expect, it } from 'vitest';
import { LocatorRejected } from '../../../src/domain/account-locator.ts';
import type { Platform, PlatformNotes } from '../../../src/platforms/platform.ts';
import { needs } from '../../support/database.ts';
import {
  type Answering,
  asking,
  hostileServer,
  mastodonFor,
  realNotes,
  startServer,
} from './support.ts';

const hostOf = (url: string): string => new URL(url).host;

/** What is said to whoever names this server. */
async function said(platform: Platform, where: string, user = ''): Promise<string> {
  const error = await platform.authorize({ ...asking(where), user }).then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof LocatorRejected)) return `${error}`;
  return error.otherName === null ? error.problem : `${error.problem} ${error.otherName}`;
}

const redirectingTo =
  (location: () => string, status = 301): Answering =>
  (_request, response) => {
    response.writeHead(status, { location: location() });
    response.end();
  };

needs('postgres')('a Mastodon server that tells nobody what it is', () => {
  it('B6 is found by its metadata or its software, and asked for what it shows nobody', async () => {
    const { url, control } = await startServer();
    await control.behaviour({ mastodon: { limitedFederation: true } });
    const platform = mastodonFor([url], { notes: await realNotes() });
    const { scope, permission } = await platform.authorize(asking(url));
    expect([scope, permission]).toEqual(['write:statuses profile read:statuses', 'reads']);
    await control.behaviour({ mastodon: { limitedFederation: true, version: '4.2.0' } });
    const older = mastodonFor([url], { notes: await realNotes() });
    expect((await older.authorize(asking(url))).scope).toContain('read:statuses');
  });
});

needs('postgres')('a server by another name', () => {
  let url: string;
  let notes: PlatformNotes;
  beforeAll(async () => {
    ({ url } = await startServer());
    notes = await realNotes();
  });

  it.each([301, 302, 307, 308])('B6 is found where the one given answers %s', async (status) => {
    const old = await hostileServer(redirectingTo(() => `${url}/api/v2/instance`, status));
    const platform = mastodonFor([old, url], { notes });
    expect(await said(platform, hostOf(old))).toBe(`other_name ${hostOf(url)}`);
  });

  it('B6 is found where the one given refuses what it does not know', async () => {
    const site = await hostileServer((request, response) => {
      if (request.url === '/.well-known/host-meta') {
        response.writeHead(302, { location: `${url}/.well-known/host-meta` });
      } else response.writeHead(403, { 'content-type': 'text/html' });
      response.end();
    });
    const platform = mastodonFor([site, url], { notes });
    expect(await said(platform, hostOf(site))).toBe(`other_name ${hostOf(url)}`);
  });

  it('B6 is found when it has moved twice, and no further', async () => {
    const second = await hostileServer(redirectingTo(() => url));
    const first = await hostileServer(redirectingTo(() => second));
    const earliest = await hostileServer(redirectingTo(() => first));
    const platform = mastodonFor([earliest, first, second, url], { notes });
    expect(await said(platform, hostOf(first))).toBe(`other_name ${hostOf(url)}`);
    expect(await said(platform, hostOf(earliest))).toBe('not_one');
  });

  it('B6 is asked of webfinger only by the name of an account', async () => {
    const domain = await startServer();
    await domain.control.behaviour({ mastodon: { elsewhere: url, pointsBy: 'webfinger' } });
    const platform = mastodonFor([domain.url, url], { notes });
    expect(await said(platform, hostOf(domain.url))).toBe('not_one');
    expect(await said(platform, hostOf(domain.url), 'anna')).toBe(`other_name ${hostOf(url)}`);
    const asked = await domain.control.record(0, '/.well-known/webfinger');
    expect(asked).toHaveLength(1);
  });
});

describe('a way to another name', () => {
  it('B6 is not gone to what is no server, nor in a circle', async () => {
    let own = '';
    own = await hostileServer(redirectingTo(() => `${own}/elsewhere`));
    const plain = await hostileServer((_request, response) => response.end('<h1>Hello</h1>'));
    const away = await hostileServer(redirectingTo(() => plain));
    let other = '';
    const one = await hostileServer(redirectingTo(() => other));
    other = await hostileServer(redirectingTo(() => one));
    const platform = mastodonFor([own, plain, away, one, other]);
    for (const where of [own, away, one])
      expect(await said(platform, hostOf(where))).toBe('not_one');
  });

  it('B6 is not gone into a private network, by any pointer', async () => {
    let visits = 0;
    const secret = await hostileServer((_request, response) => {
      visits++;
      response.end('{}');
    });
    const port = hostOf(secret).split(':')[1];
    const targets = [
      secret,
      secret.replace('http:', 'https:'),
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `//127.0.0.1:${port}/`,
      'https://169.254.169.254/latest/meta-data',
      'https://router.lan/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://user:pass@',
      'not an address',
    ];
    for (const target of targets) {
      const pointing: Answering = (request, response) => {
        const path = (request.url ?? '').split('?')[0];
        if (path === '/.well-known/host-meta') {
          response.end(`<XRD><Link rel='lrdd' template='${target}?resource={uri}'/></XRD>`);
        } else if (path === '/.well-known/webfinger') {
          response.setHeader('content-type', 'application/jrd+json');
          const links = [{ rel: 'self', type: 'application/activity+json', href: target }];
          response.end(JSON.stringify({ links }));
        } else {
          response.writeHead(301, { location: target });
          response.end();
        }
      };
      const domain = await hostileServer(pointing);
      // A platform that is no simulation may ask the public internet, and nothing else.
      for (const hosts of [[], ['social.corp.example']]) {
        const platform = mastodonFor([domain], { hosts });
        expect(await said(platform, hostOf(domain), 'anna'), target).toBe('not_one');
      }
    }
    expect(visits).toBe(0);
  });
});
