import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { findPublicCampaign } from '../../src/actions/campaign/find-campaign.ts';
import { countsFor } from '../../src/domain/public-post.ts';
import type { PlatformName } from '../../src/simulator/client.ts';
import { plainBrowser } from '../support/browser.ts';
import { accountOf, clientIdAt } from '../support/crowd.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

needs('postgres')('A7 posts that people say they made', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage({
      environment: { TRUST_PROXY: 'loopback' },
      platforms: ['mastodon', 'bluesky', 'x'],
    });
    campaign = await stage.open();
    await comes(campaign);
  });

  /** As if the moment were now. */
  async function comes({ id }: OpenedCampaign): Promise<void> {
    await sql`update campaign set moment = clock_timestamp(), state = 'firing' where id = ${id}`.execute(
      stage.instance.ctx.db,
    );
  }

  /** Somebody posts this by themselves; gives its address. */
  async function post(name: PlatformName, text: string): Promise<string> {
    const { ctx } = stage.instance;
    const platform = ctx.platforms.get(name);
    const { control } = stage.networks.get(name) ?? {};
    const [person] = (await control?.createGrants({ clientId: clientIdAt(name), count: 1 })) ?? [];
    if (!platform || !person) throw new Error(`There is no ${name}`);
    const { accessToken, refreshToken, extra } = person;
    const grant = { accessToken, refreshToken, expiresAt: null, scope: platform.scope };
    const outcome = await platform.prepare({
      postKey: crypto.randomUUID(),
      ...{ account: accountOf(person), grant: { ...grant, ...(extra && { extra }) } },
      ...{ text, locale: 'en', moment: new Date(), staged: null },
    })();
    if (outcome.kind !== 'posted' || outcome.url === null) {
      throw new Error(`The post was ${outcome.kind}`);
    }
    // Its page is where the network's own would be.
    const { pathname } = new URL(outcome.url);
    return name === 'bluesky' ? `https://bsky.app${pathname}` : outcome.url;
  }

  async function readBack(name: PlatformName, url: string) {
    const found = await stage.instance.ctx.platforms.get(name)?.readPublicPost?.(new URL(url));
    if (!found) throw new Error('The post is not to be seen');
    return found;
  }

  async function tell(url: string, of = campaign, address = '') {
    const browser = plainBrowser('en', address);
    return browser.submit(await browser.get(`${of.url}/assisted`), '/confirm', { url });
  }

  it.each(['mastodon', 'bluesky'] as const)(
    'A7 are looked at and counted in public, once: %s',
    async (name) => {
      const before = await counted();
      for (const text of [
        'We have not looked away. #100DaysOfInjustice',
        'See https://example.org/100days',
      ]) {
        const url = await post(name, text);
        expect((await tell(url)).text).toContain('Your post is counted');
        expect((await tell(`${url}?again=1`)).text).toContain('Your post is counted');
      }
      expect(await counted()).toEqual({ said: before.said + 2, seen: before.seen + 2 });
    },
  );

  it.each(['mastodon', 'bluesky'] as const)(
    'A7 are not counted in public when they are about something else, or older: %s',
    async (name) => {
      const { ctx } = stage.instance;
      const before = await counted();
      const other = await post(name, 'Nice weather today #Rivers https://example.org/100daysmore');
      expect((await tell(other)).text).toContain('We could not see the post ourselves');
      const early = await post(name, 'Half an hour too early #100DaysOfInjustice');
      const later = await stage.open({ inMs: 1_800_000 });
      await sql`update campaign set state = 'firing' where id = ${later.id}`.execute(ctx.db);
      expect((await tell(early, later)).status).toBe(409);
      const seen = await readBack(name, early);
      const when = { now: new Date(), pages: [], moment: new Date(Date.now() + 1_800_000) };
      const { content } = await findPublicCampaign(ctx, { id: campaign.id });
      expect(countsFor(seen, content, when)).toBe(false);
      expect(countsFor(seen, content, { ...when, moment: new Date() })).toBe(true);
      expect(await counted()).toEqual({ said: before.said + 1, seen: before.seen });
    },
  );

  it('A7 that are invented are never counted in public, and meet work from the 60th on', async () => {
    const before = await counted();
    const { networkUrl } = stage;
    const kinds = [
      (i: number) => `${networkUrl}/@nobody/${9_000_000 + i}`,
      (i: number) => `https://bsky.app/profile/did:plc:nobody/post/3k${i}`,
      (i: number) => `https://x.com/a/status/${1_000 + i}`,
      (i: number) => `https://www.facebook.com/a/posts/${1_000 + i}`,
      (i: number) => `https://chaos.example/@a/${i}`,
    ];
    const statuses: number[] = [];
    for (let i = 0; i < 80; i++) {
      const url = kinds[i % kinds.length]?.(i) ?? '';
      statuses.push((await tell(url, campaign, '198.18.99.1')).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(80 - 59);
    expect(statuses.slice(0, 59)).toEqual(Array(59).fill(200));
    expect(await counted()).toEqual({ said: before.said + 59, seen: before.seen });
  });

  async function counted(): Promise<{ said: number; seen: number }> {
    const { rows } = await sql<{ said: number; seen: number }>`
      select count(*)::int as said, count(*) filter (where seen)::int as seen
      from assisted_post where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    return rows[0] ?? { said: 0, seen: 0 };
  }
});
