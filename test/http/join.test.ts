import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('joining', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  async function count(table: string, campaignId: string): Promise<number> {
    const found = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where campaign_id = ${campaignId}`.execute(
      stage.instance.ctx.db,
    );
    return found.rows[0]?.count ?? -1;
  }

  /** Neither a pledge nor a credential: nothing half done. */
  async function pledged(campaignId: string): Promise<number[]> {
    return [await count('pledge', campaignId), await count('credential', campaignId)];
  }

  it('ends on a receipt with the text that the page showed', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const page = await browser.get(campaign.url);
    expect(page.status).toBe(200);
    const receipt = await browser.join(campaign.url, 'anna');
    expect(receipt.status).toBe(200);
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('anna');
    expect(receipt.text).toContain('#100DaysOfInjustice #Chechen100 https://example.org/100days');
    expect(receipt.headers.get('cache-control')).toBe('no-store');
    expect(receipt.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await pledged(campaign.id)).toEqual([1, 1]);
  });

  it('shows the message in the visitor’s language, and posts in it', async () => {
    const campaign = await stage.open();
    const receipt = await plainBrowser('ru-RU,ru;q=0.9,en;q=0.5').join(campaign.url, 'vera');
    expect(receipt.html).toMatch(/<html[^>]*lang="ru"/);
    expect(receipt.text).toContain('Чечне');
  });

  it('gives the same receipt to an account that joins twice', async () => {
    const campaign = await stage.open();
    const first = await plainBrowser().join(campaign.url, 'twice');
    const second = await plainBrowser('fr').join(campaign.url, 'twice');
    expect(new URL(second.url).pathname).toBe(new URL(first.url).pathname);
    expect(await count('pledge', campaign.id)).toBe(1);
    const live = await sql`
      select 1 from credential where campaign_id = ${campaign.id} and state = 'live'`.execute(
      stage.instance.ctx.db,
    );
    expect(live.rows).toHaveLength(1);
  });

  it('says so when consent is denied, and stores nothing', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const authorizeUrl = await browser.startJoining(campaign.url);
    const page = await browser.get(await decideConsent(authorizeUrl, 'dora', 'deny'));
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/nothing/i);
    expect(await pledged(campaign.id)).toEqual([0, 0]);
  });

  it('takes a return once: a replayed one makes no second pledge', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url), 'rita');
    expect((await browser.get(back)).status).toBe(200);
    const replayed = await browser.get(back);
    expect(replayed.status).toBe(409);
    expect(await pledged(campaign.id)).toEqual([1, 1]);
  });

  it('takes a return only from the browser that left', async () => {
    const campaign = await stage.open();
    const victim = plainBrowser();
    await victim.startJoining(campaign.url);
    const attacker = plainBrowser();
    const back = await decideConsent(await attacker.startJoining(campaign.url), 'mallory');
    const page = await victim.get(back);
    expect(page.status).toBe(409);
    expect((await plainBrowser().get(back)).status).toBe(409);
    expect(await pledged(campaign.id)).toEqual([0, 0]);
    // Nobody has used it up: the one it was made for still can.
    expect((await attacker.get(back)).status).toBe(200);
  });

  it('refuses a return that took too long', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url), 'slow');
    await sql`update oauth_flow set expires_at = now() - interval '1 second'
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    expect((await browser.get(back)).status).toBe(409);
    expect(await pledged(campaign.id)).toEqual([0, 0]);
  });

  it('refuses a state that nobody made, and a return without one', async () => {
    const browser = plainBrowser();
    expect((await browser.get(`${stage.url}/callback/x?state=made-up&code=1`)).status).toBe(409);
    expect((await browser.get(`${stage.url}/callback/x`)).status).toBe(409);
    expect((await browser.get(`${stage.url}/callback/x?state=a&state=b&code=1`)).status).toBe(409);
  });

  it('has no form and takes no pledge once joining has closed', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url), 'late');
    const stale = await browser.get(campaign.url);
    await sql`update campaign set lock_at = now() - interval '1 second', state = 'locked'
      where id = ${campaign.id}`.execute(stage.instance.ctx.db);
    expect((await browser.get(campaign.url)).html).not.toContain('/join');
    expect((await browser.submit(stale, '/join')).status).toBe(409);
    expect((await browser.get(back)).status).toBe(409);
    expect(await pledged(campaign.id)).toEqual([0, 0]);
  });

  it('is not open to a campaign that nobody approved, or that does not exist', async () => {
    const campaign = await stage.open();
    await sql`update campaign set state = 'in_review' where id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    const browser = plainBrowser();
    expect((await browser.get(campaign.url)).status).toBe(404);
    expect((await browser.get(`${stage.url}/c/nowhere`)).status).toBe(404);
  });

  it('asks again when the text is not the one that was shown', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const page = await browser.get(campaign.url);
    const answer = await browser.submit(page, '/join', { shown_x: 'a'.repeat(64) });
    expect(answer.status).toBe(409);
    expect(answer.html).toContain('/join');
    expect(await count('oauth_flow', campaign.id)).toBe(0);
  });

  it('lets the supporter see what their name makes of the text before consenting', async () => {
    const reference = { en: 'I am {{ name | default: "one of many" }}. {{ hashtags }}' };
    const campaign = await stage.open({
      document: {
        locales: ['en'],
        title: { en: 'Names' },
        story: { en: 'A story.' },
        messages: reference,
      },
    });
    const browser = plainBrowser();
    const shown = await browser.get(`${campaign.url}?name=Zoë`);
    expect(shown.text).toContain('I am Zoë. #100DaysOfInjustice');
    const unseen = await browser.submit(await browser.get(campaign.url), '/join', { name: 'Zoë' });
    expect(unseen.status).toBe(409);
    expect(unseen.text).toContain('I am Zoë.');
    const link = await browser.submit(unseen, '/join').catch((error: Error) => error.message);
    expect(String(typeof link === 'string' ? link : link.url)).toContain('/i/oauth2/authorize');
    const bad = await browser.get(`${campaign.url}?name=${encodeURIComponent('@everyone')}`);
    expect(bad.text).toContain('I am one of many.');
  });

  it('says so when the network fails on the way back, and gives an unused grant back', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    await stage.control.createAccounts({ accounts: [{ handle: 'unlucky' }] });
    await stage.control.fault('unlucky', 'me', 'status500');
    const back = await decideConsent(await browser.startJoining(campaign.url), 'unlucky');
    expect((await browser.get(back)).status).toBe(502);
    expect(await pledged(campaign.id)).toEqual([0, 0]);
    const revoked = (await stage.control.record(0, 'revoke')).filter((e) => e.handle === 'unlucky');
    expect(revoked.length).toBeGreaterThan(0);
  });

  it('can be taken back: the grant is revoked at the network and destroyed here', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await browser.join(campaign.url, 'wanda');
    const after = await browser.submit(receipt, '/withdraw');
    expect(after.html).toContain('data-state="withdrawn"');
    const { db } = stage.instance.ctx;
    await waitFor(async () => (await count('credential', campaign.id)) === 0, { what: 'shred' });
    const revoked = (await stage.control.record(0, 'revoke')).filter((e) => e.handle === 'wanda');
    expect(revoked.map((entry) => entry.status)).toEqual(revoked.map(() => 200));
    expect(revoked.length).toBeGreaterThan(0);
    // Joining again is a new consent with the same receipt.
    const again = await plainBrowser().join(campaign.url, 'wanda');
    expect(new URL(again.url).pathname).toBe(new URL(receipt.url).pathname);
    expect(again.html).toContain('data-state="pledged"');
    const rows = await sql`select 1 from pledge where campaign_id = ${campaign.id}`.execute(db);
    expect(rows.rows).toHaveLength(1);
  });

  it('does not take a form from another site, nor a receipt link that is not ours', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const page = await browser.get(campaign.url);
    expect(page.html).toContain('/join');
    const foreign = await fetch(`${campaign.url}/join`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ platform: 'x' }),
    });
    expect(foreign.status).toBe(403);
    expect((await browser.get(`${stage.url}/r/${'A'.repeat(43)}`)).status).toBe(404);
  });
});

needs('postgres')('an instance that is asked to stop', () => {
  it('lets somebody who is just joining come to an end', async () => {
    const stage = await startStage();
    const campaign = await stage.open();
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url), 'last');
    await stage.control.behaviour({ latency: { kind: 'fixed', medianMs: 700 } });
    const headers = { cookie: [...browser.cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
    const answer = fetch(back, { headers, redirect: 'manual' });
    const asked = async () => (await stage.control.record(0, 'token')).length > 0;
    await waitFor(asked, { what: 'the code to be exchanged' });
    await stage.stop();
    expect((await answer).status).toBe(303);
    expect((await answer).headers.get('location')).toContain('/r/');
  });
});
