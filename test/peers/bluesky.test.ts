import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { GrantRefused, type Platform, type PostOrder } from '../../src/platforms/platform.ts';
import { atEnd } from '../support/at-end.ts';
import { launchChromium } from '../support/chromium.ts';
import { BASE, blueskyAt, PASSWORD, type Pds, postsOf, startPds } from './pds.ts';
import { consentByHttp } from './pds-consent.ts';
import { needsPeer, peer } from './support.ts';

const TEXT = 'Wir läuten zusammen 🔔 #100DaysOfInjustice https://example.org/bell';
const REDIRECT = `${BASE}/callback/bluesky`;

let pds: Pds;
let bluesky: Platform;
let made = 0;

beforeAll(async () => {
  pds = await startPds();
  bluesky = blueskyAt(pds);
});

/** A new account of the server. */
async function newPerson() {
  made += 1;
  const handle = `person${made}.test`;
  return { handle, did: await pds.join(handle) };
}

function authorize(handle: string) {
  const moment = new Date();
  return bluesky.authorize({
    ...{ redirectUri: REDIRECT, state: 'state-1', locator: handle },
    ...{ text: TEXT, locale: 'de', moment },
  });
}

/** The grant that an answer at our callback leads to. */
function exchange(back: string, keep: string) {
  const answer = Object.fromEntries(new URL(back).searchParams);
  return bluesky.exchange({ answer, flowSecret: keep, redirectUri: REDIRECT });
}

/** An order of somebody who has authorized us. */
async function newOrder(): Promise<PostOrder> {
  const { handle } = await newPerson();
  const { url, flowSecret: keep } = await authorize(handle);
  const grant = await exchange(await consentByHttp(url, handle), keep);
  const account = await bluesky.whoAmI(grant);
  const moment = new Date();
  return {
    postKey: randomUUID(),
    account,
    grant,
    text: TEXT,
    locale: 'de',
    moment,
    staged: null,
  };
}

describe('our Bluesky at a real server', () => {
  it('is let in by a person, and learns who that is', async () => {
    const { handle, did } = await newPerson();
    const { url, flowSecret: keep } = await authorize(handle);
    const back = await consentByHttp(url, handle);
    expect(new URL(back).searchParams.get('state')).toBe('state-1');
    const grant = await exchange(back, keep);
    expect(await bluesky.whoAmI(grant)).toEqual({ id: did, handle });
    expect(await bluesky.probe(grant)).toEqual({ kind: 'alive' });
    expect(bluesky.hostOf({ id: did, handle }, grant)).toBe(new URL(pds.url).host);
  });

  it('takes a no', async () => {
    const { handle } = await newPerson();
    const { url, flowSecret: keep } = await authorize(handle);
    const back = await consentByHttp(url, handle, 'reject');
    expect(new URL(back).searchParams.get('error')).toBe('access_denied');
    await expect(exchange(back, keep)).rejects.toThrow(GrantRefused);
  });

  it('refuses a code that has been used', async () => {
    const { handle } = await newPerson();
    const { url, flowSecret: keep } = await authorize(handle);
    const back = await consentByHttp(url, handle);
    await exchange(back, keep);
    await expect(exchange(back, keep)).rejects.toThrow(GrantRefused);
  });

  it('does not take a grant of another person than the one who was named', async () => {
    const [one, other] = [await newPerson(), await newPerson()];
    const { url, flowSecret: keep } = await authorize(one.handle);
    // A server may let the person choose; one that does not, refuses by itself.
    const going = consentByHttp(url, other.handle).then((back) => exchange(back, keep));
    await expect(going).rejects.toThrow();
  });

  it('posts, once, and reads it back', async () => {
    const order = await newOrder();
    const since = new Date();
    expect(await bluesky.reconcile(order, since)).toEqual({ kind: 'absent' });
    const posted = await bluesky.prepare(order)();
    expect(posted).toMatchObject({ kind: 'posted' });
    const [post, ...others] = await postsOf(pds, order.account.id);
    expect(others).toEqual([]);
    expect(post?.value).toMatchObject({
      ...{ text: TEXT, langs: ['de'], createdAt: order.moment.toISOString() },
    });
    expect(posted).toMatchObject({ id: post?.uri });
    expect(await bluesky.reconcile(order, since)).toMatchObject({ kind: 'found', id: post?.uri });
    const features = linked(post?.value);
    expect(features).toEqual(['#100DaysOfInjustice', 'https://example.org/bell']);
  });

  it('makes one record of a post that is sent again, after the other and all at once', async () => {
    const order = await newOrder();
    expect(await bluesky.prepare(order)()).toMatchObject({ kind: 'posted' });
    expect(await bluesky.prepare(order)()).toMatchObject({ kind: 'unknown' });
    expect(await bluesky.reconcile(order, new Date())).toMatchObject({ kind: 'found' });
    expect(await postsOf(pds, order.account.id)).toHaveLength(1);

    const crowd = { ...order, postKey: randomUUID() };
    const prepared = Array.from({ length: 8 }, () => bluesky.prepare(crowd));
    const kinds = (await Promise.all(prepared.map((post) => post()))).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'posted')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'unknown')).toHaveLength(7);
    expect(await postsOf(pds, order.account.id)).toHaveLength(2);
  });

  it('says that a text is too long', async () => {
    const order = await newOrder();
    const outcome = await bluesky.prepare({ ...order, text: 'a'.repeat(301) })();
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'text_invalid' });
    expect(await postsOf(pds, order.account.id)).toEqual([]);
    const widest = { ...order, postKey: randomUUID(), text: '👨‍👩‍👧‍👦'.repeat(120) };
    expect(bluesky.textRule.refuses?.(widest.text)).toBeNull();
    expect(await bluesky.prepare(widest)()).toMatchObject({ kind: 'posted' });
  });

  it('renews a grant, and loses it when the old one is used again', async () => {
    const order = await newOrder();
    const renewed = await bluesky.refresh(order.grant);
    expect(renewed.accessToken).not.toBe(order.grant.accessToken);
    expect(renewed.refreshToken).not.toBe(order.grant.refreshToken);
    const fresh = { ...order, grant: renewed };
    expect(await bluesky.prepare(fresh)()).toMatchObject({ kind: 'posted' });

    await expect(bluesky.refresh(order.grant)).rejects.toThrow(GrantRefused);
    await expect(bluesky.refresh(renewed)).rejects.toThrow(GrantRefused);
    expect(await bluesky.probe(renewed)).toMatchObject({ kind: 'dead' });
  });

  it('gives a grant back', async () => {
    const order = await newOrder();
    await bluesky.revoke(order.grant);
    await expect(bluesky.refresh(order.grant)).rejects.toThrow(GrantRefused);
    expect(await bluesky.probe(order.grant)).toMatchObject({ kind: 'dead' });
    expect(await bluesky.prepare(order)()).toMatchObject({ kind: 'reconnect' });
    expect(await postsOf(pds, order.account.id)).toEqual([]);
    await bluesky.revoke(order.grant);
  });

  it.each([
    ['taken down', 'account_suspended'],
    ['deactivated', 'account_inactive'],
    ['deleted', 'account_gone'],
  ] as const)('E6 knows why the grant of an account that is %s is dead', async (how, reason) => {
    const order = await newOrder();
    const { id: did, handle } = order.account;
    expect(await bluesky.whyDead?.(order.grant)).toBeNull();
    await pds.end({ did, handle }, how);
    expect(await bluesky.whyDead?.(order.grant)).toBe(reason);
    expect(await bluesky.probe(order.grant)).not.toMatchObject({ kind: 'alive' });
    expect(await bluesky.prepare(order)()).not.toMatchObject({ kind: 'posted' });
    const refreshed = await bluesky.refresh(order.grant).catch((error: unknown) => error);
    if (how !== 'deactivated') expect(refreshed).toBeInstanceOf(GrantRefused);
  });

  it('warms connections, and posts on them without a second try', async () => {
    const order = await newOrder();
    expect(await bluesky.openConnections(new URL(pds.url).host, 4)).toBeTypeOf('number');
    expect(await bluesky.prepare(order)()).toMatchObject({ kind: 'posted' });
  });

  it('says that nobody has this handle', async () => {
    await expect(authorize('nobody-at-all.test')).rejects.toMatchObject({ problem: 'not_found' });
  });
});

/** What a post's links and hashtags stand on, by the byte offsets that it names. */
function linked(value: unknown): string[] {
  const { text, facets } = value as {
    text: string;
    facets: { index: { byteStart: number; byteEnd: number } }[];
  };
  return facets.map(({ index }) =>
    Buffer.from(text).subarray(index.byteStart, index.byteEnd).toString(),
  );
}

needsPeer('chromium')('a person in Chromium', () => {
  it('signs in at the server, authorizes us, and is sent back', async () => {
    const { handle, did } = await newPerson();
    const { url, flowSecret: keep } = await authorize(handle);
    const browser = await launchChromium(peer('chromium'));
    atEnd(() => browser.close());
    const page = await browser.newPage({ locale: 'en-GB' });
    page.setDefaultTimeout(20_000);
    const back = page.waitForRequest((request) => request.url().startsWith(REDIRECT));
    await page.goto(url);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Authorize' }).click();
    const grant = await exchange((await back).url(), keep);
    expect(await bluesky.whoAmI(grant)).toEqual({ id: did, handle });
  });
});
