import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { reconcileDeliveries } from '../../../src/actions/delivery/reconcile-deliveries.ts';
import type { Context } from '../../../src/context.ts';
import { createDeliveries } from '../../../src/store/shard.ts';
import { needs } from '../../support/database.ts';
import { behindBy } from '../../support/network-time.ts';
import { startRestoreStage } from '../../support/restore-stage.ts';

const HOUR = 3_600_000;

needs('postgres')(
  'a post in doubt when our clock is ahead, and shows the end of the window',
  () => {
    it('A2 is looked for, and sent, until the networks’ clocks show that end', async () => {
      const { first, campaign, network } = await startRestoreStage(['x'], 1);
      const { ctx } = first;
      await createDeliveries(ctx.db, { campaignId: campaign.id, size: 50 }, campaign.moment);
      await sql`update campaign set state = 'firing', moment = now() - interval '3 hours',
      too_late_at = now() - interval '1 hour' where id = ${campaign.id}`.execute(ctx.db);
      /** What one look comes to. */
      const look = async (by: Context) => {
        await sql`update delivery set state = 'unconfirmed', reason = null, settled_at = null, shard_id = null, attempts = 1,
        marked_at = now() - interval '10 minutes', due_at = now()`.execute(ctx.db);
        await reconcileDeliveries(by, { campaignId: campaign.id });
        const { rows } = await sql<{ state: string; is_due: boolean; reason: string | null }>`
        select state, due_at is not null as is_due, reason from delivery`.execute(ctx.db);
        return rows[0];
      };
      const ahead = { ...ctx, networkClock: behindBy(2 * HOUR) };
      const right = { ...ctx, networkClock: behindBy(0) };

      await network('x').control.behaviour({ pathErrorRates: { timeline: { status500: 1 } } });
      expect(await look(ahead)).toEqual({ state: 'unconfirmed', is_due: true, reason: null });
      expect(await look(right)).toEqual({ state: 'unconfirmed', is_due: false, reason: null });
      await network('x').control.behaviour({ pathErrorRates: {} });
      expect(await look(ahead)).toEqual({ state: 'armed', is_due: true, reason: null });
      expect(await look(right)).toMatchObject({ state: 'refused', reason: 'window_expired' });
    });
  },
);
