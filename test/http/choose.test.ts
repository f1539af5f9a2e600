import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { decideConsent, type SimulatorControl } from '../../src/simulator/client.ts';
import { LOCALES, translator } from '../../src/web/i18n.ts';
import { startMeta } from '../platforms/meta/support.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { linkTo } from './on-page.ts';

const PLATFORM = { platform: 'facebook' };

const metaAt = (url: string) => ({
  FACEBOOK_CLIENT_ID: 'test-app',
  FACEBOOK_CLIENT_SECRET: 'test-secret',
  FACEBOOK_API_URL: url,
  FACEBOOK_AUTHORIZE_URL: `${url}/dialog/oauth`,
  FACEBOOK_POST_URL: url,
});

needs('postgres')('joining with pages that one looks after', () => {
  let stage: TestStage;
  let control: SimulatorControl;
  let url: string;
  beforeAll(async () => {
    ({ url, control } = await startMeta('facebook'));
    stage = await startStage({ environment: metaAt(url) });
  });

  async function pledged(campaign: OpenedCampaign): Promise<number> {
    const { rows } = await sql<{ id: string }>`
      select id from pledge where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    return rows.length;
  }

  /** Presses the nth button of the page that asks. */
  async function press(page: Page, choice: number | string, cookie: string): Promise<Response> {
    const action = /<form method="post" action="([^"]+)"/.exec(page.html)?.[1] ?? '';
    return fetch(new URL(action, page.url), {
      method: 'POST',
      headers: { cookie, origin: new URL(page.url).origin },
      body: new URLSearchParams({ choice: String(choice) }),
      redirect: 'manual',
    });
  }
  const cookieOf = (browser: ReturnType<typeof plainBrowser>): string =>
    [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  it('takes the only page without a question', async () => {
    const campaign = await stage.open();
    const receipt = await plainBrowser().join(campaign.url, 'anna', PLATFORM);
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('anna');
    expect(await pledged(campaign)).toBe(1);
  });

  it('asks who has several, in their language, and pledges the one they choose, once', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser('fr');
    const page = await browser.join(campaign.url, 'editor1', PLATFORM);
    expect(new URL(page.url).pathname).toMatch(/^\/choose\/./);
    expect(page.html).toMatch(/<html[^>]*lang="fr"/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    for (const name of ['editor1', 'editor1 2', 'editor1 3']) {
      expect(page.html).toContain(`<bdi>${name}</bdi>`);
    }
    expect(await pledged(campaign)).toBe(0);
    expect((await browser.get(page.url)).html).toContain('<bdi>editor1 2</bdi>');
    const answer = await press(page, 1, cookieOf(browser));
    expect(answer.status).toBe(303);
    const receipt = await browser.get(new URL(answer.headers.get('location') ?? '', page.url).href);
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('editor1 2');
    expect(await pledged(campaign)).toBe(1);
    // What they have chosen they have: pressed again, or come back to, it is the same receipt.
    expect((await press(page, 0, cookieOf(browser))).headers.get('location')).toContain('/r/');
    const again = await browser.get(page.url);
    expect(new URL(again.url).pathname).toBe(new URL(receipt.url).pathname);
    expect(again.text).toContain('editor1 2');
    expect(await pledged(campaign)).toBe(1);
  });

  it('B4 asks who misses a page of a portfolio for the wider permission, and nobody else', async () => {
    const { control: meta, url: at } = await startMeta('facebook');
    await meta.behaviour({ facebook: { allowsAllPages: true } });
    const wide = await startStage({ environment: { ...metaAt(at), FACEBOOK_PORTFOLIOS: 'true' } });
    const campaign = await wide.open();
    const browser = plainBrowser();
    const consent = await browser.submit(
      await browser.chooseWords(campaign.url),
      '/join',
      PLATFORM,
    );
    expect(new URL(consent.url).searchParams.get('scope')).not.toContain('business_management');
    const none = await browser.get(await decideConsent(consent.url, 'portfolio3'));
    expect([none.status, none.html.includes('data-state="no_page"')]).toEqual([409, true]);
    // Nobody else has joined with Facebook here, so what they gave is given back.
    expect((await meta.record(0, 'revoke')).map(({ handle }) => handle)).toEqual(['portfolio3']);
    // Asked in words first, then at Facebook, and only after another press of the button.
    const asked = await browser.get(linkTo(none, 'more=facebook'));
    expect(asked.text).toContain('business_management');
    expect(asked.text).toContain('see and change the business portfolios');
    const again = await browser.submit(asked, '/join', PLATFORM);
    expect(new URL(again.url).searchParams.get('scope')).toContain('business_management');
    const found = await browser.get(await decideConsent(again.url, 'portfolio3'));
    const receipt = new URL(found.url).pathname.startsWith('/choose/')
      ? await browser.submit(found, '/choose/', { choice: '0' })
      : found;
    expect(receipt.html).toContain('data-state="pledged"');
    // The consent that is kept names what was given.
    expect(receipt.html).toContain('business_management');
    // What the page did not say is not asked for, whatever is sent.
    const words = await browser.chooseWords(campaign.url);
    const forged = await browser.submit(words, '/join', {
      ...PLATFORM,
      agreed_facebook: 'business_management',
    });
    expect(new URL(forged.url).searchParams.get('scope')).not.toContain('business_management');
  });

  it('B4 offers no wider permission where the operator has none to ask for', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const words = await browser.chooseWords(campaign.url);
    const account = await browser.get(`${words.url}&more=facebook`);
    expect(account.text).not.toContain('business_management');
    const scope = 'pages_show_list,pages_manage_posts,pages_read_engagement,business_management';
    const sent = await browser.submit(words, '/join', { ...PLATFORM, agreed_facebook: scope });
    expect(new URL(sent.url).searchParams.get('scope')).not.toContain('business_management');
  });

  it('offers pages of business portfolios, and helps who misses theirs in every language', async () => {
    const campaign = await stage.open();
    const receipt = await plainBrowser().join(campaign.url, 'portfolio1', PLATFORM);
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('portfolio1');
    for (const locale of LOCALES) {
      const page = await plainBrowser(locale).join(campaign.url, `agency_${locale}`, PLATFORM);
      expect(page.html).toContain(`<bdi>agency_${locale} 3</bdi>`);
      const t = translator(locale);
      expect(page.text).toContain(t('choose.missing.title'));
      expect(page.text).toContain(t('choose.missing.text'));
      expect(page.html).toMatch(/<details>.*href="\/i\/.*<\/details>/s);
    }
  });

  it('B5 tells before the moment that the page is gone', async () => {
    const campaign = await stage.open();
    const { url: receipt } = await plainBrowser().join(campaign.url, 'gone1', PLATFORM);
    await control.changeAccount('gone1', { deleted: true });
    await sql`update credential set checked_at = 'epoch', check_after = null
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    const text = async () => (await plainBrowser().get(receipt)).text;
    await waitFor(async () => (await text()).includes('Connect again'), { what: 'the word' });
    expect(await text()).toContain('it is gone, or you no longer have a role on it');
  });

  it('keeps what there is to choose from sealed', async () => {
    const campaign = await stage.open();
    await plainBrowser().join(campaign.url, 'editor2', PLATFORM);
    const { rows } = await sql<{ row: string }>`
      select encode(sealed, 'escape') as row from oauth_flow
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    expect(rows).toHaveLength(2);
    for (const { row } of rows) expect(row).not.toMatch(/editor2|SIM/);
  });

  it('takes a choice from its own browser and page only, and in time', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const page = await browser.join(campaign.url, 'editor3', PLATFORM);
    const stranger = plainBrowser();
    await stranger.startJoining(campaign.url, PLATFORM);
    expect((await stranger.get(page.url)).status).toBe(409);
    expect((await press(page, 0, cookieOf(stranger))).status).toBe(409);
    expect((await press(page, 0, '')).status).toBe(409);
    expect((await press(page, 'x', cookieOf(browser))).status).toBe(400);
    const action = new URL(page.url);
    const foreign = await fetch(action, {
      method: 'POST',
      headers: { cookie: cookieOf(browser), origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ choice: '0' }),
    });
    expect(foreign.status).toBe(403);
    // A state that went to the platform opens no choice, and the secret of a choice is no state.
    const link = new URL(await browser.startJoining(campaign.url, PLATFORM));
    const state = link.searchParams.get('state') ?? '';
    expect((await browser.get(`${stage.url}/choose/${state}`)).status).toBe(409);
    const token = action.pathname.split('/').pop();
    const swapped = `${stage.url}/callback/facebook?state=${token}&code=1`;
    expect((await browser.get(swapped)).status).toBe(409);
    await sql`update oauth_flow set expires_at = now() - interval '1 second'
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    expect((await press(page, 0, cookieOf(browser))).status).toBe(409);
    expect(await pledged(campaign)).toBe(0);
  });

  it('pledges nothing once joining has closed, nor for a button that was not there', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const other = await browser.join(campaign.url, 'editor4', PLATFORM);
    expect((await press(other, 7, cookieOf(browser))).status).toBe(409);
    const page = await browser.join(campaign.url, 'editor4', PLATFORM);
    await sql`update campaign set lock_at = now() - interval '1 second', state = 'locked'
      where id = ${campaign.id}`.execute(stage.instance.ctx.db);
    const answer = await press(page, 0, cookieOf(browser));
    expect(answer.status).toBe(409);
    const closed = await answer.text();
    expect(closed).toContain('data-state="closed"');
    expect(closed).toContain(`href="/c/${campaign.slug}?lang=en"`);
    expect(await pledged(campaign)).toBe(0);
  });

  /** Comes back from Facebook with their pages unticked in its dialog. */
  async function showNoPage(campaign: OpenedCampaign, handle: string): Promise<Page> {
    const browser = plainBrowser();
    const link = new URL(await browser.startJoining(campaign.url, PLATFORM));
    link.searchParams.set('scope', 'pages_manage_posts,pages_read_engagement');
    return browser.get(await decideConsent(link.href, handle));
  }

  it('B4 says so to who has no page, and leaves alone what an earlier pledge of theirs stands on', async () => {
    const first = await stage.open();
    await plainBrowser().join(first.url, 'nopage', PLATFORM);
    const second = await stage.open();
    const page = await showNoPage(second, 'nopage');
    expect(page.status).toBe(409);
    expect(page.html).toContain('data-state="no_page"');
    expect(page.text).toMatch(/personal profile/);
    expect(await pledged(second)).toBe(0);
    await stage.bringForward(first);
    const posts = await waitFor(
      async () => {
        const all = (await control.posts()).filter(({ handle }) => handle === 'nopage');
        return all.length > 0 && all;
      },
      { what: 'the first post' },
    );
    expect(posts).toHaveLength(1);
  });

  it('does not end an earlier pledge with a later one that comes too late', async () => {
    const first = await stage.open();
    await plainBrowser().join(first.url, 'twice', PLATFORM);
    const second = await stage.open();
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(second.url, PLATFORM), 'twice');
    // It closes while the platform is being asked.
    await control.behaviour({ latency: { kind: 'fixed', medianMs: 300 } });
    const coming = browser.get(back);
    await sql`update campaign set lock_at = clock_timestamp() + interval '200 milliseconds'
      where id = ${second.id}`.execute(stage.instance.ctx.db);
    expect((await coming).status).toBe(409);
    await control.behaviour({});
    const revoked = (await control.record(0, 'revoke')).filter((e) => e.handle === 'twice');
    expect(revoked).toEqual([]);
  });
});
