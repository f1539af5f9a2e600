import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { exactIn, proposeOwn } from './on-page.ts';

needs('postgres')('a server that reads signs of a text as formatting', () => {
  let stage: TestStage;
  let network: Network;
  let plain: OpenedCampaign;
  let starred: OpenedCampaign;
  beforeAll(async () => {
    network = await startNetwork('mastodon');
    const environment = { PRIVATE_HOSTS: new URL(network.url).host };
    stage = await startStage({ platforms: ['mastodon'], environment });
    await network.control.behaviour({ mastodon: { software: 'sharkey' } });
    plain = await stage.open({ document: { own_words: true } });
    const messages = Object.fromEntries(
      ['en', 'fr', 'it', 'ru'].map((tag) => [tag, 'I :heart_eyes: it. {{ hashtags }} {{ link }}']),
    );
    starred = await stage.open({ document: { messages } });
  });

  const join = async (campaign: OpenedCampaign, lang = 'en') => {
    const browser = plainBrowser(lang);
    const fields = { platform: 'mastodon', where_mastodon: new URL(network.url).host };
    const page = await browser.submit(await browser.chooseWords(campaign.url), '/join', fields);
    return { browser, page };
  };
  const problemIn = ({ html }: Page): string =>
    /id="where-mastodon-problem">([^<]+)</.exec(html)?.[1] ?? '';

  it('B10 is told to people before anything begins, in every language', async () => {
    const said = new Set<string>();
    for (const lang of LOCALES) {
      const { page } = await join(starred, lang);
      expect(new URL(page.url).origin).toBe(stage.url);
      said.add(problemIn(page));
    }
    expect(said.size).toBe(LOCALES.length);
    expect([...said].some((words) => words.includes('would not stand there word for word'))).toBe(
      true,
    );
    const { rows } = await sql`select 1 from oauth_flow`.execute(stage.instance.ctx.db);
    expect(rows).toEqual([]);
  });

  it('B10 takes a text without such signs, and no change of it to one that has them', async () => {
    const { browser, page } = await join(plain);
    const receipt = await browser.get(await decideConsent(page.url, 'sharkey_person'));
    expect(receipt.html).toContain('data-state="pledged"');
    const refused = await proposeOwn(browser, receipt, 'I *will not* be silent.');
    expect(refused.text).toContain('would not stand there word for word');
    expect(refused.html).not.toContain('/agree');
    const taken = await proposeOwn(browser, receipt, 'I will not be silent.');
    expect(taken.html).toContain('/agree');
    expect(exactIn(await browser.submit(taken, '/agree'))).toContain('I will not be silent.');
  });
});
