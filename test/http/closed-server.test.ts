import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

const WIDER = 'write:statuses profile read:statuses';

needs('postgres')('joining from a server that shows posts to nobody', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let network: Network;
  let other: Network;
  beforeAll(async () => {
    [network, other] = await Promise.all([startNetwork('mastodon'), startNetwork('mastodon')]);
    const hosts = [network, other].map(({ url }) => new URL(url).host);
    const environment = { PRIVATE_HOSTS: hosts.join(',') };
    stage = await startStage({ platforms: ['mastodon'], environment });
    campaign = await stage.open();
    await network.control.behaviour({ mastodon: { software: 'gotosocial' } });
    await other.control.behaviour({ mastodon: { closed: true } });
  });

  const at = ({ url }: Network) => ({ platform: 'mastodon', where_mastodon: new URL(url).host });
  const flows = async (): Promise<number> =>
    (await sql`select 1 from oauth_flow`.execute(stage.instance.ctx.db)).rows.length;
  const agreementIn = (page: Page): string | undefined =>
    /name="agreed_mastodon" value="([^"]*)"/.exec(page.html)?.[1];

  it.each(LOCALES)(
    'E4 names what is asked for beside the usual, in %s, and begins nothing',
    async (lang) => {
      const before = await flows();
      const browser = plainBrowser(lang);
      const page = await browser.submit(
        await browser.chooseWords(campaign.url),
        '/join',
        at(network),
      );
      expect([page.status, new URL(page.url).origin]).toEqual([200, stage.url]);
      const named = /id="where-mastodon-more">([^<]+)</.exec(page.html)?.[1] ?? '';
      expect(named).toContain(WIDER);
      expect(named).toContain(new URL(network.url).host);
      expect(agreementIn(page)).toBe(`${new URL(network.url).host} ${WIDER}`);
      expect(await flows()).toBe(before);
    },
  );

  it('E4 goes on when the same button is pressed again, and keeps the consent for exactly that', async () => {
    const browser = plainBrowser();
    const words = await browser.chooseWords(campaign.url);
    const asked = await browser.submit(words, '/join', at(network));
    const consent = await browser.submit(asked, '/join');
    expect(new URL(consent.url).searchParams.get('scope')).toBe(WIDER);
    const receipt = await browser.get(await decideConsent(consent.url, 'reader'));
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.html).toContain(`<code>${WIDER}</code>`);
  });

  it('E4 asks again for another server, and takes no other agreement', async () => {
    const browser = plainBrowser();
    const words = await browser.chooseWords(campaign.url);
    const asked = await browser.submit(words, '/join', at(network));
    const elsewhere = await browser.submit(asked, '/join', at(other));
    expect(agreementIn(elsewhere)).toBe(`${new URL(other.url).host} ${WIDER}`);
    for (const agreed of ['', WIDER, `${new URL(network.url).host} write:statuses profile`]) {
      const fields = { ...at(network), agreed_mastodon: agreed };
      expect(agreementIn(await browser.submit(words, '/join', fields)), agreed).toBeDefined();
    }
  });

  it('E4 lets the demo’s people agree', async () => {
    const where = new URL(other.url).host;
    const joined = await joinAs(campaign.url, 'demo_reader', 0, { platform: 'mastodon', where });
    expect(joined.receiptUrl).toContain('/r/');
  });
});
