import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { seedCrowd } from './crowd.ts';
import { needs } from './database.ts';
import { startStage } from './stage.ts';
import { waitFor } from './wait-for.ts';

needs('postgres')('a crowd', () => {
  test('put into the records in bulk posts like people who joined', async () => {
    const stage = await startStage();
    const { ctx } = stage.instance;
    const campaign = await stage.open();
    await seedCrowd(ctx, stage.control, campaign.id, 40);
    await stage.bringForward(campaign);
    const posted = await waitFor(
      async () => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from delivery where state = 'posted'`.execute(ctx.db);
        return rows[0]?.count === 40 && stage.control.posts();
      },
      { what: '40 posts', timeoutMs: 35_000 },
    );
    expect(new Set(posted.map((post) => post.account)).size).toBe(40);
    expect(posted).toHaveLength(40);
  });
});
