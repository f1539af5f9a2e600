import { sql } from 'kysely';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { preflightCampaign } from '../../src/actions/credential/preflight-campaign.ts';
import { decideConsent, type SimulatorControl } from '../../src/simulator/client.ts';
import { LOCALES, translator } from '../../src/web/i18n.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('joining while the resolver of handles is down', () => {
  let stage: TestStage;
  let control: SimulatorControl;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage({ platforms: ['bluesky'] });
    control = stage.control;
    campaign = await stage.open();
  });
  afterEach(() => control.behaviour({}));

  type Resolver = 'right' | 'gateway' | 'stranger';

  /** The receipt of somebody who joined while the resolver was like that, as they came back. */
  async function joined(handle: string, resolver: Resolver, lang = 'en'): Promise<Page> {
    const browser = plainBrowser(lang);
    await control.behaviour({});
    await control.createAccounts({ accounts: [{ handle }] });
    const fields = {
      platform: 'bluesky',
      where_bluesky: `${handle.replace('_', '-')}.bsky.social`,
    };
    const link = await browser.startJoining(campaign.url, fields);
    await control.behaviour({ bluesky: { resolver } });
    const page = await browser.get(await decideConsent(link, handle));
    expect(page.html).toContain('data-state="pledged"');
    return page;
  }

  /** A round of preflight, in which nobody has been looked at yet. */
  async function preflight(): Promise<void> {
    const { db } = stage.instance.ctx;
    await sql`update campaign set preflight_at = clock_timestamp() - interval '1 minute'
      where id = ${campaign.id}`.execute(db);
    await sql`update credential set checked_at = checked_at - interval '1 hour'`.execute(db);
    await preflightCampaign(stage.instance.ctx, { campaignId: campaign.id });
  }

  /** The instance's own worker may have taken a turn before us, and be at it still. Gives the receipt. */
  async function preflightUntil(url: string, done: (text: string) => boolean): Promise<string> {
    return waitFor(
      async () => {
        await preflight();
        const { text } = await plainBrowser().get(url);
        return done(text) && text;
      },
      { what: 'the receipt to be mended' },
    );
  }

  it.each(LOCALES)(
    'shows what the account calls itself, marked as unconfirmed, in %s',
    async (locale) => {
      const receipt = await joined(`zoe_${locale}`, 'gateway', locale);
      const handle = `zoe-${locale}.bsky.social`;
      expect(receipt.text).toContain(translator(locale)('receipt.account_unconfirmed', { handle }));
      expect(receipt.text).not.toContain('handle.invalid');
    },
  );

  it('looks again in preflight, and mends the receipt and what can be downloaded', async () => {
    const { url } = await joined('max', 'gateway');
    const claimed = 'max.bsky.social';
    const marked = translator('en')('receipt.account_unconfirmed', { handle: claimed });
    const data = async () => {
      const file = await fetch(`${url.replace(/\?.*$/, '')}/data.json`);
      const { posts } = (await file.json()) as { posts: { account: Record<string, unknown> }[] };
      return posts[0]?.account;
    };
    expect(await data()).toMatchObject({ name: claimed, 'name confirmed': false });
    // The resolver is still down: nothing is known yet, and nothing is lost.
    await preflight();
    expect((await plainBrowser().get(url)).text).toContain(marked);
    await control.behaviour({});
    const mended = await preflightUntil(url, (text) => !text.includes(marked));
    expect(mended).toContain(claimed);
    expect(await data()).toMatchObject({ name: claimed, 'name confirmed': true });
  });

  it('keeps the protocol’s word for a handle that leads to somebody else', async () => {
    expect((await joined('mia', 'stranger')).text).toContain('handle.invalid');
    const { url } = await joined('ada', 'gateway');
    await control.behaviour({ bluesky: { resolver: 'stranger' } });
    await preflightUntil(url, (text) => text.includes('handle.invalid'));
  });
});
