import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { acceptPlatform } from '../../src/actions/platform/accept-platform.ts';
import { offeredPlatforms } from '../../src/actions/platform/offered-platforms.ts';
import { withdrawAcceptance } from '../../src/actions/platform/withdraw-acceptance.ts';
import type { Context } from '../../src/context.ts';
import { type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { connectReef, REEF_AS_OF, type Reef } from '../support/reef.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { caller, keyHolder } from './api.ts';
import { cookieHeader, signedIn } from './operator.ts';

const ACCEPT = '/ops/platforms/reef/accept';
const WITHDRAW = '/ops/platforms/reef/withdraw';

needs('postgres')('a real platform', () => {
  let stage: TestStage;
  let ctx: Context;
  let reef: Reef;
  let campaign: OpenedCampaign;
  let vera: PlainBrowser;
  beforeAll(async () => {
    stage = await startStage();
    ctx = stage.instance.ctx;
    reef = connectReef(ctx, { requires: 'nothing' });
    campaign = await stage.open();
    vera = await signedIn(stage);
  });
  beforeEach(async () => {
    reef.policy = { ...reef.policy, asOf: REEF_AS_OF };
    await withdrawAcceptance(ctx, { name: 'reef', operator: 'test' });
  });

  const accept = (asOf = REEF_AS_OF) =>
    acceptPlatform(ctx, { name: 'reef', asOf, operator: 'Vera' });
  const page = () => vera.get(`${stage.url}/ops/platforms`);
  const offered = async () => (await offeredPlatforms(ctx)).map(({ name }) => name);
  const standing = (html: string) => /data-platform="reef" data-offered="(\w+)"/.exec(html)?.[1];

  it('is not offered before somebody has accepted its rules', async () => {
    const shown = await plainBrowser().chooseWords(campaign.url);
    expect(shown.text).toContain('Join with X');
    expect(shown.text).not.toContain('Reef');
    const sent = await plainBrowser().submit(shown, '/join', { platform: 'reef' });
    expect(sent.status).toBe(404);
    expect((await vera.get(`${stage.url}/ops`)).text).toMatch(
      /Nobody can join with [^.]*\bReef yet/,
    );
  });

  it('is accepted by an operator who has what its rules say before them', async () => {
    const before = await page();
    expect(before.status).toBe(200);
    expect(standing(before.html)).toBe('false');
    expect(before.text).toContain('Be kind.');
    expect(before.html).toContain('href="https://reef.example/rules"');
    const slip = await vera.submit(before, ACCEPT, { confirm: 'x' });
    expect([slip.status, standing(slip.html)]).toEqual([422, 'false']);
    expect(slip.text).toContain('type reef to accept its rules');
    const after = await vera.submit(before, ACCEPT, { confirm: 'reef' });
    expect([after.status, standing(after.html)]).toEqual([200, 'true']);
    expect(after.text).toContain('Accepted by Vera');
    expect((await plainBrowser().chooseWords(campaign.url)).text).toContain('Join with Reef');
    const withdrawn = await vera.submit(after, WITHDRAW);
    expect([withdrawn.status, standing(withdrawn.html)]).toEqual([200, 'false']);
    expect((await plainBrowser().chooseWords(campaign.url)).text).not.toContain('Join with Reef');
    const audited = await sql<{ said: string }>`
      select actor || ' ' || action as said from audit_entry where subject = 'reef'
      and actor = 'Vera' order by id desc limit 2`.execute(ctx.db);
    expect(audited.rows.map(({ said }) => said)).toEqual([
      'Vera platform.withdraw',
      'Vera platform.accept',
    ]);
  });

  it('is accepted once, and noted once', async () => {
    expect((await accept()).changed).toBe(true);
    const again = await acceptPlatform(ctx, { name: 'reef', asOf: REEF_AS_OF, operator: 'Omar' });
    expect(again).toMatchObject({ changed: false, platform: { acceptance: { actor: 'Vera' } } });
    const withdrawals = ['Vera', 'Omar'].map((operator) =>
      withdrawAcceptance(ctx, { name: 'reef', operator }),
    );
    const changed = (await Promise.all(withdrawals)).map((result) => result.changed);
    expect(changed.toSorted()).toEqual([false, true]);
  });

  it('has to be accepted again once its rules have been read anew', async () => {
    await accept();
    const stale = await page();
    reef.policy = { ...reef.policy, asOf: '2026-11-01' };
    expect(await offered()).toEqual(['x']);
    const lapsed = await page();
    expect(standing(lapsed.html)).toBe('false');
    expect(lapsed.text).toContain('has lapsed');
    await expect(accept()).rejects.toMatchObject({ code: 'rules_changed' });
    expect((await vera.submit(stale, WITHDRAW)).status).toBe(200);
    await accept('2026-11-01');
    expect(await offered()).toEqual(['x', 'reef']);
    // A newer reading than the code's covers what the code says.
    reef.policy = { ...reef.policy, asOf: '2026-10-01' };
    expect(await offered()).toEqual(['x', 'reef']);
  });

  it('is refused to a form that shows an older reading', async () => {
    const stale = await page();
    reef.policy = { ...reef.policy, asOf: '2026-11-01' };
    const sent = await vera.submit(stale, ACCEPT, { confirm: 'reef' });
    expect([sent.status, standing(sent.html)]).toEqual([409, 'false']);
    expect(sent.text).toContain('read it once more');
  });

  it('is no other site’s and no stranger’s to accept', async () => {
    const body = new URLSearchParams({ confirm: 'reef', as_of: REEF_AS_OF });
    const send = (headers: Record<string, string>) =>
      fetch(stage.url + ACCEPT, { method: 'POST', body, headers, redirect: 'manual' });
    const cookie = cookieHeader(vera);
    expect((await send({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({})).status).toBe(401);
    expect((await fetch(`${stage.url}/ops/platforms`)).status).toBe(401);
    expect(await offered()).toEqual(['x']);
    expect((await send({ cookie })).status).toBe(303);
    expect(await offered()).toEqual(['x', 'reef']);
  });

  it('is not one that is simulated, nor one that does not exist', async () => {
    await expect(
      acceptPlatform(ctx, { name: 'x', asOf: '2026-08-22', operator: 'Vera' }),
    ).rejects.toMatchObject({ code: 'simulated' });
    const missing = await fetch(`${stage.url}/ops/platforms/reeff/withdraw`, {
      method: 'POST',
      headers: { cookie: cookieHeader(vera) },
    });
    expect(missing.status).toBe(404);
  });

  it('is told of over the API, to those who have a key', async () => {
    await accept();
    expect((await caller(stage.url, null).get('/api/v1/platforms')).status).toBe(401);
    const { body } = await (await keyHolder(ctx, stage.url, 'press')).get('/api/v1/platforms');
    const platforms = body?.platforms as { name: string }[];
    const named = platforms.filter(({ name }) => name === 'x' || name === 'reef');
    expect(named).toMatchObject([
      { name: 'x', connected: true, simulated: true, offered: true, accepted: null },
      {
        name: 'reef',
        offered: true,
        rules: { says: ['Be kind.'], source: 'https://reef.example/rules', as_of: REEF_AS_OF },
        accepted: { by: 'Vera', as_of: REEF_AS_OF, lapsed: false },
      },
    ]);
  });
});
