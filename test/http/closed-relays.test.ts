import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { LOCALES } from '../../src/web/index.ts';
import { startRelays } from '../platforms/nostr/support.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('joining where relays say beforehand what they do not take', () => {
  /** An instance of two relays, which say so from the beginning: what they say is remembered for a while. */
  async function stageWith(nostr: { demand: 'payment_required'; demandAt?: string[] }) {
    const { relay, control } = await startRelays();
    await control.behaviour({ nostr });
    const environment = { NOSTR_RELAYS: `${relay('a')},${relay('b')}`, NOSTR_QUORUM: '2' };
    const stage = await startStage({ environment });
    return { stage, campaign: await stage.open() };
  }

  it('B5 refuses a text that no relay would take before it is signed, in every language', async () => {
    const { stage, campaign } = await stageWith({ demand: 'payment_required' });
    const said = new Set<string>();
    for (const lang of LOCALES) {
      const browser = plainBrowser(lang);
      const words = await browser.chooseWords(campaign.url);
      const page = await browser.submit(words, '/join', { platform: 'nostr' });
      expect([page.status, new URL(page.url).origin]).toEqual([409, stage.url]);
      expect(page.html).toContain('data-state="account_unfit"');
      said.add(/<p class="lede">([^<]+)</.exec(page.html)?.[1] ?? '');
    }
    expect(said.size).toBe(LOCALES.length);
    expect([...said].some((words) => words.includes('only from people who pay them'))).toBe(true);
    const { rows } = await sql`select 1 from oauth_flow`.execute(stage.instance.ctx.db);
    expect(rows).toEqual([]);
  });

  it('B5 names Nostr no more among the ways to join once no relay takes posts', async () => {
    const ways = async (campaign: OpenedCampaign) => {
      const { html } = await plainBrowser().chooseWords(campaign.url);
      return [...html.matchAll(/data-way="([a-z]+)"/g)].map(([, name]) => name);
    };
    const closed = await stageWith({ demand: 'payment_required' });
    await waitFor(async () => !(await ways(closed.campaign)).includes('nostr'));
    expect(await ways(closed.campaign)).toContain('x');
    // The campaign's page is kept for a moment.
    await waitFor(
      async () => !(await plainBrowser().get(closed.campaign.url)).text.includes('Nostr'),
    );
    const { stage, campaign } = await stageWith({ demand: 'payment_required', demandAt: ['/a'] });
    // By the second time it has been read what the relays say.
    await ways(campaign);
    await waitFor(() => stage.instance.ctx.platforms.get('nostr')?.takesPosts?.() === true);
    expect(await ways(campaign)).toContain('nostr');
  });

  it('B5 lets people sign while one relay is open', async () => {
    const { campaign } = await stageWith({ demand: 'payment_required', demandAt: ['/a'] });
    const url = await plainBrowser().startJoining(campaign.url, { platform: 'nostr' });
    expect(new URL(url).pathname).toBe('/sign/nostr');
  });
});
