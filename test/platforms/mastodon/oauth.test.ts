import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  GrantRefused,
  type Platform,
  type PlatformNotes,
} from '../../../src/platforms/platform.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { needs } from '../../support/database.ts';
import {
  asking,
  hostileServer,
  INSTANCE,
  loneOrder,
  mastodonFor,
  newOrder,
  obtainCode,
  obtainGrant,
  partOf,
  REDIRECT,
  realNotes,
  serving,
  startServer,
} from './support.ts';

needs('postgres')('authorizing with a Mastodon server', () => {
  let url: string;
  let control: SimulatorControl;
  let notes: PlatformNotes;
  let platform: Platform;
  beforeAll(async () => {
    ({ url, control } = await startServer());
    notes = await realNotes();
  });
  beforeEach(async () => {
    await control.reset();
    // Its memory of servers and apps is as young as the server.
    platform = mastodonFor([url], { notes });
  });

  const registered = async (): Promise<number> => (await control.record(0, '/api/v1/apps')).length;

  it('sends people off with S256, exactly the scopes we need, and our state', async () => {
    const { url: link, flowSecret } = await platform.authorize(asking(url));
    const { origin, pathname, searchParams } = new URL(link);
    expect(origin + pathname).toBe(`${url}/oauth/authorize`);
    const { verifier, clientId } = JSON.parse(flowSecret) as { verifier: string; clientId: string };
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: `${REDIRECT}/${partOf(url)}`,
      scope: 'write:statuses profile',
      state: 'st/a te',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
    expect((await platform.authorize(asking(url))).flowSecret).not.toBe(flowSecret);
  });

  it.each(['4.2.10', '3.5.3'])(
    'asks an older one (%s) for the older scope, without PKCE',
    async (version) => {
      await control.behaviour({ mastodon: { version } });
      const { url: link } = await platform.authorize(asking(url));
      const query = new URL(link).searchParams;
      expect(query.get('scope')).toBe('write:statuses read:accounts');
      expect(query.get('code_challenge')).toBeNull();
      const grant = await obtainGrant(platform, url, 'anna');
      expect(grant.scope).toBe('write:statuses read:accounts');
      expect((await platform.whoAmI(grant)).handle).toBe(`anna@${new URL(url).host}`);
    },
  );

  it('registers one app for all who come, however many come first', async () => {
    const others = Array.from({ length: 3 }, () => mastodonFor([url], { notes }));
    const links = await Promise.all(
      [platform, platform, ...others].map((one) => one.authorize(asking(url))),
    );
    const ids = new Set(links.map((one) => new URL(one.url).searchParams.get('client_id')));
    expect(ids.size).toBe(1);
    const before = await registered();
    await mastodonFor([url], { notes }).authorize(asking(url));
    await platform.authorize(asking(url));
    expect(await registered()).toBe(before);
    const elsewhere = asking(url, { redirectUri: `${REDIRECT}2` });
    expect(
      new URL((await platform.authorize(elsewhere)).url).searchParams.get('client_id'),
    ).not.toBe([...ids][0]);
  });

  it('registers anew when the server has lost the app, before or during the way there', async () => {
    await platform.authorize(asking(url));
    await control.reset();
    await obtainGrant(mastodonFor([url], { notes }), url, 'anna');
    const way = await obtainCode(platform, url, 'anna');
    await control.reset();
    const error = await platform.exchange(way).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(GrantRefused);
    await expect(obtainGrant(platform, url, 'anna')).resolves.toMatchObject({ refreshToken: null });
  });

  it('gets a grant without an end, bound to the server that was asked', async () => {
    const grant = await obtainGrant(platform, url, 'anna');
    expect(grant).toMatchObject({
      refreshToken: null,
      expiresAt: null,
      scope: 'write:statuses profile',
    });
    expect(grant.extra).toMatchObject({ origin: url, software: 'mastodon' });
    const [account] = await control.accounts();
    const who = await platform.whoAmI(grant);
    expect(who).toEqual({
      id: `${url} ${account?.id}`,
      handle: `anna@${new URL(url).host}`,
      followers: expect.any(Number),
    });
    expect(platform.hostOf(who, grant)).toBe(new URL(url).host);
    await expect(platform.refresh(grant)).rejects.toBeInstanceOf(GrantRefused);
    expect(await platform.probe(grant)).toEqual({ kind: 'alive' });
  });

  it('is refused with a code that is used up, without its verifier, or from another server', async () => {
    const once = await obtainCode(platform, url, 'bea');
    await platform.exchange(once);
    await expect(platform.exchange(once)).rejects.toBeInstanceOf(GrantRefused);
    const way = await obtainCode(platform, url, 'bea');
    const flowSecret = JSON.stringify({ ...JSON.parse(way.flowSecret), verifier: 'a'.repeat(43) });
    await expect(platform.exchange({ ...way, flowSecret })).rejects.toBeInstanceOf(GrantRefused);
    const mixed = await obtainCode(platform, url, 'bea');
    const answer = { ...mixed.answer, iss: 'https://other.example' };
    await expect(platform.exchange({ ...mixed, answer })).rejects.toBeInstanceOf(GrantRefused);
  });

  it('gets the token again that the account has given already, and giving it back ends it for both', async () => {
    const first = await obtainGrant(platform, url, 'cleo');
    const second = await obtainGrant(platform, url, 'cleo');
    expect(second.accessToken).toBe(first.accessToken);
    await platform.revoke(first);
    await expect(platform.whoAmI(second)).rejects.toBeInstanceOf(GrantRefused);
    expect(await platform.probe(second)).toMatchObject({ kind: 'dead' });
    await platform.revoke(second);
    const stranger = { ...second, extra: { ...second.extra, clientSecret: 'no', clientId: 'no' } };
    await platform.revoke(stranger);
    const { requests } = await control.summary();
    expect(requests).toBeGreaterThan(0);
  });

  it('says that the grant is not accepted only when the server says so', async () => {
    const { account, grant } = await newOrder(platform, url);
    const handle = account.handle.split('@')[0] ?? '';
    for (const fault of ['status401', 'status403Locked'] as const) {
      await control.fault(handle, 'me', fault);
      await expect(platform.whoAmI(grant)).rejects.toBeInstanceOf(GrantRefused);
    }
    for (const fault of [
      'status500',
      'status502',
      'status429User',
      'resetBefore',
      'status200Html',
    ] as const) {
      await control.fault(handle, 'me', fault);
      const error = await platform.whoAmI(grant).catch((caught: unknown) => caught);
      expect(error, fault).toBeInstanceOf(Error);
      expect(error, fault).not.toBeInstanceOf(GrantRefused);
      await control.fault(handle, 'me', fault);
      expect(['undecided', 'throttled'], fault).toContain((await platform.probe(grant)).kind);
    }
    for (const fault of ['status500', 'status502', 'resetBefore'] as const) {
      await control.fault(handle, 'revoke', fault);
      await expect(platform.revoke(grant), fault).rejects.toBeInstanceOf(Error);
    }
  });

  it('B16 counts a content warning with the text, by what this server takes', async () => {
    const input = { text: 'a'.repeat(60), contentWarning: '👩‍👩‍👧 torture' };
    const problem = (): Promise<unknown> =>
      mastodonFor([url], { notes })
        .authorize(asking(url, input))
        .then(
          () => null,
          (error: { problem?: string }) => error.problem,
        );
    const rows = [
      ['mastodon', 69, null],
      ['mastodon', 68, 'text_too_long'],
      ['gotosocial', 73, null],
      ['gotosocial', 72, 'text_too_long'],
    ] as const;
    for (const [software, maxCharacters, said] of rows) {
      await control.behaviour({ mastodon: { maxCharacters, software } });
      expect(await problem(), `${software} ${maxCharacters}`).toBe(said);
    }
  });

  it('refuses a text that is longer than this server takes, at its own price of a link', async () => {
    const text = `${'a'.repeat(50)} https://example.org/${'b'.repeat(100)}`;
    const problem = (): Promise<unknown> =>
      platform.authorize(asking(url, { text })).then(
        () => null,
        (error: { problem?: string }) => error.problem,
      );
    await control.behaviour({ mastodon: { maxCharacters: 74 } });
    expect(await problem()).toBeNull();
    platform = mastodonFor([url], { notes });
    await control.behaviour({ mastodon: { maxCharacters: 73 } });
    expect(await problem()).toBe('text_too_long');
    platform = mastodonFor([url], { notes });
    await control.behaviour({ mastodon: { maxCharacters: 74, reservedPerUrl: 24 } });
    expect(await problem()).toBe('text_too_long');
    platform = mastodonFor([url], { notes });
    await control.behaviour({ mastodon: { maxCharacters: 100, software: 'gotosocial' } });
    expect(await problem()).toBe('text_too_long');
  });
});

describe('whose account it is', () => {
  const owner = (change: object) => ({ id: '42', username: 'anna', acct: 'anna', ...change });

  async function whoIs(change: object): Promise<unknown> {
    const pages: Record<string, unknown> = {};
    const server = await hostileServer((request, response) => serving(pages)(request, response));
    pages['/api/v1/accounts/verify_credentials'] = owner(change);
    const platform = mastodonFor([server]);
    return platform.whoAmI(loneOrder(server).grant).then(
      ({ id }) => id.replace(server, 'SERVER'),
      (error: Error) => error.name,
    );
  }

  it('is an account of the server that was asked, whatever the server claims', async () => {
    const claims: [object, string][] = [
      [{}, 'SERVER 42'],
      [{ id: '01HZX3YB6Q' }, 'SERVER 42'.replace('42', '01HZX3YB6Q')],
      [{ url: 'https://mastodon.social/@anna' }, 'GrantRefused'],
      [{ uri: 'https://mastodon.social/users/anna' }, 'GrantRefused'],
      [{ acct: 'anna@mastodon.social' }, 'GrantRefused'],
      [{ acct: 'anna', url: 'https://127.0.0.1/@anna' }, 'GrantRefused'],
      [{ id: 'https://mastodon.social 1' }, 'GrantRefused'],
      [{ id: '1 2' }, 'GrantRefused'],
      [{ id: 42 }, 'GrantRefused'],
      [{ id: '' }, 'GrantRefused'],
      [{ acct: 'an na' }, 'GrantRefused'],
      [{ acct: '<b>' }, 'GrantRefused'],
    ];
    for (const [change, expected] of claims) {
      expect(await whoIs(change), JSON.stringify(change)).toBe(expected);
    }
  });

  it('is refused when the token answer names an account of another server, or has no token', async () => {
    const answers: [object, unknown][] = [
      [
        { access_token: 't', scope: 'write:statuses', me: 'https://mastodon.social/users/anna' },
        GrantRefused,
      ],
      [{ access_token: '' }, Error],
      [{ access_token: 'two\r\nlines' }, Error],
      [{ access_token: 7 }, Error],
      [[], Error],
    ];
    for (const [answer, kind] of answers) {
      const server = await hostileServer(serving({ ...INSTANCE, '/oauth/token': answer }));
      const kept = {
        ...{ origin: server, tokenUrl: `${server}/oauth/token`, scope: 'write:statuses' },
        redirectUri: REDIRECT,
      };
      const flowSecret = JSON.stringify({
        ...kept,
        clientId: 'a',
        clientSecret: 'b',
        verifier: '',
      });
      const given = { answer: { code: 'c' }, flowSecret, redirectUri: REDIRECT };
      await expect(
        mastodonFor([server]).exchange(given),
        JSON.stringify(answer),
      ).rejects.toBeInstanceOf(kind);
    }
  });

  it('takes a token answer with milliseconds, and without a scope', async () => {
    const answer = { access_token: 't', created_at: Date.now() };
    const server = await hostileServer(serving({ '/oauth/token': answer }));
    const kept = {
      origin: server,
      software: 'snac',
      tokenUrl: `${server}/oauth/token`,
      scope: 'write:statuses',
    };
    const flowSecret = JSON.stringify({
      ...kept,
      revokeUrl: `${server}/oauth/revoke`,
      clientId: 'a',
      clientSecret: 'b',
      verifier: '',
      redirectUri: REDIRECT,
    });
    const given = { answer: { code: 'c' }, flowSecret, redirectUri: REDIRECT };
    expect(await mastodonFor([server]).exchange(given)).toMatchObject({
      accessToken: 't',
      expiresAt: null,
      scope: 'write:statuses',
    });
  });
});
