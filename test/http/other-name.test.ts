import { beforeAll, expect, it } from 'vitest';
import { LOCALES } from '../../src/web/index.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

needs('postgres')('a domain that is not the server which people log in to', () => {
  let stage: TestStage;
  let server: Network;
  let domain: Network;
  let campaign: OpenedCampaign;
  const hostOf = ({ url }: Network): string => new URL(url).host;
  beforeAll(async () => {
    [server, domain] = await Promise.all([startNetwork('mastodon'), startNetwork('mastodon')]);
    await domain.control.behaviour({ mastodon: { elsewhere: server.url, pointsBy: 'webfinger' } });
    const environment = { PRIVATE_HOSTS: [server, domain].map(hostOf).join(',') };
    stage = await startStage({ platforms: ['x'], environment });
    campaign = await stage.open();
  });

  async function name(where: string, lang = 'en'): Promise<Page> {
    const browser = plainBrowser(lang);
    const words = await browser.chooseWords(campaign.url);
    return browser.submit(words, '/join', { platform: 'mastodon', where_mastodon: where });
  }
  const guessIn = ({ html }: Page): string | undefined =>
    /name="take_mastodon" value="([^"]*)"/.exec(html)?.[1];

  it('B6 is asked about, in every language, before anybody goes there', async () => {
    const said = new Set<string>();
    for (const lang of LOCALES) {
      const page = await name(`@me@${hostOf(domain)}`, lang);
      expect(new URL(page.url).origin).toBe(stage.url);
      const [, problem = ''] = /id="where-mastodon-problem">([^<]+)</.exec(page.html) ?? [];
      expect(problem, lang).not.toBe('');
      said.add(problem);
      expect(guessIn(page)).toBe(hostOf(server));
    }
    expect([...said].some((words) => words.includes('under another name'))).toBe(true);
    expect(said.size).toBe(LOCALES.length);
  });

  it('B6 is gone to once the person has taken the name', async () => {
    const page = await name(`@me@${hostOf(domain)}`);
    expect(guessIn(page)).toBe(hostOf(server));
    const browser = plainBrowser();
    const words = await browser.chooseWords(campaign.url);
    const fields = { take_mastodon: hostOf(server), where_mastodon: hostOf(domain) };
    const taken = await browser.submit(words, '/join', fields);
    expect(new URL(taken.url).origin).toBe(stage.url);
    const input = /<input id="where-mastodon"[^>]*>/.exec(taken.html)?.[0] ?? '';
    expect(input).toContain(`value="${hostOf(server)}"`);
    const consent = await browser.submit(taken, '/join', { platform: 'mastodon' });
    expect(new URL(consent.url).origin).toBe(server.url);
  });

  it('B6 does not use up what a visitor may try', async () => {
    for (let i = 0; i < 6; i++) {
      expect(guessIn(await name(`@me@${hostOf(domain)}`))).toBe(hostOf(server));
    }
  });
});
