import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { warmUp } from '../../../../src/actions/delivery/burst/warm-up.ts';
import type { PreparedPost } from '../../../../src/platforms/platform.ts';
import { findCampaign } from '../../../../src/store/campaign.ts';
import { startBurstStage } from '../../../support/burst-stage.ts';
import { needs } from '../../../support/database.ts';
import { insertCampaignRow, insertDeliveries, insertPledges } from '../../../support/rows.ts';

needs('postgres')('a rehearsal', () => {
  it('ends, and writes nothing down', async () => {
    const { ctx } = await startBurstStage();
    const campaignId = await insertCampaignRow(ctx, { state: 'firing' });
    const pledges = await insertPledges(ctx, campaignId, 3);
    await insertDeliveries(ctx.db, campaignId, pledges, { state: 'armed' });
    const campaign = await findCampaign(ctx.db, { id: campaignId });
    const platform = ctx.platforms.get('x');
    if (!campaign || !platform) throw new Error('There is nothing to rehearse with');
    const look = async (): Promise<unknown> =>
      (
        await sql`select (select jsonb_agg(d order by id) from delivery d) as deliveries,
          (select count(*)::int from attempt) as attempts`.execute(ctx.db)
      ).rows;
    const before = await look();
    let posts = 0;
    let disposals = 0;
    const post: PreparedPost = async () => ({ kind: 'posted', id: String(posts++), url: null });
    const rehearsal = async () => ({ post, dispose: () => void disposals++ });
    await warmUp(ctx, { ...platform, startWarmUp: rehearsal }, campaign);
    expect([posts, disposals]).toEqual([5_000, 1]);
    await warmUp(ctx, platform, campaign);
    const { startWarmUp: _, ...without } = platform;
    await warmUp(ctx, without, campaign);
    expect(await look()).toEqual(before);
  });
});
