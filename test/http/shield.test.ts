import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { MAX_FAILURES_IN_A_ROW } from '../../src/actions/credential/tally-checks.ts';
import { joinAs } from '../../src/demo/supporter.ts';
import { decideConsent, knownServer } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('a server behind a shield for browsers', () => {
  let stage: TestStage;
  let network: Network;
  /** Nobody has come from there yet. */
  let other: Network;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    [network, other] = await Promise.all([startNetwork('mastodon'), startNetwork('mastodon')]);
    const hosts = [network, other].map(({ url }) => new URL(url).host);
    const environment = { PRIVATE_HOSTS: hosts.join(',') };
    stage = await startStage({ platforms: ['x'], environment });
    campaign = await stage.open();
  });

  const where = (at = network) => knownServer('mastodon', at.url, 'anybody');
  const begin = async (lang = 'en', at = network) => {
    const browser = plainBrowser(lang);
    const words = await browser.chooseWords(campaign.url);
    const fields = { platform: 'mastodon', where_mastodon: where(at) };
    return { browser, page: await browser.submit(words, '/join', fields) };
  };

  const checkAnew = () =>
    sql`update credential set checked_at = 'epoch', check_after = null
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
  const toldOf = async (platform: string) => {
    const { rows } = await sql<{ scope: string; platform: string; detail: string }>`
      select scope, platform, detail from campaign_event where campaign_id = ${campaign.id}
        and action = 'challenged' and platform = ${platform}`.execute(stage.instance.ctx.db);
    return rows;
  };

  it('B7 is told to whoever goes on after the consent', async () => {
    const { browser, page } = await begin();
    const back = await decideConsent(page.url, 'shielded');
    await network.control.behaviour({ challenge: 'anubis' });
    const notice = await browser.get(back);
    expect(notice.status).toBe(409);
    expect(notice.text).toContain('took us for a machine');
    await network.control.behaviour({});
  });

  it('B7 of a whole network is told to the person, and to the operator, at join', async () => {
    const browser = plainBrowser('en');
    const words = await browser.chooseWords(campaign.url);
    const page = await browser.submit(words, '/join', { platform: 'x' });
    const back = await decideConsent(page.url, 'shielded');
    await stage.control.behaviour({ challenge: 'cloudflare' });
    const notice = await browser.get(back);
    await stage.control.behaviour({});
    expect(notice.status).toBe(409);
    expect(notice.text).toContain('On the way to your account on X a shield took us for a machine');
    expect(await toldOf('x')).toEqual([
      {
        ...{ scope: 'platform', platform: 'x' },
        detail: 'a shield before the network did not let us in',
      },
    ]);
  });

  it('B7 of a whole network stops its checks: it keeps everybody out', async () => {
    const people = Array.from({ length: MAX_FAILURES_IN_A_ROW }, (_, n) => `keptOut${n}`);
    for (const handle of people) await joinAs(campaign.url, handle, 0, { platform: 'x' });
    await stage.control.behaviour({ challenge: 'cloudflare' });
    await checkAnew();
    const { db } = stage.instance.ctx;
    const seen = await waitFor(
      async () => {
        const { rows } = await sql<{ detail: string }>`
          select detail from platform_check where platform = 'x' and not ok`.execute(db);
        return rows[0] ?? null;
      },
      { what: 'the check of X' },
    );
    await stage.control.behaviour({});
    expect(seen.detail).toBe('403 challenge');
  });

  it('B7 is told to the operator by preflight, who hears of no other trouble', async () => {
    const joined = { platform: 'mastodon', where: where() } as const;
    await joinAs(campaign.url, 'anna', 0, joined);
    await network.control.behaviour({ challenge: 'cloudflare503' });
    const { db } = stage.instance.ctx;
    await checkAnew();
    const told = async () => {
      const rows = await toldOf('mastodon');
      return rows.length > 0 ? rows : null;
    };
    const rows = await waitFor(told, { what: 'the event' });
    expect(rows).toEqual([
      {
        ...{ scope: 'host', platform: 'mastodon' },
        detail: 'a shield before a server did not let us in',
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain(where());
    const ready = await waitFor(
      async () => {
        const answer = await fetch(`${stage.url}/readyz`);
        const text = await answer.text();
        return text.includes('challenges') ? { status: answer.status, text } : null;
      },
      { what: 'the warning' },
    );
    // A warning: no server that people name can make an instance red.
    expect(ready.status).toBe(200);
    const checks = await sql`select 1 from platform_check where platform = 'mastodon' and not ok`;
    expect((await checks.execute(db)).rows).toEqual([]);
  });

  it('B7 is said at join as it is, in every language', async () => {
    await other.control.behaviour({ challenge: 'cloudflare' });
    const said = new Set<string>();
    for (const lang of LOCALES) {
      const { page } = await begin(lang, other);
      const [, problem = ''] = /id="where-mastodon-problem">([^<]+)</.exec(page.html) ?? [];
      expect(problem, lang).not.toBe('');
      said.add(problem);
    }
    expect([...said].some((words) => words.includes('A shield in front of this server'))).toBe(
      true,
    );
    expect(said.size).toBe(LOCALES.length);
  });
});
