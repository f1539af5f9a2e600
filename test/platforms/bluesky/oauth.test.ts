import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocatorRejected } from '../../../src/domain/account-locator.ts';
import {
  GrantRefused,
  type Platform,
  type PlatformNotes,
} from '../../../src/platforms/platform.ts';
import { decideConsent, type SimulatorControl } from '../../../src/simulator/client.ts';
import { freePort } from '../../support/free-port.ts';
import {
  asking,
  blueskyAt,
  LOCAL,
  obtainAnswer,
  obtainGrant,
  PUBLIC,
  startServer,
} from './support.ts';

/** One place to keep a key in, as an instance's records are. */
function notebook(): PlatformNotes {
  const kept = new Map<string, string>();
  return {
    read: async (key) => kept.get(key) ?? null,
    saveIfAbsent: async (key, value) => {
      if (!kept.has(key)) kept.set(key, value);
      return kept.get(key) ?? value;
    },
    forget: async (key) => void kept.delete(key),
  };
}

async function refusalOf(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  if (error instanceof LocatorRejected) return error.problem;
  throw new Error(`No refusal but ${String(error)}`);
}

describe('authorizing with Bluesky', () => {
  let url: string;
  let control: SimulatorControl;
  let bluesky: Platform;
  beforeAll(async () => {
    ({ url, control } = await startServer());
    bluesky = blueskyAt(url);
    await control.createAccounts({ accounts: [{ handle: 'zoe' }, { handle: 'max' }] });
  });
  beforeEach(() => control.behaviour({}));

  it('finds the account behind whatever people call their handle', async () => {
    const [{ id } = { id: '' }] = await control.accounts();
    const typed = [
      'zoe',
      '@zoe.bsky.social',
      ' \u202aZoe.Bsky.Social\u202c ',
      'https://bsky.app/profile/zoe.bsky.social',
      'at://zoe.bsky.social',
      id,
    ];
    for (const where of typed) {
      const { flowSecret: keep } = await bluesky.authorize(asking(where));
      expect(JSON.parse(keep), where).toMatchObject({ did: id, pds: url, issuer: url });
    }
  });

  it('says what is wrong with a handle that leads nowhere', async () => {
    for (const where of [
      '',
      '@',
      'not a handle!',
      'a_b.example',
      '127.0.0.1',
      `${'a'.repeat(64)}.com`,
    ]) {
      expect(await refusalOf(bluesky.authorize(asking(where))), where).toBe('malformed');
    }
    expect(await refusalOf(bluesky.authorize(asking('nobody')))).toBe('not_found');
  });

  it('does not go to a server in a private network, however it is written', async () => {
    const servers = [
      ['https://10.0.0.7', 'private'],
      ['https://[::1]', 'private'],
      ['https://0x7f.1', 'private'],
      [`http://127.0.0.1:${await freePort()}`, 'private'],
      ['https://pds.internal', 'private'],
      ['http://pds.example.com', 'private'],
      ['https://pds.example.com:8443', 'not_one'],
      ['https://pds.example.com/path', 'not_one'],
      ['nonsense', 'not_one'],
    ] as const;
    for (const [serverUrl, problem] of servers) {
      await control.behaviour({ bluesky: { serverUrl } });
      expect(await refusalOf(bluesky.authorize(asking('zoe'))), serverUrl).toBe(problem);
    }
    expect((await control.record(0, 'authorize')).length).toBe(
      (await control.record()).filter(({ path }) => path === '/oauth/par').length,
    );
  });

  it('refuses an authorization server that calls itself another', async () => {
    await control.behaviour({ bluesky: { lie: 'issuer' } });
    const fresh = blueskyAt(url);
    expect(await refusalOf(fresh.authorize(asking('zoe')))).toBe('not_one');
  });

  it.each([
    ['invalid_scope', 'scope_unknown'],
    ['invalid_client_metadata', 'scope_unknown'],
    ['invalid_redirect_uri', 'service_refused'],
    ['invalid_request', 'service_refused'],
    ['invalid_client', 'service_refused'],
    ['unauthorized_client', 'service_refused'],
    ['server_error', 'unreachable'],
    ['temporarily_unavailable', 'unreachable'],
  ] as const)(
    'says why a server refuses the request with %s, and asks for no more',
    async (word, problem) => {
      await control.behaviour({ bluesky: { refusesPush: word } });
      const asked = async () => (await control.record(0, 'authorize')).length;
      // Its nonce is known, so that a refusal is the only reason to come again.
      const before = await asked();
      expect(await refusalOf(bluesky.authorize(asking('zoe')))).toBe(problem);
      expect(await asked()).toBe(before + 1);
    },
  );

  it('gets a grant that is bound to its account, server and key, and who gave it', async () => {
    const grant = await obtainGrant(bluesky, 'zoe');
    const [{ id } = { id: '' }] = await control.accounts();
    expect(grant.extra).toMatchObject({ did: id, pds: url, issuer: url });
    expect(await bluesky.whoAmI(grant)).toEqual({ id, handle: 'zoe.bsky.social' });
    expect(await bluesky.probe(grant)).toEqual({ kind: 'alive' });
    expect(bluesky.hostOf({ id, handle: '' }, grant)).toBe(new URL(url).host);
  });

  it('calls an account as it calls itself while nobody can confirm that', async () => {
    const grant = await obtainGrant(bluesky, 'zoe');
    const [{ id } = { id: '' }] = await control.accounts();
    await control.behaviour({ bluesky: { resolver: 'gateway' } });
    const claimed = { id, handle: 'zoe.bsky.social', unconfirmed: true };
    expect(await bluesky.whoAmI(grant)).toEqual(claimed);
    // A resolver that is not there at all is no other thing.
    const host = `127.0.0.1:${await freePort()}`;
    const gone = blueskyAt(url, { config: { resolverUrl: `http://${host}` }, hosts: [host] });
    expect(await gone.whoAmI(grant)).toEqual(claimed);
    await control.behaviour({ bluesky: { resolver: 'stranger' } });
    expect(await bluesky.whoAmI(grant)).toEqual({ id, handle: 'handle.invalid' });
  });

  it('B11 says that what looks names up failed, and not the server of the handle', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const config = { resolverUrl: `http://${host}` };
    const did = `did:plc:${'a'.repeat(24)}`;
    const noDirectory = { directoryUrl: `http://${host}` };
    const problemAt = (at: Platform, where: string) => refusalOf(at.authorize(asking(where)));
    await control.behaviour({ bluesky: { resolver: 'gateway' } });
    expect(await problemAt(bluesky, 'zoe')).toBe('lookup_failed');
    await control.behaviour({ bluesky: { resolver: 'right' } });
    expect(await problemAt(blueskyAt(url, { config, hosts: [host] }), 'zoe')).toBe('lookup_failed');
    const lost = blueskyAt(url, { config: noDirectory, hosts: [host] });
    expect(await problemAt(lost, did)).toBe('lookup_failed');
    expect(await problemAt(bluesky, 'nobody-here')).toBe('not_found');
  });

  it('takes no token that is for another account', async () => {
    const given = await obtainAnswer(bluesky, 'zoe');
    await control.behaviour({ bluesky: { lie: 'account' } });
    await expect(bluesky.exchange(given)).rejects.toThrow(GrantRefused);
  });

  it('takes no token of somebody else who logged in', async () => {
    const { url: page, flowSecret: keep } = await bluesky.authorize(asking('zoe'));
    const back = new URL(await decideConsent(page, 'max'));
    const answer = Object.fromEntries(back.searchParams);
    const redirectUri = `${LOCAL}/callback/bluesky`;
    await expect(bluesky.exchange({ answer, flowSecret: keep, redirectUri })).rejects.toThrow(
      GrantRefused,
    );
  });

  it('takes no server’s word for an account that it speaks for and has not', async () => {
    const grant = await obtainGrant(bluesky, 'zoe');
    await control.behaviour({ bluesky: { lie: 'account' } });
    await expect(bluesky.whoAmI(grant)).rejects.toThrow(GrantRefused);
    expect(await bluesky.probe(grant)).toMatchObject({ kind: 'undecided' });
    await control.behaviour({ bluesky: { serverUrl: 'https://pds.example.com' } });
    await expect(bluesky.whoAmI(grant)).rejects.toThrow(GrantRefused);
  });

  it('takes no answer of another server, and none without a code', async () => {
    const given = await obtainAnswer(bluesky, 'zoe');
    const answers: Record<string, string>[] = [
      { ...given.answer, iss: 'https://another.example' },
      { code: given.answer.code ?? '', state: 'state' },
      { error: 'access_denied', iss: url, state: 'state' },
      { ...given.answer, code: 'made-up' },
    ];
    for (const answer of answers) {
      await expect(bluesky.exchange({ ...given, answer })).rejects.toThrow(GrantRefused);
    }
  });

  it('renews a grant once, and ends it with a token that was used before', async () => {
    const first = await obtainGrant(bluesky, 'zoe');
    const second = await bluesky.refresh(first);
    expect(second.extra).toEqual(first.extra);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await bluesky.probe(second)).toEqual({ kind: 'alive' });
    await expect(bluesky.refresh(first)).rejects.toThrow(GrantRefused);
    await expect(bluesky.refresh(second)).rejects.toThrow(GrantRefused);
    expect(await bluesky.probe(second)).toMatchObject({ kind: 'dead' });
  });

  it('tells trouble from a refusal when it renews', async () => {
    const grant = await obtainGrant(bluesky, 'max');
    for (const fault of ['status500', 'status502', 'status401'] as const) {
      await control.fault('max', 'token', fault);
      const error = await bluesky.refresh(grant).catch((thrown: unknown) => thrown);
      expect(error, fault).toBeInstanceOf(Error);
      expect(error, fault).not.toBeInstanceOf(GrantRefused);
    }
    expect((await bluesky.refresh(grant)).accessToken).not.toBe(grant.accessToken);
  });

  it('revokes a grant', async () => {
    const grant = await obtainGrant(bluesky, 'zoe');
    await bluesky.revoke(grant);
    expect(await bluesky.probe(grant)).toMatchObject({ kind: 'dead' });
    await expect(bluesky.refresh(grant)).rejects.toThrow(GrantRefused);
    await expect(bluesky.revoke(grant)).resolves.toBeUndefined();
  });

  it('is a confidential client with one key at a public address, which servers can check', async () => {
    const notes = notebook();
    const mine = blueskyAt(url, { notes, baseUrl: PUBLIC });
    const documents = (await mine.documents?.()) ?? {};
    expect(await blueskyAt(url, { notes, baseUrl: PUBLIC }).documents?.()).toEqual(documents);
    const { 'client-metadata.json': metadata, 'jwks.json': keys } = documents as {
      'client-metadata.json': Record<string, unknown>;
      'jwks.json': { keys: Record<string, string>[] };
    };
    expect(JSON.stringify(keys)).not.toContain('"d"');
    expect(metadata).toMatchObject({
      client_id: `${PUBLIC}/oauth/bluesky/client-metadata.json`,
      redirect_uris: [`${PUBLIC}/callback/bluesky`],
      jwks_uri: `${PUBLIC}/oauth/bluesky/jwks.json`,
      token_endpoint_auth_method: 'private_key_jwt',
      dpop_bound_access_tokens: true,
    });
    const clientId = String(metadata?.client_id);
    await control.registerApp({
      clientId,
      jwks: keys,
      redirectUris: [`${PUBLIC}/callback/bluesky`],
    });
    const grant = await mine.exchange(await obtainAnswer(mine, 'zoe', PUBLIC));
    expect(await mine.probe(await mine.refresh(grant))).toEqual({ kind: 'alive' });
    const stranger = blueskyAt(url, { notes: notebook(), baseUrl: PUBLIC });
    await expect(stranger.authorize(asking('zoe', PUBLIC))).rejects.toThrow();
  });
});
