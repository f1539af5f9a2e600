import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { showCampaign } from '../../src/actions/show-campaign.ts';
import type { Context } from '../../src/context.ts';
import { openPledge } from '../../src/store/sealed-pledge.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('the reach of a campaign', () => {
  let stage: TestStage;
  let ctx: Context;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage();
    ctx = stage.instance.ctx;
    campaign = await stage.open();
  });

  async function kept() {
    const { rows } = await sql<{
      id: string;
      campaignId: string;
      platform: string;
      consentedAt: Date;
      sealed: Buffer;
      followers: number | null;
    }>`
      select id, campaign_id as "campaignId", platform, consented_at as "consentedAt", sealed, followers from pledge
      where campaign_id = ${campaign.id} order by consented_at`.execute(ctx.db);
    return rows;
  }

  it('is kept of each account in two digits, and nowhere else', async () => {
    await stage.control.createAccounts({ accounts: [{ handle: 'many', followers: 123_456 }] });
    await plainBrowser().join(campaign.url, 'many');
    const [pledge] = await kept();
    expect(pledge?.followers).toBe(120_000);
    const content = pledge && (await openPledge(ctx.vault, ctx.db, pledge));
    expect(Object.keys(content?.account ?? {})).toEqual(['id', 'handle']);
  });

  it('is shown from ten on, rounded', async () => {
    const shown = () =>
      showCampaign(ctx, { slug: campaign.slug, textLocale: () => 'en' }).then(({ reach }) => reach);
    expect(await shown()).toBeNull();
    await sql`
      insert into pledge (id, campaign_id, platform, account_hash, sealed, followers, state, consented_at)
      select gen_random_uuid(), ${campaign.id}, 'x', decode(lpad(n::text, 8, '0'), 'hex'), '\\x', ${1_500}::int, 'active', now()
      from generate_series(1, 9) n`.execute(ctx.db);
    expect(await waitFor(shown)).toBe(130_000);
  });
});
