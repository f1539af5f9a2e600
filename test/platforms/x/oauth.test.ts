import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { GrantRefused, type Platform } from '../../../src/platforms/platform.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { startNetwork } from '../../support/network.ts';
import { answering, asking, newOrder, obtainCode, obtainGrant, REDIRECT, xAt } from './support.ts';

describe('authorizing with X', () => {
  let url: string;
  let control: SimulatorControl;
  let x: Platform;
  beforeAll(async () => {
    ({ url, control } = await startNetwork());
    x = xAt(url);
  });

  it('sends people off with S256, exactly the scopes we need, and our state', async () => {
    const { url: link, flowSecret: codeVerifier } = await x.authorize(asking('st/a te'));
    const { origin, pathname, searchParams } = new URL(link);
    expect(origin + pathname).toBe(`${url}/i/oauth2/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'test-app',
      redirect_uri: REDIRECT,
      scope: 'tweet.read tweet.write users.read offline.access',
      state: 'st/a te',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    // RFC 7636, 4.1.
    expect(codeVerifier).toMatch(/^[\w.~-]{43,128}$/);
    const again = await x.authorize(asking('st/a te'));
    expect(again.flowSecret).not.toBe(codeVerifier);
  });

  it('exchanges the code for a grant with its end, and learns whose it is', async () => {
    const before = Date.now();
    const grant = await obtainGrant(x, 'anna');
    expect(grant.accessToken).not.toBe('');
    expect(grant.refreshToken).not.toBeNull();
    expect(grant.scope).toBe(x.scope);
    const life = (grant.expiresAt?.getTime() ?? 0) - before;
    expect(life).toBeGreaterThanOrEqual(7_200_000);
    expect(life).toBeLessThan(7_200_000 + 60_000);
    const [account] = (await control.accounts()).filter(({ handle }) => handle === 'anna');
    const who = { id: account?.id, handle: 'anna', followers: expect.any(Number) };
    expect(await x.whoAmI(grant)).toEqual(who);
  });

  it('is refused with a code that is used up, or without its verifier', async () => {
    const once = await obtainCode(x, 'bea');
    await x.exchange(once);
    await expect(x.exchange(once)).rejects.toBeInstanceOf(GrantRefused);
    const stolen = { ...(await obtainCode(x, 'bea')), flowSecret: 'a'.repeat(64) };
    await expect(x.exchange(stolen)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('refreshes to a new pair, and the old refresh token is refused', async () => {
    const first = await obtainGrant(x, 'cleo');
    const second = await x.refresh(first);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await x.whoAmI(second)).handle).toBe('cleo');
    await expect(x.refresh(first)).rejects.toBeInstanceOf(GrantRefused);
    // Using a rotated one kills the whole family.
    await expect(x.refresh(second)).rejects.toBeInstanceOf(GrantRefused);
    await expect(x.whoAmI(second)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('has nothing to refresh without a refresh token, and asks nobody', async () => {
    const grant = { ...(await obtainGrant(x, 'dana')), refreshToken: null };
    const { requests } = await control.summary();
    await expect(x.refresh(grant)).rejects.toBeInstanceOf(GrantRefused);
    expect((await control.summary()).requests).toBe(requests);
  });

  it('revokes: neither token works after it, and doing it twice is fine', async () => {
    const grant = await obtainGrant(x, 'elsa');
    await x.revoke(grant);
    await expect(x.whoAmI(grant)).rejects.toBeInstanceOf(GrantRefused);
    await expect(x.refresh(grant)).rejects.toBeInstanceOf(GrantRefused);
    await x.revoke(grant);
    const revoked = (await control.record(0, 'revoke')).filter((entry) => entry.handle === 'elsa');
    expect(revoked.length).toBeGreaterThan(0);
  });

  it('takes invalid_grant for the end of the grant, and nothing else for it', async () => {
    const order = await newOrder(x, control);
    const { handle } = order.account;
    await control.fault(handle, 'token', 'status400InvalidGrant');
    await expect(x.refresh(order.grant)).rejects.toBeInstanceOf(GrantRefused);
    const troubles = [
      'status500',
      'status502',
      'status503',
      'status429User',
      'resetBefore',
    ] as const;
    for (const fault of troubles) {
      await control.fault(handle, 'token', fault);
      const error = await x.refresh(order.grant).catch((caught: unknown) => caught);
      expect(error, fault).toBeInstanceOf(Error);
      expect(error, fault).not.toBeInstanceOf(GrantRefused);
    }
    await expect(x.refresh(order.grant)).resolves.toMatchObject({ scope: x.scope });
  });

  it('does not give a grant up because the app’s own keys are refused', async () => {
    const order = await newOrder(x, control);
    const json = 'application/json';
    const answers: [string, string, string][] = [
      ['401 Unauthorized', json, '{"error":"unauthorized_client"}'],
      ['401 Unauthorized', json, '{"error":"invalid_client"}'],
      ['400 Bad Request', json, '{"error":"invalid_client"}'],
      ['403 Forbidden', json, '{"type":"https://api.x.com/2/problems/client-forbidden"}'],
      ['404 Not Found', json, '{}'],
      ['400 Bad Request', 'text/html', '<h1>Bad request</h1>'],
      ['403 Forbidden', 'text/html', '<h1>Are you human?</h1>'],
    ];
    for (const [status, type, body] of answers) {
      const other = xAt(await answering(status, type, body));
      const error = await other.refresh(order.grant).catch((caught: unknown) => caught);
      expect(error, body).toBeInstanceOf(Error);
      expect(error, body).not.toBeInstanceOf(GrantRefused);
    }
    const gone = xAt(await answering('400 Bad Request', json, '{"error":"invalid_grant"}'));
    await expect(gone.refresh(order.grant)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('says that the grant is not accepted only when X says so', async () => {
    const order = await newOrder(x, control);
    const { handle } = order.account;
    await control.fault(handle, 'me', 'status401');
    await expect(x.whoAmI(order.grant)).rejects.toBeInstanceOf(GrantRefused);
    for (const fault of ['status500', 'status429User', 'resetBefore'] as const) {
      await control.fault(handle, 'me', fault);
      const error = await x.whoAmI(order.grant).catch((caught: unknown) => caught);
      expect(error, fault).toBeInstanceOf(Error);
      expect(error, fault).not.toBeInstanceOf(GrantRefused);
    }
  });
});
