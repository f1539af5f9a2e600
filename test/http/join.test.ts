import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

import { exactIn, follow, linkTo, namesDocument } from './on-page.ts';

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
    const page = await browser.chooseWords(campaign.url);
    expect(page.status).toBe(200);
    const shown = exactIn(page);
    const hash = createHash('sha256').update(shown).digest('hex');
    expect(page.html).toContain(`name="shown" value="${hash}"`);
    const receipt = await browser.join(campaign.url, 'anna');
    expect(receipt.status).toBe(200);
    expect(exactIn(receipt)).toBe(shown);
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

  it('gives everybody who follows an address that was passed on a receipt of their own', async () => {
    const campaign = await stage.open();
    const [anna, boris] = [plainBrowser(), plainBrowser()];
    const page = await anna.chooseWords(campaign.url);
    const passedOn = await boris.get(page.url);
    const annas = await decideConsent(await follow(anna, page), 'passing_anna');
    const boriss = await decideConsent(await follow(boris, passedOn), 'passing_boris');
    const [first, second] = [await anna.get(annas), await boris.get(boriss)];
    expect(exactIn(second)).toBe(exactIn(first));
    expect(second.url).not.toBe(first.url);
    expect(second.text).not.toContain('passing_anna');
    expect((await anna.get(first.url)).text).not.toContain('passing_boris');
    expect((await plainBrowser().get(page.url)).html).not.toContain('passing_');
  });

  it('has no address that names the campaign, on the way or at its end', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const account = await browser.chooseWords(campaign.url);
    const receipt = await browser.join(campaign.url, 'nameless');
    for (const page of [account, receipt]) {
      expect(page.url).not.toContain(campaign.slug);
      expect(page.html.match(/<title>(.*?)<\/title>/)?.[1]).toMatch(/^Your (account|receipt)$/);
    }
    const old = await fetch(`${campaign.url}/join`, {
      method: 'POST',
      body: new URLSearchParams(),
    });
    expect(old.status).toBe(404);
  });

  it.each([
    ['invalid_scope', 'service_refused', 409],
    ['unauthorized_client', 'service_refused', 409],
    ['invalid_request', 'service_refused', 409],
    ['temporarily_unavailable', 'platform_broken', 502],
    ['who_knows_what', 'refused_unsaid', 409],
  ])('says whose move it is when the platform comes back with %s', async (error, state, status) => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const link = await browser.startJoining(campaign.url);
    const back = new URL(await decideConsent(link, 'anna'));
    back.searchParams.delete('code');
    back.searchParams.set('error', error);
    const page = await browser.get(back.href);
    expect(page.status).toBe(status);
    expect(page.html).toContain(`data-state="${state}"`);
    // The network is named, also when the page is opened again.
    for (const shown of [page, await browser.get(back.href)]) {
      expect(shown.html).toMatch(/<h1 class="poster">X (?:refused this|is having|said no)/);
    }
    expect(await pledged(campaign.id)).toEqual([0, 0]);
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
    // A second click, or the way back through the history, ends on the same receipt.
    const replayed = await browser.get(back);
    expect(replayed.status).toBe(200);
    expect(replayed.url).toContain('/r/');
    expect(await pledged(campaign.id)).toEqual([1, 1]);
    const stranger = plainBrowser();
    await stranger.startJoining(campaign.url);
    const elsewhere = await stranger.get(back);
    expect([elsewhere.status, elsewhere.html]).toEqual([409, expect.not.stringContaining('/r/')]);
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
    const late = await browser.get(back);
    expect(late.status).toBe(409);
    // The words are still there to begin again with.
    const again = await browser.get(linkTo(late, '/i/'));
    expect(await follow(browser, again)).toContain('/i/oauth2/authorize');
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
    const words = await browser.get(`${stage.url}/join/${campaignCode(campaign.id)}/words`);
    const stale = await browser.chooseWords(campaign.url);
    await sql`update campaign set lock_at = now() - interval '1 second', state = 'locked'
      where id = ${campaign.id}`.execute(stage.instance.ctx.db);
    // The campaign's page may be remembered for a moment.
    const page = async () => (await browser.get(campaign.url)).html;
    await expect.poll(page, { timeout: 20_000 }).not.toContain('"/join/');
    const closed = [
      await browser.submit(words, '/words'),
      await browser.submit(stale, '/join'),
      await browser.get(stale.url),
      await browser.get(`${stage.url}/join/${campaignCode(campaign.id)}`),
      await browser.get(back),
    ];
    for (const page of closed) {
      expect([page.status, page.html]).toEqual([
        409,
        expect.stringContaining('data-state="closed"'),
      ]);
      // Not in a circle: to the campaign itself, or to doing it oneself.
      expect(page.html).toContain(`href="/c/${campaign.slug}?lang=en"`);
      expect(page.html).toContain(`href="/at/${campaignCode(campaign.id)}?lang=en"`);
    }
    expect(await pledged(campaign.id)).toEqual([0, 0]);
  });

  it.each([
    ['cancelled', /was called off\. Nothing was posted/],
    ['missed_goal', /The goal was not reached/],
    ['aborted', /was stopped\. No more posts/],
    ['settled', /The moment is over\..* see what came of it/],
  ])('says how it has ended once the campaign is %s', async (state, said) => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const back = await decideConsent(
      await browser.startJoining(campaign.url),
      `late_${state.slice(0, 6)}`,
    );
    const words = await browser.get(`${stage.url}/join/${campaignCode(campaign.id)}/words`);
    await sql`update campaign set state = ${state} where id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    for (const page of [await browser.submit(words, '/words'), await browser.get(back)]) {
      expect([page.status, page.html.includes('data-state="closed"')]).toEqual([409, true]);
      expect(page.text).toMatch(said);
      expect(page.text).not.toMatch(/You can still watch|a little too late/);
    }
  });

  it('is not open to a campaign that nobody approved, or that does not exist', async () => {
    const campaign = await stage.open();
    await sql`update campaign set state = 'in_review' where id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    const browser = plainBrowser();
    expect((await browser.get(campaign.url)).status).toBe(404);
    expect((await browser.get(`${stage.url}/c/nowhere`)).status).toBe(404);
    for (const code of [campaignCode(campaign.id), 'nowhere', 'A'.repeat(22)]) {
      expect((await browser.get(`${stage.url}/join/${code}`)).status).toBe(404);
      expect((await browser.get(`${stage.url}/join/${code}/words`)).status).toBe(404);
    }
  });

  it('asks again when the text is not the one that was shown', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const page = await browser.chooseWords(campaign.url);
    const answer = await browser.submit(page, '/join', { shown: 'a'.repeat(64) });
    expect(answer.status).toBe(409);
    expect(answer.html).toContain('/join');
    expect(await count('oauth_flow', campaign.id)).toBe(0);
  });

  it('asks again where the words were changed in another tab', async () => {
    const campaign = await stage.open({ document: namesDocument });
    const browser = plainBrowser();
    const first = await browser.chooseWords(campaign.url);
    const change = await browser.get(linkTo(first, '/words'));
    const second = await browser.submit(change, '/words', { name: 'Vera' });
    expect(second.url).toBe(first.url);
    const asked = await browser.submit(first, '/join');
    expect(asked.status).toBe(409);
    expect(exactIn(asked)).toContain('I am Vera.');
    expect(await follow(browser, asked)).toContain('/i/oauth2/authorize');
  });

  it('goes on in each of two tabs, and twice from one page', async () => {
    const campaign = await stage.open({ document: namesDocument });
    const browser = plainBrowser();
    const one = await browser.startJoining(campaign.url);
    const two = await browser.chooseWords(campaign.url);
    // A double click, or Back and once more: as if the first had not been.
    const [again, third] = await Promise.all([follow(browser, two), follow(browser, two)]);
    expect(new Set([one, again, third]).size).toBe(3);
    const receipts = [];
    for (const [index, url] of [one, third].entries()) {
      const back = await decideConsent(url, `tabs_${index}`);
      receipts.push(await browser.get(back));
    }
    expect(receipts.map(({ status }) => status)).toEqual([200, 200]);
    expect(await pledged(campaign.id)).toEqual([2, 2]);
  });

  it('lets the supporter see what their name makes of the text before consenting', async () => {
    const campaign = await stage.open({ document: namesDocument });
    const browser = plainBrowser();
    const words = await browser.get(`${stage.url}/join/${campaignCode(campaign.id)}/words`);
    expect(exactIn(words)).toContain('I am one of many.');
    // "Show my text" keeps nothing.
    const shown = await browser.submit(words, '/words', { name: 'Zoë', show: 'text' });
    expect(shown.status).toBe(200);
    expect(exactIn(shown)).toContain('I am Zoë. #100DaysOfInjustice');
    expect(await count('intent', campaign.id)).toBe(0);
    const account = await browser.submit(shown, '/words');
    expect(exactIn(account)).toContain('I am Zoë.');
    expect(await follow(browser, account)).toContain('/i/oauth2/authorize');
    const bad = await browser.submit(words, '/words', { name: '@everyone' });
    expect(bad.status).toBe(422);
    expect(bad.html).toMatch(/id="field-name"[^>]*aria-invalid="true"/);
    expect(bad.text).toContain('no @ and no #');
    // Of a link nothing is taken: it would put words into somebody's mouth.
    expect(exactIn(await browser.get(`${words.url}?name=Zo%C3%AB`))).toContain('one of many');
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
    // Joining again is a new consent with a receipt of its own: of the withdrawn one nothing is left to know it by.
    const again = await plainBrowser().join(campaign.url, 'wanda');
    expect(new URL(again.url).pathname).not.toBe(new URL(receipt.url).pathname);
    expect(again.html).toContain('data-state="pledged"');
    expect((await browser.get(receipt.url)).html).toContain('data-state="withdrawn"');
    const more = await plainBrowser().join(campaign.url, 'wanda');
    expect(new URL(more.url).pathname, 'one account, one pledge').toBe(new URL(again.url).pathname);
    const { rows } = await sql<{ state: string }>`
      select state from pledge where campaign_id = ${campaign.id} order by state`.execute(db);
    expect(rows.map(({ state }) => state)).toEqual(['active', 'withdrawn']);
  });

  it('does not take a form from another site, nor a receipt link that is not ours', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const { url } = await browser.chooseWords(campaign.url);
    const path = new URL(url).pathname;
    const code = campaignCode(campaign.id);
    for (const action of [
      `${path}/join`,
      `${path}/words`,
      `/join/${code}/words`,
      `/join/${code}/count`,
    ]) {
      const foreign = await fetch(stage.url + action, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
        body: new URLSearchParams({ platform: 'x' }),
      });
      expect([action, foreign.status]).toEqual([action, 403]);
    }
    expect(await count('intent', campaign.id)).toBe(1);
    expect((await browser.get(`${stage.url}/r/${'A'.repeat(43)}`)).status).toBe(404);
  });
});

needs('postgres')('a browser that keeps no cookies', () => {
  it('is told so, and what to do', async () => {
    const stage = await startStage();
    const campaign = await stage.open();
    const leaving = await plainBrowser().startJoining(campaign.url);
    const page = await plainBrowser('de').get(await decideConsent(leaving, 'crumbless'));
    expect(page.status).toBe(409);
    expect(page.html).toContain('data-state="stranger"');
    // B13 the network by its name.
    expect(page.html).toContain('as happens when the app of X sends you back');
    expect(page.html).toContain('X then asks you once more');
    // Not the words that somebody else may have chosen.
    expect(page.html).not.toContain('/i/');
    expect(page.html).toContain(`href="/c/${campaign.slug}?lang=en"`);
  });
});

needs('postgres')('an instance that is asked to stop', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  it('lets somebody who is just joining come to an end', async () => {
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
